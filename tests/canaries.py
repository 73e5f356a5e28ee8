"""The life of an application among people whose names, and words, are found nowhere else; and who may find which."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

from flask import Flask
from PIL import Image, PngImagePlugin
from sqlmodel import select

from assessments import (
    appeals,
    applications,
    assignments,
    audit,
    cases,
    clock,
    committee,
    complaints,
    consensus,
    corrections,
    decisions,
    declarations,
    findings,
    hearings,
    intake,
    interests,
    misuse,
    notes,
    questions,
    reviews,
    rulings,
    test_records,
)
from assessments.models import Answer, Appeal, Application, Review
from assessments.people import InterestKind
from assessments.queries.appeals import appealable
from assessments.queries.consensus import applicable_criteria
from assessments.queries.findings import still_open
from assessments.queries.questions import APART
from assessments.queries.seats import statement_of
from assessments.queries.submissions import latest
from assessments.readiness import CHECKLIST
from assessments.recourse import ComplaintSubject, Ground, MisuseKind, Ruling
from assessments.states import AuditKind, Outcome, Severity
from registry.accounts.models import User
from registry.company import exports
from tests import drafting, evaluation, matrix, reporting
from tests.deciding import ISSUER
from tests.world import World

# Kinds of people, each with somebody; those who speak English read English pages.
KINDS = {
    "anonymous": None,
    "owner": "an",
    "contributor": "anh",
    "other vendor": "bao",
    "lead reviewer": "dung",
    "reviewer": "ha",
    "reviewer who stood aside": "nga",
    "unassigned reviewer": "oanh",
    "conflicted reviewer": "khanh",
    "proposer": "giang",
    "confirmer": "hung",
    "conflicted decider": "quang",
    "coordinator": "chi",
    "auditor": "lan",
    "auditor not asked yet": "tam",
    "impartiality committee": "phuc",
    "admin": "minh",
    "hearer": "son",
    "second hearer": "loc",
}
ENGLISH = ("an", "ha", "giang", "phuc", "son")
TEAM, WRITERS = ("dung", "ha", "nga"), ("dung", "ha")
JUDGES = {"dung", "ha", "nga", "oanh", "khanh", "giang", "hung", "quang", "son", "loc"}
REVIEWERS = {"dung", "ha", "nga", "oanh"}
NAMED = "hung"  # has agreed to be named on the public page of the committee, and nowhere else

COMPANY = {"owner", "contributor"}
OUTSIDE = {"anonymous", "other vendor", *COMPANY}
STRANGERS = {
    *("anonymous", "other vendor", "reviewer who stood aside", "unassigned reviewer", "conflicted reviewer"),
    *("conflicted decider", "auditor not asked yet", "impartiality committee", "admin"),
}
COMPLAINTS = {"auditor", "auditor not asked yet", "impartiality committee"}
CODE = "TL-01"  # the criterion of which most is written: the one whose address is guessed
CLAIM, ASIDE, REJECTED, COMPLAINED, REACHED = "trinhbayzq", "dungngoaizq", "khongthuanzq", "khieunaizq", "lienhezq"
AUDITED, DISAGREED, MISUSED, REACHED_TOO = "kiemtrazq", "batdongzq", "dungsaizq", "baolaizq"
TRIAGE = {"coordinator", "auditor", "auditor not asked yet"}  # whom concerns go to


@dataclass
class Cast:
    """Everybody under a name that stands nowhere else, the file they work on, and how far it is."""

    app: Flask
    world: World
    people: dict[str, User]
    application: Application
    final: bool = False  # all reviews that count
    released: bool = False  # the comments to the company
    said: set[str] = field(default_factory=set)  # who has said that they have no interest

    def identity(self, name: str) -> set[str]:
        """What would give somebody away."""
        person = self.people[name]
        return {f"{name}zq7", f"{name}zq8@", str(person.id), person.id.hex}


def cast_of(app: Flask, world: World) -> Cast:
    """Hạt Nắng's draft, ready to be handed in; everybody under their canary names."""
    people = {**vars(world), **matrix.newcomers(world)}
    named = {name: people[name] for name in KINDS.values() if name}
    for name, person in named.items():
        person.name, person.email = f"Kín {name}zq7", f"{name}zq8@club.example"
        person.language = "en" if name in ENGLISH else "vi"
        world.session.add(person)
    application = drafting.ready(world)
    for answer in world.session.exec(select(Answer).where(Answer.application_id == application.id)).all():
        answer.claim = f"Đã có: {CLAIM}."
        world.session.add(answer)
    world.session.commit()
    return Cast(app, world, named, application)


def letter_of(cast: Cast, name: str) -> str:
    """Under which letter somebody reviews."""
    question = select(Review.letter).where(Review.reviewer_id == cast.people[name].id)
    return cast.world.session.exec(question).one()


