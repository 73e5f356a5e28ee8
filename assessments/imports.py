"""What a vendor does with a document: compare it with a draft, and take over the parts that were chosen, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import Session, select

from assessments import answers, applications, evidence, interchange
from assessments.applications import CHANGED, DRAFTING
from assessments.errors import Conflict, Version
from assessments.interchange import Change, Difference, Document, Given, Link, Present
from assessments.models import Application, Vendor
from assessments.people import Actor
from assessments.profile import DENIED, Profile
from assessments.queries import applications as rows
from assessments.queries.answers import Piece, answers_of, evidence_by_criterion, library_of
from assessments.states import State

OPEN = (Change.NEW, Change.CHANGED)


@dataclass(frozen=True)
class Chosen:
    """What a person wants of a document: the places of its parts, and the notes by the criterion they go to."""

    document: Document
    places: frozenset[str]
    notes: Mapping[int, str] = field(default_factory=dict)  # number of a note of the document -> criterion

    def whole(self, now: Present) -> Document:
        """The document with its notes written below the answers they were given to: its own, else those of now."""
        given = dict(self.document.answers)
        for code in set(self.notes.values()):
            if f"answer:{code}" not in self.places or code not in given:
                given[code] = now.answers.get(code, Given())
        for number, code in sorted(self.notes.items()):
            told = self.document.notes[number].text
            given[code] = replace(given[code], claim="\n\n".join(filter(None, (given[code].claim, told))))
        return replace(self.document, answers=given)


@dataclass(frozen=True)
class Done:
    """How many parts were taken over."""

    fields: int = 0
    answers: int = 0
    links: int = 0


def present(session: Session, application: Application) -> Present:
    """What a draft holds now, as documents are compared with it."""
    given = {
        code: Given(one.claim, one.not_applicable, one.not_applicable_reason)
        for code, one in answers_of(session, application.id).items()
    }
    used = {
        (code, piece.evidence.url or "")
        for code, found in evidence_by_criterion(session, application.id).items()
        for piece in found
    }
    correcting = application.state is State.CORRECTION
    return Present(
        profile=application.profile,
        answers=given,
        links=used | library_links(session, application.vendor_id),
        profile_open=not correcting,
        open_answers=answers.named_in_correction(session, application) if correcting else None,
    )


def library_links(session: Session, vendor_id: UUID) -> set[tuple[str, str]]:
    """The addresses in a company's library, as a document's links without a criterion."""
    return {("", piece.evidence.url) for piece in library_of(session, vendor_id) if piece.evidence.url}


def document_of(session: Session, application: Application) -> Document:
    """Everything a draft says, as a document: profile, answers, and the public addresses beside them."""
    kept = (*Profile.__dataclass_fields__, DENIED)
    profile = {name: application.profile[name] for name in kept if application.profile.get(name)}
    links = [
        Link(code, piece.evidence.url, piece.evidence.title, piece.evidence.kind, piece.evidence.language)
        for code, found in sorted(evidence_by_criterion(session, application.id).items())
        for piece in found
        if piece.evidence.url
    ]
    given = present(session, application).answers
    return Document(application.edition_id, profile, dict(sorted(given.items())), tuple(links))


def apply(session: Session, actor: Actor, application: Application, chosen: Chosen, seen: str) -> Done:
    """Take over the chosen parts of a document, all of them or none.

    `seen` is interchange.fingerprint() of what the person was shown: when somebody has written there since, nothing
    is taken over (Conflict). Refuses strangers (NotFound), a locked application (WrongState), and parts that the verbs
    of the profile, the answers and the evidence refuse.
    """
    applications.require_open(session, actor, application, (*DRAFTING, State.CORRECTION))
    now = present(session, application)
    if interchange.fingerprint(chosen.document, now) != seen:
        raise Conflict(CHANGED, Version({}), Version({}))
    return _take(session, actor, application, chosen, now)


def has_all(session: Session, application: Application, chosen: Chosen) -> bool:
    """Whether a draft holds every chosen part already, notes included: what a second click finds."""
    now = present(session, application)
    open_places = {one.place for one in interchange.differences(chosen.document, now) if one.change is not Change.SAME}
    told = ((code, chosen.document.notes[number].text) for number, code in chosen.notes.items())
    return not open_places & chosen.places and all(text in now.answers.get(code, Given()).claim for code, text in told)


def begin(
    session: Session, actor: Actor, vendor_id: UUID, what: applications.Beginning, chosen: Chosen
) -> tuple[Application, Done]:
    """Open a draft about a new product and fill it with the chosen parts; refuses as start() and apply() do."""
    application = applications.start(session, actor, vendor_id, what)
    return application, _take(session, actor, application, chosen, present(session, application))


def hold_and_find_newest(session: Session, vendor_id: UUID) -> Application | None:
    """The application a company began last, and nobody else can begin one for it until the transaction ends."""
    session.exec(select(Vendor.id).where(Vendor.id == vendor_id).with_for_update()).one()
    return rows.newest(session, vendor_id)


def _take(session: Session, actor: Actor, application: Application, chosen: Chosen, now: Present) -> Done:
    whole = chosen.whole(now)
    wanted = [one for one in interchange.differences(whole, now) if one.change in OPEN and _is_chosen(one, chosen)]
    fields = [one for one in wanted if one.place.startswith("profile:")]
    changes = {name: whole.profile[name] for one in fields for name in interchange.fields_of(one.place)}
    if changes:
        applications.save_profile(session, actor, application, changes, applications.seen(application, changes))
    codes = [one.place.partition(":")[2] for one in wanted if one.place.startswith("answer:")]
    _answer(session, actor, application, whole, codes)
    links = [one.new for one in wanted if one.place.startswith("link:")]
    _link(session, actor, application, links)
    return Done(len(fields), len(codes), len(links))


def _is_chosen(one: Difference, chosen: Chosen) -> bool:
    return one.place in chosen.places or one.place.partition(":")[2] in chosen.notes.values()


def _answer(session: Session, actor: Actor, application: Application, whole: Document, codes: Iterable[str]) -> None:
    versions = {code: one.version for code, one in answers_of(session, application.id).items()}
    for code in codes:
        claim, excused, reason = whole.answers[code].words
        draft = answers.Draft(claim, excused, reason, version=versions.get(code, 0))
        answers.save(session, actor, application, code, draft)


def _link(session: Session, actor: Actor, application: Application, links: Iterable[Link]) -> None:
    known = {piece.evidence.url: piece for piece in library_of(session, application.vendor_id) if piece.evidence.url}
    for link in links:
        found = known.get(link.url)
        if found is None:
            facts = evidence.Facts(link.kind, link.title, language=link.language)
            found = Piece(evidence.add_link(session, actor, application.vendor_id, link.url, facts), None)
            known[link.url] = found
        if link.criterion:
            answers.attach(session, actor, application, link.criterion, found.evidence)
