"""What is unusual about a file, the gravest first: what a decider has to have read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.clock import today
from assessments.models import Finding
from assessments.people import InterestKind
from assessments.queries.committee import Concerned, Waits
from assessments.queries.consensus import SPREAD, needs_reconciliation
from assessments.queries.decisions import DecisionFile
from assessments.queries.findings import going_along
from assessments.states import Event, Outcome, Severity
from criteria.model import Bilingual
from criteria.verdict import ObstacleKind
from registry import marks
from registry.decisions.forms import KINDS
from registry.templating import bi, day, finding_text, score

SEVERITIES = {
    Severity.MAJOR: lambda: _("nặng"),
    Severity.MINOR: lambda: _("nhẹ"),
    Severity.OBSERVATION: lambda: _("lưu ý"),
}


@dataclass(frozen=True)
class Odd:
    """One unusual thing: a heading, a sentence, and the place on the page that says more."""

    title: str
    text: str
    anchor: str = ""
    link: str = ""


def oddities(file: DecisionFile) -> list[Odd]:
    """Everything unusual about a file; empty when there is nothing."""
    parts = (_quorum, _critical, _departure, _promises, _left_out, _spreads, _findings, _not_shown, _level, _people)
    return [odd for part in (*parts, *_LAST) for odd in part(file)]


def of_the_file(file: DecisionFile) -> list[Odd]:
    """What is unusual about the file itself: the minutes tell of proposal and people in their own places."""
    return [
        odd for part in (_critical, _left_out, _spreads, _findings, _not_shown, _level, *_LAST) for odd in part(file)
    ]


def _quorum(file: DecisionFile) -> Iterator[Odd]:
    """Too few are left: said before everything else, with what helps."""
    short = file.tally.wanting
    if short and file.waits is not Waits.NOTHING:
        title = ngettext(
            "Hội đồng còn thiếu %(num)d người cho hồ sơ này", "Hội đồng còn thiếu %(num)d người cho hồ sơ này", short
        )
        text = _(
            "Cần một người đề xuất và %(needed)d người đồng ý; người có lợi ích liên quan và người đã đánh giá không "
            "tham gia. Báo điều phối viên: quản trị viên mời thêm thành viên hội đồng, hồ sơ chờ đến lúc đó.",
            needed=file.tally.needed,
        )
        yield Odd(title, text)


def _promises(file: DecisionFile) -> Iterator[Odd]:
    """Conditions that come with the proposal."""
    asked = file.asked_with(file.proposal.id) if file.proposal is not None else []
    if asked:
        title = ngettext("Đề xuất có %(num)d điều kiện", "Đề xuất có %(num)d điều kiện", len(asked))
        told = [f"{bi(Bilingual(one.text_vi, one.text_en)).rstrip('.')} ({day(one.due_on)})" for one in asked]
        yield Odd(title, "; ".join(told) + ".", "proposals", _("Xem đề xuất"))


def _left_out(file: DecisionFile) -> Iterator[Odd]:
    """Findings that the lead let go along as conditions and that no proposed condition is about."""
    last = next((one for one, _notice in file.proposals), None)
    if last is None or last.outcome is not Outcome.CERTIFY:
        return
    asked = {one.criterion for one in file.asked_with(last.id)}
    left = [one for one in going_along(file.findings) if one.criterion not in asked]
    if left:
        title = ngettext(
            "%(num)d phát hiện còn mở không có trong điều kiện nào",
            "%(num)d phát hiện còn mở không có trong điều kiện nào",
            len(left),
        )
        said = [f"{one.criterion}: {finding_text(one.text)} ({day(one.condition_until)})" for one in left]
        yield Odd(title, "; ".join(said), "findings", _("Xem phát hiện"))


def _critical(file: DecisionFile) -> Iterator[Odd]:
    failed = file.verdict.critical_failures
    if failed:
        names = ", ".join(f"{code} {bi(file.edition.criterion(code).title)}" for code in failed)
        title = ngettext(
            "Dưới ngưỡng: %(num)d tiêu chí bắt buộc đạt", "Dưới ngưỡng: %(num)d tiêu chí bắt buộc đạt", len(failed)
        )
        yield Odd(title, names, f"c-{failed[0]}", _("Xem điểm"))


def _departure(file: DecisionFile) -> Iterator[Odd]:
    proposal = file.proposal
    if proposal is not None and proposal.departs:
        yield Odd(_("Đề xuất khác với kết quả tính"), bi(Bilingual(proposal.reasons_vi, proposal.reasons_en)))


def _spreads(file: DecisionFile) -> Iterator[Odd]:
    for criterion in file.edition.criteria:
        given = file.given(criterion.code)
        if not needs_reconciliation(criterion, [mark for _letter, mark in given], SPREAD):
            continue
        settled = file.agreed.get(criterion.code)
        told = ", ".join(f"{letter} {marks.short(mark)}" for letter, mark in given)
        text = _("%(marks)s. Thống nhất: %(agreed)s.", marks=told, agreed=marks.short(settled))
        if settled and settled.reconciliation:
            text = f"{text} {settled.reconciliation}"
        title = _("Lệch điểm ở %(code)s %(title)s", code=criterion.code, title=bi(criterion.title))
        yield Odd(title, text, f"c-{criterion.code}", _("Xem lý do từng người"))


def _findings(file: DecisionFile) -> Iterator[Odd]:
    still = [one for one in file.findings if one.closed_at is None]
    if still:
        title = ngettext("%(num)d phát hiện còn mở", "%(num)d phát hiện còn mở", len(still))
        yield Odd(title, _kinds(still), "findings", _("Xem phát hiện"))
    closed = [one for one in file.findings if one.closed_at is not None]
    if closed:
        title = ngettext("%(num)d phát hiện đã đóng", "%(num)d phát hiện đã đóng", len(closed))
        rounds = file.application.correction_round
        text = f"{_kinds(closed)}. " + ngettext("%(num)d vòng khắc phục.", "%(num)d vòng khắc phục.", rounds)
        yield Odd(title, text, "findings", _("Xem phát hiện"))


def _kinds(found: list[Finding]) -> str:
    """“HN-02 (nhẹ), RT-06 (lưu ý)”."""
    return ", ".join(f"{one.criterion} ({SEVERITIES[one.severity]()})" for one in found)


def _not_shown(file: DecisionFile) -> Iterator[Odd]:
    codes = [code for code, mark in file.agreed.items() if mark.not_shown]
    if codes:
        title = ngettext(
            "%(num)d tiêu chí mà bằng chứng chưa cho thấy", "%(num)d tiêu chí mà bằng chứng chưa cho thấy", len(codes)
        )
        yield Odd(title, _("Tính là 0: %(codes)s.", codes=", ".join(codes)), f"c-{codes[0]}", _("Xem điểm"))


def _level(file: DecisionFile) -> Iterator[Odd]:
    """The group that holds the level down, with the two thresholds round it."""
    ahead = file.verdict.next_level
    for obstacle in file.verdict.obstacles:
        if obstacle.kind is ObstacleKind.GROUP and ahead is not None:
            yield Odd(
                _("Một nhóm kéo mức xuống: %(group)s", group=bi(file.edition.group(obstacle.code).name)),
                _(
                    "%(have)s, dưới ngưỡng %(need)d của mức %(level)s.",
                    have=score(obstacle.have),
                    need=int(obstacle.need),
                    level=bi(ahead.label),
                ),
                "math",
                _("Xem phép tính"),
            )


def _people(file: DecisionFile) -> Iterator[Odd]:
    aside = [person for person in file.people if person.declared or person.interests]
    if aside:
        title = ngettext(
            "%(num)d người có lợi ích liên quan, không tham gia",
            "%(num)d người có lợi ích liên quan, không tham gia",
            len(aside),
        )
        yield Odd(title, "; ".join(_interest(file, person) for person in aside) + ".")


def _competence(file: DecisionFile) -> Iterator[Odd]:
    """A team that lacks competence for something, with the office's reason; a later change of the team counts."""
    said = next((row.note for row in file.timeline if row.action == Event.LACK_COMPETENCE), "")
    if said:
        yield Odd(_("Nhóm đánh giá chưa đủ năng lực"), said)


