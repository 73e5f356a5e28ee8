"""Checks and headers on every request, so that no route can forget them."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from assessments import clock
from registry import access, compression, errors, requested, templating

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FORM_BYTES = 2 * 1024 * 1024  # of an ordinary form; uploads set their own limit after they are authorised
MOST_FIELDS = 1000  # of any form; the longest page of ours sends some hundred. Each costs time wherever forms are built
PUBLIC_SECONDS = 60
SIGN_OUT = "accounts.sign_out"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
UNUSED = (  # what browsers can do and no page of ours asks for; passkeys, clipboard and full screen stay open
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # what frame-ancestors says, for browsers that are too old to read it
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in UNUSED),
}

csrf = CSRFProtect()


class CookieOnlyWhereNeeded(SecureCookieSessionInterface):
    """Public pages neither set a cookie nor vary by one, whatever an extension looked at."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave public answers as they are."""
        if access.declared(request.endpoint) != access.PUBLIC:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Cookies, limits, hosts, tokens and headers."""
    settings = app.config["SETTINGS"]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_old),
        WTF_CSRF_SECRET_KEY=settings.signing_keys,
        SESSION_COOKIE_NAME="__Host-vcsc" if settings.secure else "vcsc",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_CHECK_DEFAULT=False,  # refuse_forged_posts asks, so that uploads are checked before their body
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,  # the Origin is checked below, for http and https alike
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.session_interface = CookieOnlyWhereNeeded()
    csrf.init_app(app)
    app.before_request(refuse_foreign_hosts)
    app.before_request(refuse_impossible_addresses)
    app.before_request(refuse_floods)
    app.before_request(refuse_forged_posts)
    app.after_request(add_headers)
    app.add_template_global(csrf_field)


def refuse_foreign_hosts() -> None:
    """400 for a Host that is not ours, before anything else is done: no address of ours can be written for it."""
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception


def refuse_impossible_addresses() -> None:
    """404 for an address with a zero character in it: PostgreSQL cannot even be asked for one."""
    if "\0" in request.path:
        abort(404)


def refuse_floods() -> Response | None:
    """400 for more fields than any form has, counted before they are taken apart and before the sender is looked up.

    Werkzeug counts the parts of multipart forms by itself (MAX_FORM_PARTS), but not the fields of ordinary ones.
    """
    if request.method in SAFE_METHODS or request.mimetype != "application/x-www-form-urlencoded":
        return None
    if request.get_data(parse_form_data=False).count(b"&") <= MOST_FIELDS:
        return None
    requested.because("flood of fields")
    return errors.page(400, message=_("Biểu mẫu có quá nhiều ô. Bỏ bớt dòng rồi gửi lại."))


def refuse_forged_posts() -> None:
    """Other sites may not post here; forms carry a token. Uploads carry theirs in the URL: see evidence."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    refuse_other_sites()
    if not _without_token(access.declared(request.endpoint) or ""):
        _protect()


def _protect() -> None:
    try:
        csrf.protect()
    except CSRFError:
        requested.because("form token")
        raise


def _without_token(declared: str) -> bool:
    """Uploads are asked for theirs later; public forms have no session that could hold one, and change nothing."""
    return declared == access.PUBLIC or declared.startswith("upload:")


def refuse_other_sites() -> None:
    """400 when the browser says that the request comes from another site."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} or (origin and origin not in own_origins()):
        requested.because("other site")
        abort(400)


def own_origins() -> set[str]:
    """How browsers write this site as an origin: as it was asked for, and as the settings have it, scheme included."""
    public = urlsplit(current_app.config["SETTINGS"].public_url)
    return {request.host_url.rstrip("/"), f"{public.scheme}://{public.netloc}".lower()}


def csrf_field() -> Markup:
    """The hidden field every form on our workspace pages carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def add_headers(response: Response) -> Response:
    """What every answer says; pages for everyone may be cached for a minute, never past midnight in Viet Nam."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.headers.get("Access-Control-Allow-Origin") == "*":  # what any site may read, any site may show
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.is_secure or current_app.config["SETTINGS"].secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint == SIGN_OUT:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'  # not cookies: one of ours says goodbye
    if access.declared(request.endpoint) == access.PUBLIC:
        return _cacheable(response)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _cacheable(response: Response) -> Response:
    if request.endpoint == "static":
        return _kept_for_good(response)
    if request.method not in SAFE_METHODS:  # what somebody typed comes back to them alone; "back" may show it again
        response.headers.setdefault("Cache-Control", "private, no-cache")
        request.environ[compression.NO_SECRETS] = True
        return response
    if response.status_code != 200 or response.direct_passthrough:
        return response
    response.headers.setdefault("Cache-Control", f"public, max-age={public_seconds()}")
    body: Any = response.get_data()
    if response.get_etag()[0] is None:  # whoever knows a revision has set one
        response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response


def _kept_for_good(response: Response) -> Response:
    """A file asked for by the version it has now never changes under that address."""
    name = (request.view_args or {}).get("filename", "")
    if response.status_code in {200, 304} and request.args.get("v") == templating.version_of(name):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def public_seconds(most: int = PUBLIC_SECONDS) -> int:
    """How long a public page may be kept: a status can change with the legal day."""
    left = (clock.end_of_day(clock.today()) - clock.now()).total_seconds()
    return max(0, min(most, int(left)))
