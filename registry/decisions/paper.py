"""The minutes of a decision as PDF: file, sums, what was unusual, who stood aside, proposals, votes, conditions.

For the committee and the office. Deciders are named, reviewers are letters, and the properties of the document name
nobody; for auditors and case files there is the same without names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask_babel import force_locale

from assessments import clock
from assessments.errors import N_
from assessments.models import Decision, Notice, Proposal, Vote
from assessments.queries.decisions import DecisionFile
from assessments.states import Outcome
from registry import identity
from registry.config import Settings
from registry.decisions.arithmetic import arithmetic_of
from registry.decisions.forms import KINDS
from registry.decisions.oddities import of_the_file
from registry.documents.paper import Paper
from registry.i18n import LANGUAGES, translate
from registry.surveyed import MEASURES
from registry.templating import bi, day, moment, score

TITLE = N_("Biên bản quyết định")
DEMONSTRATION = N_("Dữ liệu trình diễn: không có giá trị.")
INTERNAL = N_("Tài liệu nội bộ: hội đồng, điều phối viên và kiểm soát viên. Không gửi cho nhà cung cấp.")
UNNAMED = N_("Bản không nêu tên, cho kiểm soát viên và hồ sơ kiểm soát. Không gửi cho nhà cung cấp.")
MEMBER = N_("thành viên hội đồng %(n)d")
SOMEBODY = N_("người khác của Câu lạc bộ")
PEOPLE = {
    "proposer": N_("thành viên hội đồng đề xuất"),
    "confirmer": N_("thành viên hội đồng trả lời đề xuất"),
    "coordinator": N_("điều phối viên"),
}
PARTS = {
    "reviewer": N_("đánh giá"),
    "proposer": N_("đề xuất"),
    "confirmer": N_("trả lời đề xuất"),
    "coordinator": N_("điều phối"),
}


@dataclass(frozen=True)
class Facts:
    """The file as it was decided, and how people stood to it then."""

    file: DecisionFile
    decision: Decision
    people: list[dict[str, Any]]
    named: bool = True


def masked(facts: Facts) -> Facts:
    """The same without a name: the committee's people by number, in the order in which they spoke."""
    with force_locale("vi"):
        numbers = {person_id: translate(MEMBER, n=n) for n, person_id in enumerate(_speakers(facts.file), start=1)}
        known = [replace(one, name=numbers.get(one.id) or translate(SOMEBODY)) for one in facts.file.people]
    people = [{**one, "name": ""} for one in facts.people]
    people.sort(key=lambda one: (one["letter"], one["part"], str(one["declared"])))  # not in the order of hidden names
    return Facts(replace(facts.file, people=known), facts.decision, people, named=False)


def _speakers(file: DecisionFile) -> Iterable[UUID]:
    """Whoever proposed or answered, each once, the first to speak first."""
    spoke = [(one.proposed_at, one.proposer_id) for one, _notice in file.proposals]
    spoke += [(vote.at, vote.voter_id) for one, _notice in file.proposals for vote in file.votes_on(one.id)]
    return dict.fromkeys(person_id for _at, person_id in sorted(spoke, key=lambda one: one[0]))


def render(facts: Facts, settings: Settings) -> bytes:
    """The minutes, in Vietnamese with headings in both languages; the same facts give the same bytes."""
    at = facts.decision.decided_at.astimezone(clock.VIETNAM)
    ref, number = facts.file.application.ref, facts.decision.number
    with force_locale("vi"):
        foot = " · ".join((ref, translate(N_("quyết định %(n)d"), n=number), moment(at)))
        paper = Paper(f"{translate(TITLE)} {ref}", foot, at)
        _head(paper, facts, settings)
        for title, body in _sections(facts):
            paper.space(4)
            paper.keep_together(30)
            paper.say(_both(title), 11, bold=True)
            paper.space(1)
            body(paper)
        paper.space(4)
        paper.say(translate(INTERNAL if facts.named else UNNAMED), 8.5, faded=True)
    return bytes(paper.output())


