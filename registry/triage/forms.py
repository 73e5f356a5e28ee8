"""Forms of the triage of concerns."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from assessments.concerns import LONGEST_ABOUT, LONGEST_MESSAGE
from assessments.openings import LONGEST_REASON
from assessments.recourse import ConcernOutcome, Referral
from assessments.referrals import LONGEST
from registry.concerns.words import OUTCOMES, REFERRALS
from registry.forms import Form

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class PlainForm(Form):
    """A button: nothing but the token."""


class ReplyForm(Form):
    """To the reporter, who reads it by their code."""

    reply = TextAreaField(
        _l("Viết cho người phản ánh"),
        validators=[DataRequired(_l("Viết vài dòng rồi gửi.")), Length(max=LONGEST_MESSAGE)],
    )


class InvestigateForm(Form):
    """What will be looked at."""

    plan = TextAreaField(
        _l("Sẽ kiểm tra gì, bằng cách nào"),
        validators=[DataRequired(_l("Ghi sẽ kiểm tra gì.")), Length(max=LONGEST_MESSAGE)],
    )


class NoteForm(Form):
    """For the office alone."""

    note = TextAreaField(
        _l("Ghi chú nội bộ"), validators=[DataRequired(_l("Viết ghi chú.")), Length(max=LONGEST_MESSAGE)]
    )


class ProductForm(Form):
    """Which product it is about."""

    product = StringField(
        _l("Tên hoặc số giấy của sản phẩm"),
        validators=[DataRequired(_l("Nhập tên hoặc số giấy.")), Length(max=LONGEST_ABOUT)],
    )


class ClearForm(Form):
    """Why it speaks of no child in danger."""

    why = TextAreaField(
        _l("Vì sao không phải trẻ đang gặp nguy hiểm"),
        validators=[DataRequired(_l("Ghi vì sao.")), Length(max=LONGEST_MESSAGE)],
    )


class AskForm(Form):
    """Why the reporter has to be reached."""

    reason = TextAreaField(
        _l("Vì sao cần liên hệ"), validators=[DataRequired(_l("Ghi vì sao cần liên hệ.")), Length(max=LONGEST_REASON)]
    )


class SheetForm(Form):
    """To whom it is passed on, and whether how to reach the reporter goes along."""

    to = RadioField(_l("Chuyển đến đâu"), validators=[InputRequired(_l("Chọn nơi chuyển đến."))])
    with_contact = BooleanField(_l("In kèm cách liên hệ (lần xem duy nhất)"))

    def offer(self) -> "SheetForm":
        """The places, in words."""
        self.to.choices = [(one.value, str(REFERRALS[one])) for one in Referral]
        return self


class ReferForm(Form):
    """It has been passed on."""

    to = RadioField(_l("Đã chuyển đến đâu"), validators=[InputRequired(_l("Chọn nơi đã chuyển đến."))])
    passed_on = BooleanField(
        _l("Tôi đã chuyển xong và có người nhận. Xóa toàn bộ nội dung, chỉ giữ việc đã chuyển."),
        validators=[InputRequired(_l("Chỉ ghi khi đã chuyển xong: nội dung sẽ bị xóa ngay."))],
    )

    def offer(self) -> "ReferForm":
        """The places, in words."""
        self.to.choices = [(one.value, str(REFERRALS[one])) for one in Referral]
        return self


class SurveyForm(Form):
    """A surveillance of the product's certificate."""

    what = TextAreaField(
        _l("Cần xem lại điều gì"),
        validators=[DataRequired(_l("Ghi cần xem lại điều gì.")), Length(max=LONGEST)],
    )
    due_on = DateField(
        _l("Phải bắt đầu trước hết ngày"), format=DAYS, validators=[InputRequired(_l("Chọn ngày từ hôm nay."))]
    )


class CloseForm(Form):
    """What came out, and why, as the reporter reads it."""

    outcome = RadioField(_l("Kết quả"), validators=[InputRequired(_l("Chọn kết quả."))])
    closing = TextAreaField(
        _l("Lý do, người phản ánh đọc nguyên văn"),
        validators=[DataRequired(_l("Ghi lý do.")), Length(max=LONGEST_MESSAGE)],
    )

    def offer(self) -> "CloseForm":
        """The outcomes, in words."""
        self.outcome.choices = [(one.value, str(OUTCOMES[one])) for one in ConcernOutcome]
        return self
