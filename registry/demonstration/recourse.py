"""Appeals and complaints of the demonstration: decided, being heard, come too late, answered, and open."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

from sqlmodel import col, select

from assessments import appeals, complaints, hearings, rulings
from assessments.appeals import Lodging
from assessments.complaints import Said
from assessments.models import Appeal, Application, Complaint
from assessments.people import MemberRole
from assessments.queries.appeals import standing_decisions
from assessments.queries.hearings import candidates, hearers_of
from assessments.recourse import AppealKind, ComplaintSubject, Ground, Ruling, Verdict
from assessments.rulings import Ruled
from registry.accounts.models import User
from registry.demonstration.stage import Stage

DECIDED = Lodging(
    (Ground.EVIDENCE, Ground.PROCEDURE),
    "Bản vá đã có từ trước hạn khôi phục nhưng chưa được thử lại trước khi thu hồi.",
    "Hủy việc thu hồi, thử lại bản vá.",
    "Nhật ký phát hành của bản vá.",
)
HEARD = Lodging(
    (Ground.FACTS,),
    "Lỗi được nêu chỉ có ở bản thử nghiệm nội bộ, không có ở bản đang phát hành.",
    "Khôi phục giấy ngay.",
)
LATE = Lodging(
    (Ground.OTHER,),
    "Thẻ có trang tra cứu trên mạng; khi nộp hồ sơ chúng tôi quên nêu.",
    "Tiếp nhận lại hồ sơ.",
)
STANDS = (
    "Bản vá đến sau hạn khôi phục, và kênh gửi bản vá không phải kênh đã thỏa thuận. Quyết định thu hồi có căn cứ.",
    "The mend came after the deadline and not by the agreed channel. The withdrawal was justified.",
)


def scenes(stage: Stage) -> Iterator[tuple[int, Callable[[], None]]]:
    """What happened, and how many days ago."""
    decided, heard = partial(_newest, stage, AppealKind.WITHDRAWAL), partial(_newest, stage, AppealKind.SUSPENSION)
    answered, waiting = _Complaint(stage), _Complaint(stage)
    yield 60, partial(answered.send, ComplaintSubject.DELAY, "Gọi ba lần mới có người trả lời về hạn bổ sung hồ sơ.")
    yield 57, answered.take
    yield 41, answered.answer
    yield 25, partial(_lodge, stage, AppealKind.WITHDRAWAL, DECIDED)
    yield 23, lambda: _assign(stage, decided())
    yield 16, lambda: _rule(stage, decided())
    yield 12, partial(_lodge, stage, AppealKind.SUSPENSION, HEARD)
    yield 10, partial(_lodge, stage, AppealKind.REFUSAL, LATE)
    yield 9, lambda: _assign(stage, heard())
    yield (
        3,
        partial(waiting.send, ComplaintSubject.TREATMENT, "Trong buổi giải đáp, câu hỏi của chúng tôi bị cắt ngang."),
    )


def _lodge(stage: Stage, kind: AppealKind, said: Lodging) -> None:
    """The owner of the first company with such a decision appeals against it, in time or late."""
    for application in stage.session.exec(select(Application).order_by(col(Application.ref))):
        chosen = next((one for one in standing_decisions(stage.session, application) if one.kind is kind), None)
        if chosen is not None:
            appeals.lodge(stage.session, _owner(stage, application), application, chosen.seq, said)
            return
    raise LookupError(f"nothing to appeal against: {kind}")


def _owner(stage: Stage, application: Application) -> User:
    return next(one for one in stage.people.values() if one.memberships.get(application.vendor_id) is MemberRole.OWNER)


def _newest(stage: Stage, kind: AppealKind) -> Appeal:
    question = select(Appeal).where(Appeal.kind == kind).order_by(col(Appeal.serial).desc())
    return stage.session.exec(question.limit(1)).one()


def _assign(stage: Stage, appeal: Appeal) -> None:
    office, session = stage.people["coordinator"], stage.session
    application = session.get_one(Application, appeal.application_id)
    appeals.acknowledge(session, office, appeal)
    free = [one.person.id for one in candidates(session, application) if one.free][:2]
    hearings.assign(session, office, appeal, free)


def _rule(stage: Stage, appeal: Appeal) -> None:
    session = stage.session
    hearers = [stage.people[login] for login in stage.people if _hears(stage, appeal, login)]
    for one in hearers:
        hearings.declare(session, one, appeal)
    ruling = rulings.propose(session, hearers[0], appeal, Ruled(Ruling.CONFIRMED, *STANDS))
    rulings.confirm(session, hearers[1], appeal, ruling.number)


def _hears(stage: Stage, appeal: Appeal, login: str) -> bool:
    called = hearers_of(stage.session, appeal.id)
    return stage.people[login].id in {one.person_id for one in called}


class _Complaint:
    """One complaint, from the form to its answer; nobody leaves a contact."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._made: Complaint | None = None

    def send(self, subject: ComplaintSubject, text: str) -> None:
        """By the public form."""
        made_id = uuid4()
        said = Said(subject, text)
        self._made = complaints.receive(self._stage.session, made_id, made_id.hex, said, _unsealed)

    def take(self) -> None:
        """The auditor acknowledges it and takes it in hand."""
        session, auditor, made = self._stage.session, self._stage.people["auditor"], self._there()
        complaints.acknowledge(session, auditor, made, made.subject)
        complaints.take(session, auditor, made, uninvolved=True)

    def answer(self) -> None:
        """The auditor decides, answers and closes it."""
        session, auditor, made = self._stage.session, self._stage.people["auditor"], self._there()
        given = complaints.Answer(
            Verdict.UPHELD,
            "Nhật ký cuộc gọi cho thấy ba lần chuyển máy trong hai ngày.",
            "Khiếu nại đúng. Xin lỗi anh/chị; từ nay mỗi cuộc gọi có một người theo đến khi trả lời xong.",
        )
        complaints.decide(session, auditor, made, given)
        complaints.close(session, auditor, made, "Văn phòng đã có sổ theo dõi cuộc gọi; kiểm tra lại sau ba tháng.")

    def _there(self) -> Complaint:
        if self._made is None:
            raise LookupError("there is no complaint yet")
        return self._made


def _unsealed(_text: str, _place: str) -> str:
    raise LookupError("nobody leaves a contact here")