def _calibration(file: DecisionFile) -> Iterator[Odd]:
    """Work that went to somebody who had not passed calibration, with the office's reasons."""
    said = list(dict.fromkeys(row.note for row in file.timeline if row.action == Event.WAIVE_CALIBRATION and row.note))
    if said:
        yield Odd(_("Giao cho người chưa qua chấm thử"), " ".join(said))


def _interest(file: DecisionFile, person: Concerned) -> str:
    """Whoever has ever reviewed the file stays a letter here too."""
    letter = file.letters.get(person.id)
    name = _("người đánh giá %(letter)s", letter=letter) if letter else person.name
    kinds = ", ".join(dict.fromkeys(_kind(kind) for kind in person.interests))
    return f"{name} ({kinds})" if kinds else name


def _kind(kind: InterestKind) -> str:
    return str(dict(KINDS)[kind.value]).lower()


def _vendor(file: DecisionFile) -> Iterator[Odd]:
    if file.vendor.club_member:
        yield Odd(
            _("Nhà cung cấp là hội viên Câu lạc bộ"),
            _("Hội viên không được đánh giá hay quyết định sản phẩm của mình. Điều này được ghi công khai."),
        )
    elif file.vendor.membership_claimed_at:
        yield Odd(
            _("Nhà cung cấp khai là hội viên Câu lạc bộ"),
            _("Văn phòng chưa xác nhận, nên các trang công khai chưa ghi."),
        )
    if file.text and file.text.vendor_remarks:
        title = _("Nhà cung cấp có ý kiến về bản tóm tắt")
        yield Odd(title, file.text.vendor_remarks, "summary", _("Xem bản tóm tắt"))
    if file.notice and file.notice.ended_at:
        text = file.notice.comment or _("Hết thời hạn, nhà cung cấp không có ý kiến.")
        yield Odd(_("Đã gửi thông báo dự kiến cho nhà cung cấp"), text, "proposals", _("Xem thông báo"))