def written(name: str) -> dict[str, str]:
    """What a reviewer writes, by who may read it."""
    return {"rationale": f"lydo{name}zq", "panel_only": f"hoidong{name}zq", "to_vendor": f"guidonvi{name}zq"}


def own_words(name: str) -> set[str]:
    """What a reviewer writes for nobody but the team."""
    return {f"lydo{name}zq", f"hoidong{name}zq", f"ghichu{name}zq", f"tuthu{name}zq", f"hinh{name}zq", f"cu{name}zq"}


def asked_by(name: str) -> set[str]:
    """What a reviewer asks the company, and its answer: the other reviewers read both once all are final."""
    return {f"hoi{name}zq", f"dap{name}zq"}


def secrets_from(cast: Cast, kind: str) -> set[str]:
    """What this kind of person must not find, at this moment."""
    own = KINDS[kind] or ""
    return (_names(cast, kind) | _words(cast, kind)) - _about(cast, own)


def _about(cast: Cast, own: str) -> set[str]:
    if not own:
        return set()
    mine = {ASIDE} if own == "nga" else {REJECTED} if own == "hung" else {DISAGREED} if own == "loc" else set()
    return cast.identity(own) | own_words(own) | asked_by(own) | set(written(own).values()) | mine


def _names(cast: Cast, kind: str) -> set[str]:
    """Companies and the public learn nobody's name; reviewers no judge's; deciders and hearers no reviewer's."""
    if kind in OUTSIDE or "reviewer" in kind:
        hidden = JUDGES
    elif kind in {"proposer", "confirmer", "conflicted decider", "hearer", "second hearer"}:
        hidden = REVIEWERS
    else:
        hidden = set()
    return set().union(*(cast.identity(one) for one in hidden))


def _words(cast: Cast, kind: str) -> set[str]:
    """Scores and their reasons before all are final; to companies, strangers and those who stood aside, ever."""
    outside = kind in STRANGERS | COMPANY or not reads(cast, kind)
    hidden = {CLAIM} if kind in STRANGERS or not reads(cast, kind) else set()
    for name in WRITERS:
        if outside or not cast.final:
            hidden |= own_words(name)
        if (kind in COMPANY and not cast.released) or (kind not in COMPANY and outside) or not cast.final:
            hidden.add(written(name)["to_vendor"])
        if kind not in COMPANY and (outside or not cast.final):
            hidden |= asked_by(name)
    hidden |= set() if kind in COMPLAINTS else {COMPLAINED, REACHED}
    hidden |= {REACHED_TOO} if kind == "coordinator" else {MISUSED, REACHED_TOO}  # sealed until it is in hand
    hidden |= {reporting.REACHED, reporting.CODE} | (set() if kind in TRIAGE else reporting.WORDS)
    if kind in OUTSIDE or "reviewer" in kind:
        hidden |= {ASIDE, REJECTED, AUDITED, DISAGREED}
    return hidden | ({REACHED} if kind in COMPLAINTS else set())  # sealed until somebody has it in hand


def reads(cast: Cast, kind: str) -> bool:
    """Whether the file is open to somebody by now: to whoever is asked for a word only once they have given it."""
    return kind in COMPANY | {"coordinator"} or KINDS[kind] in cast.said


# --- the way ---


def hand_in(cast: Cast) -> None:
    """Handed in, accepted, given to three; the office hears of Quang's shares; Hùng agrees to be named."""
    session, chi = cast.world.session, cast.people["chi"]
    applications.submit(session, cast.world.an, cast.application)
    intake.accept(session, chi, cast.application, CHECKLIST)
    team = tuple(cast.people[one].id for one in TEAM)
    due_on = clock.today() + timedelta(days=20)
    assignments.assign(session, chi, cast.application, assignments.Team(team, team[0], due_on, "Đủ người."))
    entry = interests.Entry(InterestKind.FAMILY, clock.today(), vendor_id=cast.world.hat_nang.id)
    interests.report(session, chi, cast.people["quang"].id, entry, "Thư gửi văn phòng.")
    hung = cast.people[NAMED]
    committee.refresh(session, hung.id)
    committee.agree(session, hung, statement_of(session, hung.id).mark)


def declare(cast: Cast, *names: str) -> None:
    """They have no interest."""
    for name in names:
        declarations.declare(cast.world.session, cast.people[name], cast.application, has_interest=False)
        cast.said.add(name)


