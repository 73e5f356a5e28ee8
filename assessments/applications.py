"""What a vendor does with an application: start it, write its profile, accept the agreement, hand it in, withdraw."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from assessments import agreement, clock, editions, history, profile, reading, versions
from assessments.errors import N_, Conflict, Invalid, NotFound, Version, WrongState
from assessments.folding import slug
from assessments.models import (
    AgreementAcceptance,
    Answer,
    AnswerEvidence,
    AnswerText,
    Application,
    Certificate,
    Product,
    Submission,
    Vendor,
)
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import answers, applications, people, rounds, submissions
from assessments.queries.behind import answers_behind
from assessments.queries.certificates import current_of
from assessments.queries.evidence import newest_of
from assessments.queries.renewals import open_about
from assessments.queries.standings import standing_of
from assessments.states import Action, Event, Kind, ScanState, State
from assessments.versions import BY_HAND, Saving
from assessments.workflow import move
from criteria import store
from criteria.compare import origins
from criteria.digest import digest

Row = TypeVar("Row", Application, Product)

DRAFTING = (State.DRAFT, State.RETURNED)
TRIES = 10  # how often a reference is asked for again when somebody was faster
LOCKED = N_("Nội dung hồ sơ đang khóa nên không sửa được. Tải lại trang để xem việc có thể làm.")
RUNS = N_("Sản phẩm này đang có hồ sơ %(ref)s cùng loại chưa xong. Làm tiếp hồ sơ đó.")
CHANGED = N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè.")


@dataclass(frozen=True)
class Beginning:
    """What an application starts from: a product of the company, or the names of a new one.

    `after` is the application whose profile and answers it begins with; without it, the newest about the product.
    `newest` is the reference of what the company had begun last when its page was opened ("" for nothing yet): one of
    the same name that the same person has begun since is what they mean, for a button is easily pressed twice.
    """

    edition_id: str
    product_id: UUID | None = None
    name_vi: str = ""
    name_en: str = ""
    kind: Kind = Kind.INITIAL
    after: UUID | None = None
    newest: str | None = None


def start(session: Session, actor: Actor, vendor_id: UUID, what: Beginning) -> Application:
    """Open a draft for a company the actor belongs to; its profile and answers begin as those of the last time.

    Refuses strangers (NotFound), an edition not usable for new work (WrongState, Invalid), another company's product
    (NotFound), a product with an application of that kind that is not over, or the same button pressed twice (both
    WrongState with the `ref`), and a first application of a product whose certificate stands (WrongState): see
    renewals.start.
    """
    if vendor_id not in actor.memberships:
        raise NotFound
    edition = editions.require_usable(session, what.edition_id)
    _refuse_again(session, actor, vendor_id, what)
    product = _product(session, vendor_id, what)
    before = _before(session, product, what)
    texts = dict(before.profile) if before else {"name_vi": what.name_vi, "name_en": what.name_en}
    application = _draft(session, actor, product, before, kind=what.kind, edition_id=edition.id, profile=texts)
    history.record(session, actor, history.Step(Event.START, to_state=State.DRAFT), application)
    return application


def open_surveillance(
    session: Session,
    actor: Actor,
    certificate: Certificate,
    what: tuple[Collection[str], Mapping[str, Any]],
    reply_by: date,
) -> Application:
    """Open, by the club, the draft in which a company answers a surveillance; it begins as what is certified today.

    `what`: the criteria it is about, and the product's profile. It is under the edition of the certificate, retired or
    not. Refuses a second one beside one that runs (WrongState). The caller has asked whether the actor may. Source:
    ISO/IEC 17065, 7.9.
    """
    product = session.get_one(Product, certificate.product_id)
    _refuse_second(session, product, Kind.SURVEILLANCE)
    before = session.get_one(Application, certificate.application_id)
    fields = {"edition_id": certificate.edition_id, "profile": dict(what[1])}
    due = {"asked": list(what[0]), "due_at": clock.end_of_day(reply_by)}
    application = _draft(session, actor, product, before, kind=Kind.SURVEILLANCE, **fields, **due)
    history.record(session, actor, history.Step(Event.BEGIN_SURVEILLANCE, to_state=State.DRAFT), application)
    return application


def require_open(session: Session, actor: Actor, application: Application, states: Iterable[State] = DRAFTING) -> None:
    """Hold the row and refuse strangers (NotFound) and everybody outside the states of writing (WrongState)."""
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), Permission.EDIT)
    if application.state not in states:
        raise WrongState(LOCKED)


def seen(application: Application, names: Iterable[str]) -> str:
    """A fingerprint of some fields of the draft profile: what a form must send back to save over them."""
    stored = {name: application.profile.get(name) for name in names}
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]


def save_profile(
    session: Session,
    actor: Actor,
    application: Application,
    changes: Mapping[str, Any],
    seen_then: str,
    saving: Saving = BY_HAND,
) -> None:
    """Save some fields of the draft profile, complete or not; the others stay, and so does every earlier text.

    `seen_then` is the fingerprint of these fields when the actor began to write: when somebody has saved the same
    fields since, nothing is overwritten (Conflict, with both texts). People in different fields never meet. Refuses
    (Invalid) longer lists than a profile may hold.
    """
    require_open(session, actor, application)
    if any(isinstance(value, list) and len(value) > profile.MOST_ROWS for value in changes.values()):
        raise Invalid(N_("Nhiều nhất %(most)d dòng. Bỏ bớt rồi lưu lại."), most=profile.MOST_ROWS)
    stored = {name: application.profile.get(name) for name in changes}
    if stored == dict(changes):
        if not saving.auto:
            versions.seal_profile(session, application, changes)
        return
    if not _seen_by(session, application, changes, seen_then, saving):
        raise Conflict(CHANGED, *_both_texts(session, application, stored, changes))
    before = application.profile
    application.profile = {**before, **changes}
    versions.keep_profile(session, actor, application, before, saving)
    application.profile_version += 1
    application.profile_saved_by = actor.id
    application.profile_saved_at = clock.now()
    session.add(application)


def accept_agreement(session: Session, actor: Actor, application: Application, version: str) -> AgreementAcceptance:
    """Record that the owner, by name, accepts the current agreement (ISO/IEC 17065, 4.1.2); once is enough.

    Refuses contributors (NotAllowed) and a version that is no longer the current one (WrongState).
    """
    require_open(session, actor, application)
    require(standing_of(session, actor, application), Permission.SUBMIT)
    if version != agreement.current_version():
        raise WrongState(N_("Thỏa thuận vừa có bản mới. Đọc bản mới rồi chấp nhận lại."))
    found = submissions.acceptance_of(session, application.id)
    if found is not None and found.agreement_version == version:
        return found
    accepted = AgreementAcceptance(
        application_id=application.id,
        agreement_version=version,
        text_digest=agreement.digest(version),
        accepted_by=actor.id,
        accepted_name=actor.name,
    )
    session.add(accepted)
    history.record(session, actor, history.Step(Event.ACCEPT_AGREEMENT, note=version), application)
    return accepted


def submit(
    session: Session, actor: Actor, application: Application, seen: Mapping[str, str] | None = None
) -> Submission:
    """Hand the application in: a numbered snapshot that cannot change, then the move to the club.

    `seen` is submissions.parts() of what the owner has read: when anything is different by now, nothing is handed in
    (Conflict). The first submission pins the edition's digest and takes the open round. Refuses as move() does, and an
    edition that is no longer usable for a first submission.
    """
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), Permission.SUBMIT)
    pinned = application.edition_digest or _digest_to_pin(session, application)
    surveillance = application.kind is Kind.SURVEILLANCE  # waits for no round, and for no day of announcement
    opened = None if surveillance else rounds.open_for(session, application, clock.now())
    submission = take_snapshot(session, actor, application, pinned)
    if seen is not None and application.state in DRAFTING and seen != submissions.parts(submission.content):
        raise Conflict(CHANGED, Version({}), Version({}))
    move(session, actor, application, Action.SUBMIT, note=submission.digest)
    application.edition_digest = pinned
    if opened is not None and application.round_id is None:
        application.round_id = opened.id
    _name_product(session, application)
    session.add(submission)
    session.flush()
    reading.want(session, submission.content)
    return submission


def take_snapshot(session: Session, actor: Actor, application: Application, edition_digest: str) -> Submission:
    """The next numbered snapshot of what the vendor has written; the caller adds it once the step is allowed."""
    before = submissions.latest(session, application.id)
    number = before.number + 1 if before else 1
    content = submissions.content_now(session, application, number, edition_digest)
    return Submission(
        application_id=application.id,
        number=number,
        content=content,
        digest=submissions.digest_of(content),
        submitted_by=actor.id,
        submitted_at=clock.now(),
    )


def withdraw(session: Session, actor: Actor, application: Application, reason: str = "") -> None:
    """End the application at the vendor's wish, any time before the decision; refuses as move() does."""
    move(session, actor, application, Action.WITHDRAW, note=reason)