def _accepted(file: DecisionFile) -> Iterator[Odd]:
    codes = [code for code, mark in file.agreed.items() if mark.not_applicable]
    if codes:
        title = ngettext(
            "%(num)d tiêu chí được chấp nhận là không áp dụng",
            "%(num)d tiêu chí được chấp nhận là không áp dụng",
            len(codes),
        )
        yield Odd(title, ", ".join(codes) + ".", f"c-{codes[0]}", _("Xem lý do"))


def _reports(file: DecisionFile) -> Iterator[Odd]:
    """Reports a 4 may rest on although their laboratory was not accepted for it (ISO/IEC 17065, 6.2.2)."""
    letters = {review.id: review.letter for review in file.reviews}
    said = [f"{one.criterion}, {letters[one.review_id]}: {one.reason}" for one in file.reports]
    if said:
        title = ngettext(
            "%(num)d báo cáo được chấp nhận dù phòng thử nghiệm không được chấp nhận cho việc này",
            "%(num)d báo cáo được chấp nhận dù phòng thử nghiệm không được chấp nhận cho việc này",
            len(said),
        )
        yield Odd(title, "; ".join(said), f"c-{file.reports[0].criterion}", _("Xem điểm"))


def _evidence(file: DecisionFile) -> Iterator[Odd]:
    """Evidence that has run out since it was handed in."""
    late = [
        f"{code}: {item['title']} ({day(date.fromisoformat(item['valid_until']))})"
        for code, answer in file.submission.content["answers"].items()
        for item in answer.get("evidence", [])
        if item.get("valid_until") and date.fromisoformat(item["valid_until"]) < today()
    ]
    if late:
        title = ngettext("%(num)d bằng chứng đã hết hạn", "%(num)d bằng chứng đã hết hạn", len(late))
        yield Odd(title, "; ".join(late) + ".")


_LAST = (_competence, _calibration, _vendor, _accepted, _reports, _evidence)
