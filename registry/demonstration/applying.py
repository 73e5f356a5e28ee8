"""Scenes of the vendor: a draft, its evidence, handing in, answering, withdrawing."""

from datetime import timedelta
from uuid import UUID

from assessments import agreement, answers, applications, corrections, evidence, profile, renewals
from assessments.answers import Draft
from assessments.applications import Beginning
from assessments.clock import today
from assessments.corrections import FindingAnswer
from assessments.queries import findings
from assessments.renewals import Wish
from assessments.states import ChangeKind, Kind
from registry.demonstration import laboratories
from registry.demonstration.fiction import read
from registry.demonstration.papers import FORMS, Form, Paper
from registry.demonstration.profiles import profile_of
from registry.demonstration.stage import Play

WHOLE_COMPANY = ("policy", "legal")  # papers that serve every product of a company
HALF = 2


def start(play: Play) -> None:
    """Open a draft."""
    name_vi, name_en = play.fiction.name
    beginning = Beginning(play.stage.edition.id, name_vi=name_vi, name_en=name_en)
    play.application = applications.start(play.session, play.owner, play.vendor.id, beginning)


def write(play: Play) -> None:
    """Fill the profile and answer every criterion."""
    _profile(play)
    _answers(play, len(play.criteria))


def write_half(play: Play) -> None:
    """Fill what one knows, and answer half of the criteria; the colleague helps."""
    _profile(play)
    _answers(play, len(play.criteria) // HALF)


def hand_in(play: Play) -> None:
    """Accept the agreement and submit."""
    applications.accept_agreement(play.session, play.owner, play.file, agreement.current_version())
    applications.submit(play.session, play.owner, play.file)


def withdraw(play: Play) -> None:
    """End it before the decision."""
    applications.withdraw(play.session, play.owner, play.file, play.fiction.withdrawal)


def check_facts(play: Play) -> None:
    """Read the public summary and find its facts right."""
    corrections.check_facts(play.session, play.owner, play.file)


def answer_correction(play: Play) -> None:
    """Answer every finding of the round and send the correction."""
    asked = findings.of_round(play.session, play.file.id, play.file.correction_round)
    replies = {
        finding.id: FindingAnswer(reply, finding.answer_version)
        for finding, reply in zip(asked, play.fiction.replies, strict=True)
    }
    corrections.save_answers(play.session, play.owner, play.file, replies)
    corrections.answer_correction(play.session, play.owner, play.file)


def comment(play: Play) -> None:
    """Say something to the notice before a decline."""
    corrections.comment_on_notice(play.session, play.owner, play.file, play.fiction.comment)


def renew(play: Play, number: str, note: str) -> None:
    """Begin a renewal of a certificate, and confirm what carries over without looking at it one by one."""
    wish = Wish(Kind.RENEWAL, number, (ChangeKind.VERSION, ChangeKind.DATA), note)
    renewal = renewals.start(play.session, play.owner, play.vendor.id, play.stage.edition.id, wish)
    renewals.confirm_rest(play.session, play.owner, renewal)


def _profile(play: Play) -> None:
    began = today() - timedelta(days=1)
    changes = profile.from_dict(profile_of(play.fiction, began)).to_dict()
    seen = applications.seen(play.file, changes)
    applications.save_profile(play.session, play.owner, play.file, changes, seen)


def _answers(play: Play, count: int) -> None:
    for criterion in play.criteria[:count]:
        words = read("answers")[criterion.code]
        claim = words["claim"].replace("{name}", play.fiction.name[0]).replace("{vendor}", play.vendor.name)
        attach = tuple(_piece(play, key) for key in words["pieces"])
        answers.save(play.session, play.owner, play.file, criterion.code, Draft(claim=claim, attach=attach))


def _piece(play: Play, key: str) -> UUID:
    """A piece of evidence, taken into the company's library when it is first needed."""
    shared = play.stage.shared_papers
    if key in WHOLE_COMPANY and (play.fiction.vendor, key) in shared:
        return shared[play.fiction.vendor, key]
    if key not in play.papers:
        play.papers[key] = _add(play, key)
    if key in WHOLE_COMPANY:
        shared[play.fiction.vendor, key] = play.papers[key]
    return play.papers[key]


def _add(play: Play, key: str) -> UUID:
    words = read("evidence")[key]
    title = _filled(play, words["title"])
    facts = evidence.Facts(words["kind"], title)
    if words["form"] == "link":
        return evidence.add_link(play.session, play.owner, play.vendor.id, _filled(play, words["url"]), facts).id
    day = today() - timedelta(days=words["days"])
    paper = Paper(title, words.get("english", title), play.vendor.name_en, day, play.fiction)
    kept = _kept(play, f"{play.fiction.key}-{key}", FORMS[words["form"]], paper)
    report = laboratories.told(play, words["kind"])
    facts = evidence.Facts(words["kind"], title, issued_on=day, report=report)
    return evidence.add_file(play.session, play.owner, play.vendor.id, kept, facts).id


def _kept(play: Play, stem: str, form: Form, paper: Paper) -> evidence.Kept:
    make, media_type, extension = form
    with play.stage.storage.begin() as incoming:
        incoming.write(make(paper))
        sha256, size = incoming.keep()
    return evidence.Kept(sha256, size, media_type, f"{stem}.{extension}")


def _filled(play: Play, text: str) -> str:
    fiction = play.fiction
    for token, value in (("{name}", fiction.name[0]), ("{version}", fiction.version), ("{site}", fiction.site)):
        text = text.replace(token, value)
    return text
