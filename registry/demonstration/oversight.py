"""What auditors did: one file opened and sampled, and a recommendation that the office still has to answer."""

from datetime import timedelta

from sqlmodel import col, select

from assessments import audit, clock
from assessments.audit import Words
from assessments.models import Application, Vendor
from assessments.states import AuditKind, State
from registry.demonstration.stage import Stage

ANSWERED_WITHIN = 12  # days from today
SAMPLE = (
    "Chọn ngẫu nhiên trong các hồ sơ quyết định quý này. Xem lại: lời khai lợi ích của mọi người, lý do của các "
    "tiêu chí bắt buộc đạt, khoảng cách giữa điểm của A và B."
)
ADVICE = "Khi gia hạn chấm điểm, ghi rõ căn cứ trong lịch sử hồ sơ: lần này chỉ thấy ngày mới."


def claim_again(stage: Stage) -> None:
    """Companies whose membership waits for the office's word have asked for it lately."""
    for vendor in stage.session.exec(select(Vendor).where(col(Vendor.membership_claimed_at).is_not(None))):
        vendor.membership_claimed_at = clock.now()
        stage.session.add(vendor)


def look_into(stage: Stage) -> None:
    """The auditor answers for interests, reads the newest file that ended well, and writes two notes."""
    auditor = stage.people["auditor"]
    question = select(Application).where(Application.state == State.CERTIFIED).order_by(col(Application.ref).desc())
    application = stage.session.exec(question.limit(1)).one_or_none()
    if application is None:
        return
    audit.declare(stage.session, auditor, application, has_interest=False)
    audit.write_note(stage.session, auditor, application, Words(AuditKind.SAMPLING, SAMPLE))
    due_on = stage.today + timedelta(days=ANSWERED_WITHIN)
    owner = stage.people["coordinator"].id
    words = Words(AuditKind.RECOMMENDATION, ADVICE, owner, due_on)
    audit.write_note(stage.session, auditor, application, words)