def _head(paper: Paper, facts: Facts, settings: Settings) -> None:
    club = identity.row_of(clock.legal_day(facts.decision.decided_at))
    paper.say(club.name_vi, 11, bold=True)
    paper.say(club.name_en, 9, faded=True)
    if settings.demonstration:
        paper.say(_both(DEMONSTRATION), 10, bold=True)
    paper.space(5)
    vi, en = _spoken(TITLE)
    paper.say(f"{vi} {facts.file.application.ref}", 18, bold=True)
    paper.say(en, 11, faded=True)
    paper.space(3)
    paper.say(_outcome(facts.file, facts.decision), 12, bold=True)


def _sections(facts: Facts) -> Iterator[tuple[str, Any]]:
    file = facts.file
    yield N_("Hồ sơ"), lambda paper: paper.facts(_subject(facts))
    yield N_("Kết quả tính theo bộ tiêu chí"), lambda paper: _sums(paper, file)
    yield N_("Điều bất thường"), lambda paper: _unusual(paper, file)
    yield N_("Người tham gia và người đứng ngoài"), lambda paper: paper.facts(_people(facts.people))
    yield N_("Đề xuất và trả lời"), lambda paper: _proposals(paper, file)
    yield N_("Lý do của quyết định"), lambda paper: _reasons(paper, facts.decision)
    yield N_("Điều kiện kèm theo"), lambda paper: _conditions(paper, facts)


def _subject(facts: Facts) -> list[tuple[str, str]]:
    file, decision = facts.file, facts.decision
    return [
        (_label(N_("Hồ sơ")), file.application.ref),
        (_label(N_("Sản phẩm")), f"{file.profile.name_vi} {file.profile.version}"),
        (_label(N_("Nhà cung cấp")), file.submission.content["vendor"]["name"]),
        (_label(N_("Bản tiêu chí")), f"{bi(file.edition.name)}\n{file.application.edition_digest}"),
        (_label(N_("Bản nộp")), f"{file.submission.number}\n{file.submission.digest}"),
        (_label(N_("Lúc quyết định (giờ Việt Nam)")), moment(decision.decided_at)),
        (_label(N_("Số quyết định về hồ sơ này")), str(decision.number)),
        (_label(N_("Giấy")), file.number or "–"),
    ]


def _sums(paper: Paper, file: DecisionFile) -> None:
    sums = arithmetic_of(file)
    head = tuple(translate(word) for word in (N_("Nhóm"), N_("Điểm"), N_("Trọng số"), N_("Góp vào điểm chung")))
    rows = [(one.name, score(one.score), score(one.weight), score(one.share)) for one in sums.groups]
    paper.listing(head, [*rows, (translate(N_("Điểm chung")), score(sums.overall), "100", "")], (94, 24, 24, 32))
    paper.space(1)
    level = file.verdict.level
    reached = translate(N_("Kết quả tính: mức %(level)s."), level=bi(level.label)) if level else ""
    paper.say(reached or translate(N_("Kết quả tính: chưa đạt mức nào.")), 9.5)
    paper.say(sums.lead, 9.5)


def _unusual(paper: Paper, file: DecisionFile) -> None:
    found = of_the_file(file)
    for number, odd in enumerate(found, start=1):
        paper.say(f"{number}. {odd.title}. {odd.text}", 9.5)
    if not found:
        paper.say(translate(N_("Không có.")), 9.5)


def _people(people: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(_who(person), _stood(person)) for person in people]


def _who(person: Mapping[str, Any]) -> str:
    if person["letter"]:
        return translate(N_("người đánh giá %(letter)s"), letter=person["letter"])
    return str(person["name"] or translate(PEOPLE.get(person["part"], SOMEBODY)))


def _stood(person: Mapping[str, Any]) -> str:
    words = {kind: str(word).lower() for kind, word in KINDS}
    told = [translate(PARTS[person["part"]])] if person["part"] in PARTS else []
    if person["declared"] or person["interests"]:
        told.append(translate(N_("có lợi ích liên quan, không tham gia")))
        told += [words.get(kind, kind) for kind in person["interests"]]
    elif person["declared"] is False:
        told.append(translate(N_("đã khai không có lợi ích liên quan")))
    return "; ".join(told)