def _digest_to_pin(session: Session, application: Application) -> str:
    if application.kind is Kind.SURVEILLANCE:  # looks at what was certified, by the edition it was certified under
        return digest(store.load(application.edition_id))
    return digest(editions.require_usable(session, application.edition_id))


def _product(session: Session, vendor_id: UUID, what: Beginning) -> Product:
    if what.product_id is not None:
        found = session.get(Product, what.product_id)
        if found is None or found.vendor_id != vendor_id:
            raise NotFound
        return found
    if not what.name_vi.strip():
        raise Invalid(N_("Nhập tên sản phẩm bằng tiếng Việt."))
    vi, en = what.name_vi, what.name_en
    return _inserted(session, lambda: Product(vendor_id=vendor_id, slug=_free_slug(session, vi), name=vi, name_en=en))


def _before(session: Session, product: Product, what: Beginning) -> Application | None:
    """What the new application begins with; holds the product, so that two people cannot start the same."""
    if what.product_id is None:
        return None
    _refuse_second(session, product, what.kind)
    if what.kind is Kind.INITIAL and product.id in current_of(session, product.vendor_id, clock.today()):
        raise WrongState(
            N_("Sản phẩm này đang có giấy. Lập hồ sơ %(renewal)s khi gần hết hạn, hoặc báo sản phẩm thay đổi.")
        )
    return session.get_one(Application, what.after) if what.after else applications.last_about(session, product.id)


