"""The one line at each route that says who may call it. A route without it is refused."""

import hmac
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from flask import Flask, abort, current_app, g, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from assessments import clock
from assessments.appeals import hold
from assessments.errors import N_, NotAllowed, NotFound
from assessments.models import Appeal, Application, Vendor
from assessments.people import Actor, MemberRole, Role
from assessments.policy import (
    AppealPermission,
    AppealStanding,
    Permission,
    Rule,
    Standing,
    is_auditing,
    is_decider,
    is_hearer,
    is_member,
    is_office,
    is_reviewer,
    require,
    require_appeal,
)
from assessments.queries.appeals import appeal_by_number
from assessments.queries.applications import application_by_ref
from assessments.queries.hearings import standing_to
from assessments.queries.standings import standing_of
from registry import db, links

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]

DECLARED = "__access__"
PUBLIC = "public"
OPEN_ENDPOINTS = {"static"}
LEFT = N_("Hồ sơ này không còn mở với bạn: hồ sơ đã sang bước khác, hoặc bạn không còn tham gia. Chưa có gì được ghi.")
UPLOAD_SECONDS = 12 * 3600  # how long a page with an upload form may stay open


def me() -> Actor:
    """The person signed in; whoever is not is asked to sign in and comes back."""
    if not current_user.is_authenticated:
        abort(401)
    return cast("Actor", current_user)


def standing() -> Standing:
    """How the person stands to the application of this request."""
    found: Standing = g.standing
    return found


def desk(ref: str, criterion: str = "") -> str:
    """Where the person reads the file of this request: the bench, a decision, a hearing, an audit, the office, or the
    company's own page; "" for nobody of these.
    """
    found = standing()
    if is_reviewer(found):
        return url_for("reviews.show", ref=ref, c=criterion or None)
    anchor = f"c-{criterion}" if criterion else None
    places: tuple[tuple[Rule, Callable[[], str]], ...] = (
        (is_member, lambda: url_for("applications.show", ref=ref)),
        (is_decider, lambda: url_for("decisions.show", ref=ref, _anchor=anchor)),
        (is_hearer, lambda: url_for("appeals.hearings")),
        (is_auditing, lambda: url_for("audit.show", ref=ref)),
        (is_office, lambda: url_for("intake.show", ref=ref)),
    )
    return next((address() for rule, address in places if rule(found)), "")


def public(view: View[P, R]) -> View[P, R]:
    """Anyone, with nothing known about them: no cookie is read or set, and any cache may keep the answer."""
    setattr(view, DECLARED, PUBLIC)
    return view


def open_form(view: View[P, R]) -> View[P, R]:
    """Anyone; a form that needs a token, such as signing in."""
    setattr(view, DECLARED, "open form")
    return view


def for_machines(view: View[P, R]) -> View[P, R]:
    """Machines that watch the site, with the bearer token METRICS_TOKEN; for everyone else there is nothing here."""

    def check() -> None:
        wanted: str = current_app.config["SETTINGS"].metrics_token
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), wanted.encode())
        if not wanted or kind.lower() != "bearer" or not right:
            raise NotFound

    return _guarded(view, "machine:metrics", check)


def signed_in(view: View[P, R]) -> View[P, R]:
    """Anyone with an account, for what is theirs alone."""
    return _guarded(view, "signed in", me)


def role(*roles: Role) -> Callable[[View[P, R]], View[P, R]]:
    """Club people with one of these roles; for everyone else there is nothing here."""

    def check() -> None:
        if not me().roles & set(roles):
            raise NotFound

    return lambda view: _guarded(view, "role:" + "|".join(sorted(roles)), check)


