"""Write guides: save a text, publish it, withdraw it. What the public reads is always a text that was saved before."""

from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import clock, folding, history
from assessments.errors import N_, Conflict, Invalid, NotAllowed, NotFound, NotReady, Version, WrongState
from assessments.guide_checks import (
    LONGEST_BODY,
    LONGEST_LEAD,
    LONGEST_SOURCES,
    LONGEST_TITLE,
    GuideContent,
    Site,
    faults,
)
from assessments.guide_kinds import GuideEnding, GuideStep
from assessments.models import Guide, GuidePublication, GuideText
from assessments.people import Actor, Role
from assessments.queries import guides as queries
from assessments.queries import people

WRITERS = (Role.COORDINATOR, Role.ADMIN)
LONGEST_REASON = 500  # characters
RESERVED = frozenset({"office", "new", "feed"})  # addresses of pages
TEXTS = ("title_vi", "title_en", "lead_vi", "lead_en", "body_vi", "body_en", "sources")
_LIMITS = {"title": LONGEST_TITLE, "lead": LONGEST_LEAD, "body": LONGEST_BODY, "sources": LONGEST_SOURCES}


@dataclass(frozen=True)
class Reason:
    """Why a guide is withdrawn, as the public reads it."""

    vi: str = ""
    en: str = ""


def start(session: Session, actor: Actor, slug: str, content: GuideContent) -> Guide:
    """Begin a guide under an address of small letters, digits and dashes, with its first text; nobody else reads it.

    Refuses others than coordinators and administrators (NotAllowed); an address that cannot be or is taken, and texts
    that are too long (Invalid).
    """
    _require_writer(actor)
    _check_lengths(content)
    if slug != folding.slug(slug, "") or slug in RESERVED:
        raise Invalid(N_("Địa chỉ chỉ gồm chữ thường không dấu, số và gạch nối. Ví dụ: chon-theo-tuoi"))
    guide = Guide(slug=slug, created_by=actor.id)
    try:
        with session.begin_nested():
            session.add(guide)
            session.flush()
    except IntegrityError as error:
        raise Invalid(N_("Đã có bài ở địa chỉ này. Mở bài ấy trong danh sách để sửa.")) from error
    _keep(session, actor, guide, content)
    history.record(session, actor, history.Step(GuideStep.START, note=slug))
    return guide


def save(session: Session, actor: Actor, slug: str, content: GuideContent, seen: int) -> Guide:
    """Keep a text as the newest version; `seen` is the version the person had before them. The public sees no change.

    Saving what stands there already adds nothing. Refuses others than coordinators and administrators (NotAllowed),
    unknown guides (NotFound), texts that are too long (Invalid), and a version that is not the newest any more
    (Conflict, with both texts).
    """
    _require_writer(actor)
    _check_lengths(content)
    guide = _held(session, slug)
    newest = queries.text_of(session, guide)
    if queries.content_of(newest) == content:
        return guide
    if guide.version != seen:
        raise Conflict(
            N_("Người khác vừa lưu bài này. Chưa có gì bị ghi đè."),
            theirs=Version(
                _fields(queries.content_of(newest)), people.name_of(session, newest.saved_by), newest.saved_at
            ),
            yours=Version(_fields(content), actor.name),
        )
    guide.version += 1
    _keep(session, actor, guide, content)
    return guide


def restore(session: Session, actor: Actor, slug: str, version: int, seen: int) -> Guide:
    """Save an earlier text again as the newest one. Refuses as `save` does, and a version not there (NotFound)."""
    _require_writer(actor)
    earlier = queries.text_of(session, _held(session, slug), version)
    return save(session, actor, slug, queries.content_of(earlier), seen)


def publish(session: Session, actor: Actor, slug: str, version: int, site: Site) -> GuidePublication:
    """Let the public read the text that was saved last, `version`, in place of what stands there now.

    Whoever wrote it may publish it; history keeps both names. Refuses others than coordinators and administrators
    (NotAllowed), unknown guides (NotFound), a text with faults (NotReady, with the list), and a version that is not
    the newest any more or is public already (WrongState).
    """
    _require_writer(actor)
    guide = _held(session, slug)
    if guide.version != version:
        raise WrongState(N_("Có bản mới hơn vừa được lưu. Xem lại rồi công bố."))
    text = queries.text_of(session, guide)
    if found := faults(queries.content_of(text), site, slug):
        raise NotReady(found)
    standing = queries.standing_of(session, slug)
    if standing is not None and standing.is_public:
        if standing.publication.version == version:
            raise WrongState(N_("Bản này đã được công bố."))
        _end(session, actor, standing.publication, GuideEnding.REPLACED)
    guide.published += 1
    made = GuidePublication(guide_id=guide.id, number=guide.published, version=version, published_by=actor.id)
    session.add_all([guide, made])
    session.flush()
    history.record(session, actor, history.Step(GuideStep.PUBLISH, note=f"{slug} {version}"))
    return made


def withdraw(session: Session, actor: Actor, slug: str, ending: GuideEnding, reason: Reason) -> GuidePublication:
    """Take a published text away: the one shipped with the site stands again (SHIPPED), or a page says why (GONE).

    The caller knows whether the site ships such a text. Refuses others than coordinators and administrators
    (NotAllowed), unknown guides (NotFound), one that is not public (WrongState), and a page without reasons in both
    languages, or with reasons too long (Invalid).
    """
    _require_writer(actor)
    said = Reason(reason.vi.strip(), reason.en.strip())
    if ending is GuideEnding.GONE and not (said.vi and said.en):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))
    if max(len(said.vi), len(said.en)) > LONGEST_REASON:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_REASON)
    _held(session, slug)
    standing = queries.standing_of(session, slug)
    if standing is None or not standing.is_public:
        raise WrongState(N_("Bài này hiện không được công bố."))
    _end(session, actor, standing.publication, ending, said)
    history.record(session, actor, history.Step(GuideStep.WITHDRAW, note=f"{slug} {ending}"))
    return standing.publication


def _require_writer(actor: Actor) -> None:
    if not actor.roles & set(WRITERS):
        raise NotAllowed


def _held(session: Session, slug: str) -> Guide:
    guide = queries.guide_by_slug(session, slug, lock=True)
    if guide is None:
        raise NotFound
    return guide


def _check_lengths(content: GuideContent) -> None:
    for name in TEXTS:
        longest = _LIMITS[name.split("_")[0]]
        if len(getattr(content, name)) > longest:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=longest)


def _keep(session: Session, actor: Actor, guide: Guide, content: GuideContent) -> None:
    said = {**asdict(content), "tags": list(content.tags), "related": list(content.related)}
    said["checked_on"] = content.checked_on or clock.today()
    session.add_all([guide, GuideText(guide_id=guide.id, version=guide.version, saved_by=actor.id, **said)])
    session.flush()


def _end(
    session: Session, actor: Actor, publication: GuidePublication, ending: GuideEnding, reason: Reason | None = None
) -> None:
    said = reason or Reason()
    publication.ended_by, publication.ended_at, publication.ending = actor.id, clock.now(), ending
    publication.reason_vi, publication.reason_en = said.vi, said.en
    session.add(publication)
    session.flush()


def _fields(content: GuideContent) -> dict[str, str]:
    return {name: getattr(content, name) for name in TEXTS}