def _refuse_second(session: Session, product: Product, kind: Kind) -> None:
    session.refresh(product, with_for_update=True)
    for one in open_about(session, product.id):
        if one.kind is kind:
            raise WrongState(RUNS, ref=one.ref)


def _refuse_again(session: Session, actor: Actor, vendor_id: UUID, what: Beginning) -> None:
    """Hold the company, so that two clicks at once cannot both find nothing."""
    if what.newest is None or what.product_id is not None:
        return
    session.exec(select(Vendor.id).where(Vendor.id == vendor_id).with_for_update()).one()
    last = applications.newest(session, vendor_id)
    if last is None or last.ref == what.newest or last.state is not State.DRAFT:
        return
    if last.created_by == actor.id and last.profile.get("name_vi") == what.name_vi:
        raise WrongState(RUNS, ref=last.ref)


def _draft(session: Session, actor: Actor, product: Product, before: Application | None, **fields: Any) -> Application:
    """A new draft about a product; with the answers of the application before, where there was one."""
    author = actor.id if product.vendor_id in actor.memberships or before is None else before.profile_saved_by
    saved = {"profile_saved_by": author, "profile_saved_at": clock.now(), "created_by": actor.id}
    about = {"vendor_id": product.vendor_id, "product_id": product.id}
    application = _numbered(session, {**about, **saved, **fields})
    if before is not None:
        _copy_answers(session, actor, before, application)
    return application


