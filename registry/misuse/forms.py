"""The forms of reports of misuse: the public one without a cookie, and those of the office."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from assessments.misuse import LONGEST_ABOUT, LONGEST_CONTACT, LONGEST_NOTE, LONGEST_PLACE, LONGEST_TEXT, Said
from assessments.recourse import MisuseKind, MisuseOutcome
from registry.forms import Form
from registry.i18n import lang
from registry.misuse.words import KINDS, OUTCOMES


class ReportForm(Form):
    """What somebody saw; anybody may say so, so that there is no session and no token of one: see registry.tickets."""

    class Meta(Form.Meta):
        csrf = False

    kind = RadioField(_l("Dùng sai thế nào"), validators=[InputRequired(_l("Chọn một kiểu dùng sai."))])
    place = TextAreaField(
        _l("Bạn thấy ở đâu"), validators=[DataRequired(_l("Ghi bạn thấy ở đâu.")), Length(max=LONGEST_PLACE)]
    )
    about = StringField(_l("Số giấy ghi ở đó"), validators=[Length(max=LONGEST_ABOUT)])
    text = TextAreaField(_l("Kể thêm"), validators=[Length(max=LONGEST_TEXT)])
    contact = StringField(_l("Email hoặc số điện thoại để hỏi thêm"), validators=[Length(max=LONGEST_CONTACT)])
    website = StringField(_l("Để trống ô này"))

    def validate_website(self, field: StringField) -> None:
        """People do not see this field; programs fill everything in."""
        if field.data:
            raise ValidationError(_("Để trống ô này."))

    def offer(self) -> "ReportForm":
        """The kinds, in words."""
        self.kind.choices = [(one.value, str(KINDS[one])) for one in MisuseKind]
        return self

    def said(self) -> Said:
        """What was said, as the verb takes it."""
        return Said(
            MisuseKind(self.kind.data),
            self.place.data or "",
            self.about.data or "",
            self.text.data or "",
            self.contact.data or "",
            lang(),
        )


class FollowForm(Form):
    """The secret code of a report, typed into a form and never in an address."""

    class Meta(Form.Meta):
        csrf = False

    code = StringField(
        _l("Mã xem tình trạng"), validators=[InputRequired(_l("Nhập mã xem tình trạng.")), Length(max=60)]
    )


class PlainForm(Form):
    """A button: nothing but the token."""


class CloseForm(Form):
    """What came out, and what was done."""

    outcome = RadioField(_l("Kết quả"), validators=[InputRequired(_l("Chọn kết quả."))])
    note = TextAreaField(
        _l("Đã kiểm tra gì, làm gì"),
        validators=[DataRequired(_l("Ghi đã kiểm tra gì và làm gì.")), Length(max=LONGEST_NOTE)],
    )

    def offer(self) -> "CloseForm":
        """The outcomes, in words."""
        self.outcome.choices = [(one.value, str(OUTCOMES[one])) for one in MisuseOutcome]
        return self
