"""The forms of complaints: the public one without a cookie, and those of the people who handle them."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from assessments.complaints import LONGEST, LONGEST_ANSWER, LONGEST_CONTACT, Said
from assessments.people import Actor
from assessments.queries.people import Person
from assessments.recourse import ComplaintSubject, Verdict
from registry.complaints.words import SUBJECTS, VERDICTS
from registry.forms import Form
from registry.i18n import lang


class ComplainForm(Form):
    """What somebody complains of; anybody may, so that there is no session and no token of one: see tickets."""

    class Meta(Form.Meta):
        csrf = False

    subject = RadioField(_l("Khiếu nại về việc gì"), validators=[InputRequired(_l("Chọn một việc."))])
    text = TextAreaField(
        _l("Chuyện gì đã xảy ra"),
        validators=[InputRequired(_l("Ghi chuyện đã xảy ra.")), Length(max=LONGEST)],
    )
    about = StringField(_l("Mã hồ sơ, số giấy hoặc mã yêu cầu liên quan"), validators=[Length(max=40)])
    contact = StringField(_l("Email hoặc số điện thoại để liên hệ lại"), validators=[Length(max=LONGEST_CONTACT)])
    website = StringField(_l("Để trống ô này"))

    def validate_website(self, field: StringField) -> None:
        """People do not see this field; programs fill everything in."""
        if field.data:
            raise ValidationError(_("Để trống ô này."))

    def offer(self) -> "ComplainForm":
        """The subjects, in words."""
        self.subject.choices = [(one.value, str(SUBJECTS[one])) for one in ComplaintSubject]
        return self

    def said(self) -> Said:
        """What was said, as the verb takes it."""
        return Said(
            ComplaintSubject(self.subject.data),
            self.text.data or "",
            self.about.data or "",
            self.contact.data or "",
            lang(),
        )


class SignedForm(ComplainForm):
    """The same for somebody signed in: with the token of their session."""

    class Meta(Form.Meta):
        csrf = True


class PlainForm(Form):
    """A button: nothing but the token."""


class AcknowledgeForm(Form):
    """What it is about, in the club's classes."""

    subject = RadioField(_l("Phân loại"), validators=[InputRequired(_l("Chọn loại."))])

    def offer(self) -> "AcknowledgeForm":
        """The classes, in words."""
        self.subject.choices = [(one.value, str(SUBJECTS[one])) for one in ComplaintSubject]
        return self


class TakeForm(Form):
    """The word of whoever takes it in hand."""

    uninvolved = BooleanField(_l("Tôi không liên quan đến việc bị khiếu nại và người bị khiếu nại"))


class PassByForm(Form):
    """Whom it concerns: oneself, or another reader."""

    person = RadioField(_l("Liên quan đến ai"), validators=[InputRequired(_l("Chọn một người."))])

    def offer(self, me: Actor, readers: Sequence[Person]) -> "PassByForm":
        """Oneself first, then the others it goes to, by name."""
        others = [(str(one.id), one.name) for one in readers if one.id != me.id]
        self.person.choices = [(str(me.id), _("Tôi")), *others]
        return self


class DecideForm(Form):
    """What was found, and the answer."""

    verdict = RadioField(_l("Kết luận"), validators=[InputRequired(_l("Chọn kết luận."))])
    reasons = TextAreaField(
        _l("Căn cứ, để lưu"), validators=[InputRequired(_l("Ghi căn cứ.")), Length(max=LONGEST_ANSWER)]
    )
    answer = TextAreaField(
        _l("Trả lời người khiếu nại"), validators=[InputRequired(_l("Ghi câu trả lời.")), Length(max=LONGEST_ANSWER)]
    )

    def offer(self) -> "DecideForm":
        """The verdicts, in words."""
        self.verdict.choices = [(one.value, str(VERDICTS[one])) for one in Verdict]
        return self


class CloseForm(Form):
    """What follows from it."""

    closing = TextAreaField(
        _l("Câu lạc bộ làm gì tiếp"),
        validators=[
            InputRequired(_l("Ghi việc làm tiếp, hoặc vì sao không cần làm gì thêm.")),
            Length(max=LONGEST_ANSWER),
        ],
    )


class FollowForm(Form):
    """The secret code of a complaint, typed into a form and never in an address."""

    class Meta(Form.Meta):
        csrf = False

    code = StringField(
        _l("Mã xem tình trạng"), validators=[InputRequired(_l("Nhập mã xem tình trạng.")), Length(max=60)]
    )