def on_vendor(*roles: MemberRole) -> Callable[[Callable[Concatenate[Vendor, P], R]], View[P, R]]:
    """Members of a company; the view receives it. A contributor where an owner is asked for gets 403."""
    wanted = set(roles) or set(MemberRole)

    def decorate(view: Callable[Concatenate[Vendor, P], R]) -> View[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(_vendor_for(wanted), *args, **kwargs)

        setattr(guarded, DECLARED, "vendor:" + "|".join(sorted(wanted)))
        return guarded

    return decorate


def on_application(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Application, P], R]], View[P, R]]:
    """Load the application named by <ref>, check the policy, hand the view the application.

    Strangers get the 404 of an unknown reference; insiders without the right get 403. Where something will be
    changed the row is held until the request ends.
    """

    def decorate(view: Callable[Concatenate[Application, P], R]) -> View[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            with clock.at(clock.now()):  # judged at the moment it came, however long it waits for the row
                application = _application_for(permission, str(kwargs.pop("ref")))
                return view(application, *args, **kwargs)

        setattr(guarded, DECLARED, f"application:{permission}")
        return guarded

    return decorate


def on_appeal(
    permission: AppealPermission,
) -> Callable[[Callable[Concatenate[Appeal, Application, P], R]], View[P, R]]:
    """Load the appeal named by <number> with its application, check the policy, hand the view both.

    Strangers get the 404 of an unknown number; insiders without the right get 403. Where something will be changed
    the rows of application and appeal are held until the request ends.
    """

    def decorate(view: Callable[Concatenate[Appeal, Application, P], R]) -> View[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            with clock.at(clock.now()):
                appeal, application = _appeal_for(permission, str(kwargs.pop("number")))
                return view(appeal, application, *args, **kwargs)

        setattr(guarded, DECLARED, f"appeal:{permission}")
        return guarded

    return decorate


def appeal_standing() -> AppealStanding:
    """How the person stands to the appeal of this request."""
    found: AppealStanding = g.appeal_standing
    return found


def upload(view: Callable[Concatenate[Vendor, P], R]) -> View[P, R]:
    """Members of a company sending a file: judged by session, origin and the token in the address, before the body.

    The view receives the company. The request's session has been given back, so that nothing is held while bytes come.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        vendor = _vendor_for(set(MemberRole))
        if not _upload_token_holds():
            abort(400)
        db.release()
        return view(vendor, *args, **kwargs)

    setattr(guarded, DECLARED, "upload:vendor")
    return guarded


def upload_on(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Application, P], R]], View[P, R]]:
    """Somebody sending a file to an application: judged as on_application() and upload() do, before the body.

    The view receives the application. The request's session has been given back, and with it the row it held.
    """

    def decorate(view: Callable[Concatenate[Application, P], R]) -> View[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            application = _application_for(permission, str(kwargs.pop("ref")))
            if not _upload_token_holds():
                abort(400)
            db.release()
            return view(application, *args, **kwargs)

        setattr(guarded, DECLARED, f"upload:application:{permission}")
        return guarded

    return decorate


def upload_token(path: str, about: Mapping[str, str]) -> str:
    """The token for one upload address: it holds for this browser's session, this path and these values only."""
    return _upload_signer().dumps(_upload_claim(path, about))


def _upload_token_holds() -> bool:
    about = {name: value for name, value in request.args.items() if name != "token"}
    try:
        claim = _upload_signer().loads(request.args.get("token", ""), max_age=UPLOAD_SECONDS)
    except BadSignature:
        return False
    return bool(claim == _upload_claim(request.path, about))


def _upload_claim(path: str, about: Mapping[str, str]) -> list[Any]:
    return [g.get("login_root") or g.login_session, path, sorted(map(list, about.items()))]


def _upload_signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SETTINGS"].signing_keys, salt=links.purpose("upload"))


def declared(endpoint: str | None) -> str | None:
    """What the view of an endpoint declared; static files are public by nature."""
    if endpoint in OPEN_ENDPOINTS:
        return PUBLIC
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, DECLARED, None)


def init_app(app: Flask) -> None:
    """Refuse what nobody declared."""
    app.before_request(refuse_undeclared)


def refuse_undeclared() -> None:
    """403 for a route without a declaration; unknown workspace addresses ask strangers to sign in first."""
    if request.endpoint is None:
        if _in_workspace(request.path) and not current_user.is_authenticated:
            abort(401)
        return
    if declared(request.endpoint) is None:
        abort(403)


def _in_workspace(path: str) -> bool:
    areas: set[str] | None = current_app.extensions.get("workspace_areas")
    if areas is None:
        kinds: dict[str, set[bool]] = {}
        for rule in current_app.url_map.iter_rules():
            kinds.setdefault(_area(rule.rule), set()).add(declared(rule.endpoint) in {PUBLIC, "open form"})
        areas = current_app.extensions["workspace_areas"] = {a for a, found in kinds.items() if found == {False}}
    return _area(path) in areas


def _area(path: str) -> str:
    return path.split("/", 2)[1]


def _guarded(view: View[P, R], declaration: str, check: Callable[[], Any]) -> View[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        check()
        return view(*args, **kwargs)

    setattr(guarded, DECLARED, declaration)
    return guarded


def _vendor_for(wanted: set[MemberRole]) -> Vendor:
    memberships = me().memberships
    if not memberships:
        raise NotFound
    vendor_id, found = next(iter(memberships.items()))
    if found not in wanted:
        raise NotAllowed
    return db.session().get_one(Vendor, vendor_id)


def _application_for(permission: Permission, ref: str) -> Application:
    actor = me()
    session = db.session()
    application = application_by_ref(session, ref, lock=request.method not in db.READING)
    if application is None:
        raise NotFound
    g.standing = standing_of(session, actor, application)
    try:
        require(g.standing, permission)
    except NotFound as refusal:
        raise _left(g.standing) if request.method not in db.READING else refusal from None
    return application


def _left(standing: Standing) -> NotFound:
    """The same 404, with a word for whoever had the file open until just now: they have said how they stand to it."""
    return NotFound(LEFT if standing.declared is not None else "")


def _appeal_for(permission: AppealPermission, number: str) -> tuple[Appeal, Application]:
    actor = me()
    session = db.session()
    found = appeal_by_number(session, number)
    if found is None:
        raise NotFound
    appeal, application = found
    if request.method not in db.READING:
        hold(session, appeal)
    g.appeal_standing = standing_to(session, actor, appeal, application)
    g.standing = g.appeal_standing.application
    require_appeal(g.appeal_standing, permission)
    return appeal, application