def _proposals(paper: Paper, file: DecisionFile) -> None:
    """Every proposal in its order, with who answered what and when."""
    for proposal, notice in reversed(file.proposals):
        paper.say(_proposed(file, proposal), 9.5, bold=True)
        paper.facts(_answers(file, proposal, notice))
        paper.space(2)


def _proposed(file: DecisionFile, proposal: Proposal) -> str:
    what = translate(N_("không cấp"))
    if proposal.outcome is Outcome.CERTIFY:
        what = translate(N_("cấp, mức %(level)s"), level=bi(file.edition.level(proposal.level or "").label))
    what = _measured(file, proposal) or what
    departs = translate(N_("khác kết quả tính"))
    told = translate(N_("Đề xuất %(n)d: %(what)s"), n=proposal.number, what=what)
    return f"{told} ({departs})" if proposal.departs else told


def _answers(file: DecisionFile, proposal: Proposal, notice: Notice | None) -> list[tuple[str, str]]:
    proposed = translate(N_("đề xuất"))
    rows = [(moment(proposal.proposed_at), f"{_name(file, proposal.proposer_id)}: {proposed}")]
    if proposal.reasons_vi:
        rows.append((translate(N_("Lý do")), proposal.reasons_vi))
    rows += [(moment(vote.at), f"{_name(file, vote.voter_id)}: {_said(vote)}") for vote in file.votes_on(proposal.id)]
    if notice is not None:
        rows.append((translate(N_("Thông báo dự kiến")), f"{moment(notice.given_at)}. {notice.reasons_vi}"))
        rows.append((translate(N_("Ý kiến của nhà cung cấp")), notice.comment or "–"))
    if proposal.fell and proposal.closed_at:
        rows.append((moment(proposal.closed_at), translate(N_("Hết giá trị: không còn quyền quyết định"))))
    return rows


def _said(vote: Vote) -> str:
    said = translate(N_("đồng ý")) if vote.agrees else ". ".join((translate(N_("không đồng ý")), vote.note))
    fell = translate(N_("không tính: không còn quyền quyết định"))
    return f"{said} ({fell})" if vote.fell_at else said


def _name(file: DecisionFile, person_id: UUID) -> str:
    return file.name_of(person_id) or "–"


def _reasons(paper: Paper, decision: Decision) -> None:
    for text in (decision.reasons_vi, decision.reasons_en):
        if text:
            paper.say(text, 9.5)
    if not decision.reasons_vi:
        paper.say(translate(N_("Theo đúng kết quả tính; không có lý do riêng.")), 9.5)


def _conditions(paper: Paper, facts: Facts) -> None:
    asked = facts.file.asked_with(facts.decision.proposal_id)
    for one in asked:
        code = f"{one.criterion} " if one.criterion else ""
        due = translate(N_("Hạn: hết ngày %(day)s."), day=day(one.due_on))
        paper.say(f"{one.number}. {code}{one.text_vi} / {one.text_en} {due}", 9.5)
    if not asked:
        paper.say(translate(N_("Không có.")), 9.5)


def _measured(file: DecisionFile, made: Proposal | Decision) -> str:
    """Of a surveillance: what is said of the certificate; "" of any other file."""
    found = file.surveyed.measure(made) if file.surveyed else None
    if file.surveyed is None or found is None:
        return ""
    number = file.surveyed.certificate.number
    return translate(N_("%(measure)s, giấy %(number)s"), measure=translate(MEASURES[found.measure]), number=number)


def _outcome(file: DecisionFile, decision: Decision) -> str:
    if measured := _measured(file, decision):
        return measured
    if decision.outcome is Outcome.DECLINE:
        return translate(N_("Hội đồng quyết định không cấp giấy."))
    level = bi(file.edition.level(decision.level or "").label)
    granted = translate(N_("Hội đồng quyết định cấp giấy, mức %(level)s."), level=level)
    departs = translate(N_("Khác với kết quả tính."))
    return f"{granted} {departs}" if decision.departs else granted


def _label(message: str) -> str:
    return "\n".join(_spoken(message))


def _both(message: str) -> str:
    return " / ".join(dict.fromkeys(_spoken(message)))


def _spoken(message: str) -> list[str]:
    """The same words in each language."""
    found: list[str] = []
    for language in LANGUAGES:
        with force_locale(language):
            found.append(translate(message))
    return found
