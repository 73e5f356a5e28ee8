"""The forms by which an edition is published: what is proposed, and a word against it."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from assessments.editions import LONGEST, Terms
from registry.forms import Form

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class ProposalForm(Form):
    """From when an edition is used, by when certificates go over, what if not, and why."""

    valid_from = DateField(
        _l("Ngày áp dụng"),
        description=_l("Từ ngày này, hồ sơ mới được soạn theo bản này. Ví dụ: 01/03/2027"),
        format=DAYS,
        validators=[InputRequired(_l("Nhập ngày áp dụng."))],
    )
    transition_until = DateField(
        _l("Ngày cuối để chuyển"),
        description=_l("Đơn vị có giấy theo bản trước nộp hồ sơ chuyển muộn nhất ngày này. Ví dụ: 31/08/2027"),
        format=DAYS,
        validators=[Optional()],
    )
    lapses = BooleanField(
        _l("Giấy chưa nộp hồ sơ chuyển thì hết giá trị từ hôm sau ngày cuối"),
        description=_l("Không đánh dấu: giấy có giá trị đến hết ngày ghi trên giấy."),
    )
    reason_vi = TextAreaField(
        _l("Lý do, tiếng Việt"), validators=[InputRequired(_l("Ghi lý do bằng tiếng Việt.")), Length(max=LONGEST)]
    )
    reason_en = TextAreaField(
        _l("Lý do, tiếng Anh"), validators=[InputRequired(_l("Ghi lý do bằng tiếng Anh.")), Length(max=LONGEST)]
    )

    def terms(self) -> Terms:
        """The form as the procedure takes it."""
        return Terms(
            valid_from=cast("date", self.valid_from.data),
            transition_until=self.transition_until.data,
            reason_vi=self.reason_vi.data or "",
            reason_en=self.reason_en.data or "",
            lapses=bool(self.lapses.data),
        )


class DismissalForm(Form):
    """Why a proposal is closed."""

    note = TextAreaField(
        _l("Vì sao không công bố"), validators=[InputRequired(_l("Ghi lý do bỏ đề xuất.")), Length(max=LONGEST)]
    )


class PlainForm(Form):
    """A button: nothing but the token."""