def score(name: str) -> Callable[[Cast], None]:
    """Somebody scores everything, asks, notes, tests, changes their mind once, and makes it final."""

    def act(cast: Cast) -> None:
        session, person, application = cast.world.session, cast.people[name], cast.application
        declare(cast, name)
        codes = [criterion.code for criterion in applicable_criteria(session, application)]
        letter, words = letter_of(cast, name), written(name)
        others = " ".join(f"{one}-1" for one in "ABC" if one != letter)  # tests of others are not theirs to give
        asked = questions.ask(session, person, application, CODE, f"Bản nào đã được thử? hoi{name}zq")
        with clock.at(clock.now() + 2 * APART * (1 + WRITERS.index(name))):
            questions.tell(session, application)
        questions.answer(session, cast.world.an, application, asked.id, f"Bản 5.2. dap{name}zq")
        piece = handed_in_piece(cast)
        notes.add(session, person, application, piece, notes.Remark(1, CODE, f"ghichu{name}zq"))
        facts = evaluation.tested(CODE)
        facts = test_records.Facts(**{**vars(facts), "result": f"tuthu{name}zq"})
        record = test_records.add(session, person, application, facts)
        session.commit()
        send_picture(cast, name, str(record.id))
        for code in codes:
            mark = "2" if name == "ha" else "3"
            first = reviews.Marking(mark, None, f"cu{name}zq")
            row = reviews.save_score(session, person, application, code, first, 0)
            if code == CODE:
                marking = reviews.Marking(mark, None, **{**words, "to_vendor": f"{words['to_vendor']} {others}"})
                reviews.save_score(session, person, application, code, marking, row.version)
        reviews.finish(session, person, application)

    return act


def handed_in_piece(cast: Cast) -> UUID:
    """A piece of what was handed in."""
    found = latest(cast.world.session, cast.application.id)
    assert found is not None
    return next(UUID(piece["id"]) for answer in found.content["answers"].values() for piece in answer["evidence"])


def send_picture(cast: Cast, name: str, record: str) -> None:
    """A picture of somebody's own test, with their name in its own name and in what it says of itself."""
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", f"{name}zq7")
    about.add_text("Comment", f"hinh{name}zq")
    image = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(image, "PNG", pnginfo=about)
    browser = cast.app.test_client()
    browser.sign_in(cast.people[name])
    page = browser.get(f"/evidence/{cast.application.ref}/test-records/{record}/files/new")
    action = re.search(r'action="([^"]*/files\?token=[^"]*)"', page.text)
    assert action
    data = {"promise": "y", "file": (io.BytesIO(image.getvalue()), f"anh-{name}zq7-hinh{name}zq.png")}
    assert browser.post(unescape(action[1]), data=data).status_code == 303


def leave_out(cast: Cast) -> None:
    """Nga says that she has an interest: the two others are enough."""
    kind = InterestKind.FAMILY
    declarations.declare(cast.world.session, cast.people["nga"], cast.application, True, kind, ASIDE)  # noqa: FBT003
    cast.final = True


def lead_of(cast: Cast) -> User:
    """Whoever leads."""
    lead = cast.world.session.exec(select(Review).where(Review.lead)).one()
    return next(one for one in cast.people.values() if one.id == lead.reviewer_id)


def ask_correction(cast: Cast) -> None:
    """A finding goes to the company, with what the reviewers wrote to it."""
    session, lead = cast.world.session, lead_of(cast)
    findings.raise_finding(session, lead, cast.application, CODE, findings.Wording(Severity.MINOR, "Thiếu ngày đo."))
    findings.ask_correction(session, lead, cast.application)
    cast.released = True


def recommend(cast: Cast) -> None:
    """Answered, agreed, checked by the company, and before the committee."""
    session, person, application = cast.world.session, lead_of(cast), cast.application
    for finding in still_open(session, application.id):
        answer = corrections.FindingAnswer("Đã bổ sung.", finding.answer_version)
        corrections.save_answers(session, cast.world.an, application, {finding.id: answer})
    corrections.answer_correction(session, cast.world.an, application)
    for finding in still_open(session, application.id):
        findings.close(session, person, application, finding.id, "Đã rõ.")
    for criterion in applicable_criteria(session, application):
        agreement = consensus.Agreement("3", "Đã thống nhất.")
        consensus.agree(session, person, application, criterion.code, agreement, 0)
    texts = consensus.Texts("Bản tóm tắt.", "The summary.", (("Giới hạn.", "A limit."),))
    consensus.write_recommendation(session, person, application, texts, 0)
    consensus.ask_facts_check(session, person, application)
    corrections.check_facts(session, cast.world.an, application)
    consensus.recommend(session, person, application)
    declare(cast, "giang", "hung")