def _free_slug(session: Session, name: str) -> str:
    wanted = slug(name, "san-pham")
    taken = applications.slugs_like(session, wanted)
    candidates = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, len(taken) + 2))
    return next(one for one in candidates if one not in taken)


def _numbered(session: Session, fields: Mapping[str, Any]) -> Application:
    """An application under the next free reference of the year."""
    prefix = f"HS-{clock.today().year}-"
    return _inserted(
        session,
        lambda: Application(ref=f"{prefix}{applications.last_number(session, prefix) + 1:04d}", **fields),
    )


def _inserted(session: Session, made: Callable[[], Row]) -> Row:
    """Insert a row whose name must be free; the unique constraint judges, and whoever loses asks for the next."""
    for _ in range(TRIES):
        try:
            with session.begin_nested():
                row = made()
                session.add(row)
        except IntegrityError:
            continue
        return row
    raise WrongState(N_("Nhiều hồ sơ đang được lập cùng lúc. Thử lại sau ít phút."))


def _copy_answers(session: Session, actor: Actor, before: Application, application: Application) -> None:
    """Begin with the answers of the last time, each under the code its criterion has in the edition of this time."""
    last, pieces = answers_behind(session, before, clock.now())
    newest = newest_of(session, before.vendor_id)
    then, edition = store.load(before.edition_id), store.load(application.edition_id)
    codes = {old: new for new, old in origins(then, edition).items()}
    for code, old in last.items():
        new = Answer(
            application_id=application.id,
            criterion=codes.get(code, code),
            claim=old.claim,
            not_applicable=old.not_applicable,
            not_applicable_reason=old.not_applicable_reason,
            version=1,
            saved_by=actor.id,
        )
        session.add(new)
        session.flush()
        session.add(
            AnswerText(
                answer_id=new.id,
                version=1,
                claim=new.claim,
                not_applicable=new.not_applicable,
                not_applicable_reason=new.not_applicable_reason,
                saved_by=actor.id,
            )
        )
        used = {newest.get(one.evidence.id, one.evidence.id) for one in pieces.get(code, ()) if not _is_harmful(one)}
        session.add_all(AnswerEvidence(answer_id=new.id, evidence_id=evidence_id) for evidence_id in used)


def _is_harmful(piece: answers.Piece) -> bool:
    return piece.file is not None and piece.file.scan is ScanState.QUARANTINED


def _name_product(session: Session, application: Application) -> None:
    """The product bears the name of its newest profile."""
    facts = profile.from_dict(application.profile)
    product = session.get_one(Product, application.product_id)
    product.name, product.name_en = facts.name_vi, facts.name_en
    session.add(product)


def _seen_by(
    session: Session, application: Application, names: Mapping[str, Any], seen_then: str, saving: Saving
) -> bool:
    if seen(application, names) == seen_then:
        return True
    return versions.from_the_same_page(saving, versions.page_of_profile(session, application, names))


def _both_texts(
    session: Session, application: Application, stored: Mapping[str, Any], changes: Mapping[str, Any]
) -> tuple[Version, Version]:
    differing = [name for name in changes if changes[name] != stored[name]]
    author = people.name_of(session, application.profile_saved_by)
    theirs = Version({name: as_text(stored[name]) for name in differing}, author, application.profile_saved_at)
    return theirs, Version({name: as_text(changes[name]) for name in differing})


def as_text(value: Any) -> str:
    """A stored value as a line of text, to show two versions of it side by side."""
    if isinstance(value, list | tuple):
        return "; ".join(as_text(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {as_text(inner)}" for name, inner in value.items() if inner not in ("", None))
    return "" if value is None else str(value)