def propose(cast: Cast) -> None:
    """Proposed, disagreed with, proposed again."""
    session, application = cast.world.session, cast.application
    wanted = decisions.Wanted("Đo lại mỗi năm.", "Measure every year.", clock.today() + timedelta(days=90))
    for _ in range(2):
        proposing = decisions.Proposing(Outcome.CERTIFY, "L1", conditions=(wanted,))
        proposal = decisions.propose(session, cast.people["giang"], application, proposing)
        if proposal.number == 1:
            decisions.reject(session, cast.people["hung"], application, proposal.number, REJECTED)


def confirm(cast: Cast) -> None:
    """Certified; Lan reads the file, writes a note and takes it away; the company takes its own; somebody complains."""
    session, lan = cast.world.session, cast.people["lan"]
    decisions.confirm(session, cast.people["hung"], cast.application, 2, ISSUER)
    audit.declare(session, lan, cast.application, has_interest=False)
    cast.said.add("lan")
    audit.write_note(session, lan, cast.application, audit.Words(AuditKind.OBSERVATION, AUDITED))
    cases.request(session, lan, cast.application, "vi")
    exports.request(session, cast.world.an, cast.world.hat_nang)
    said = complaints.Said(ComplaintSubject.REVIEWERS, COMPLAINED, cast.application.ref, REACHED)
    complaints.receive(session, uuid4(), "AAAA-BBBB-CCCC", said, lambda text, _place: text[::-1])
    seen = misuse.Said(MisuseKind.OTHER, MISUSED, text=MISUSED, contact=REACHED_TOO)
    misuse.receive(session, uuid4(), "DDDD-EEEE-FFFF", seen, lambda text, _place: text[::-1])
    reporting.report(session, cast.people["chi"], cast.application.product_id)


def notice(cast: Cast) -> None:
    """Minded to decline: the company is heard."""
    session, giang = cast.world.session, cast.people["giang"]
    proposing = decisions.Proposing(Outcome.DECLINE, None, "Chưa đủ.", "Not enough.")
    proposal = decisions.propose(session, giang, cast.application, proposing)
    decisions.give_notice(session, giang, cast.application, proposal.number, ("Chưa đủ.", "Not enough."))


def decline(cast: Cast) -> None:
    """The company has commented; declined."""
    session, application = cast.world.session, cast.application
    corrections.comment_on_notice(session, cast.world.an, application, "Đề nghị xem lại.")
    proposing = decisions.Proposing(Outcome.DECLINE, None, "Chưa đủ.", "Not enough.")
    proposal = decisions.propose(session, cast.people["giang"], application, proposing)
    decisions.confirm(session, cast.people["hung"], application, proposal.number, ISSUER)


def appeal_of(cast: Cast) -> Appeal:
    """The only one."""
    return cast.world.session.exec(select(Appeal)).one()


def appeal(cast: Cast) -> None:
    """Lodged, acknowledged, given to two who have said that they have no interest; the first ruling finds no second."""
    session, chi, an = cast.world.session, cast.people["chi"], cast.world.an
    chosen = appealable(session, cast.application)[0]
    lodging = appeals.Lodging((Ground.FACTS,), "Báo cáo không được đọc.", "Xem lại.")
    lodged = appeals.lodge(session, an, cast.application, chosen.seq, lodging)
    appeals.acknowledge(session, chi, lodged)
    hearers = [cast.people[one] for one in ("son", "loc")]
    hearings.assign(session, chi, lodged, [one.id for one in hearers])
    for name, person in zip(("son", "loc"), hearers, strict=True):
        hearings.declare(session, person, lodged)
        cast.said.add(name)
    ruled = rulings.Ruled(Ruling.CONFIRMED, "Đúng.", "Right.")
    ruling = rulings.propose(session, hearers[0], lodged, ruled)
    rulings.reject(session, hearers[1], lodged, ruling.number, DISAGREED)


def set_aside(cast: Cast) -> None:
    """The decision falls: others decide."""
    session, lodged = cast.world.session, appeal_of(cast)
    ruled = rulings.Ruled(Ruling.SET_ASIDE, "Sai.", "Wrong.")
    ruling = rulings.propose(session, cast.people["son"], lodged, ruled)
    rulings.confirm(session, cast.people["loc"], lodged, ruling.number)
    cast.said -= {"giang", "hung"}  # what they did is set aside: the file is closed to them


Way = tuple[tuple[str, Callable[[Cast], None]], ...]
BEFORE: Way = (
    ("handed in and assigned", hand_in),
    ("one review is final", score("dung")),
    ("two are final, one person has not answered", score("ha")),
    ("all that count are final", leave_out),
    ("correction asked", ask_correction),
    ("before the committee", recommend),
)
TO_THE_CERTIFICATE: Way = (*BEFORE, ("proposed", propose), ("certified", confirm))
TO_THE_APPEAL: Way = (("minded to decline", notice), ("declined", decline), ("heard", appeal), ("set aside", set_aside))
