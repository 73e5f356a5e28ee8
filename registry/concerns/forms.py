"""The public forms of concerns: without a cookie, with a signed ticket in place of a session (registry.tickets)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from assessments.concerns import LONGEST, LONGEST_ABOUT, LONGEST_CONTACT, LONGEST_MESSAGE, Said
from assessments.recourse import ConcernKind
from registry.concerns.words import CHILD_KINDS, KINDS
from registry.forms import Form
from registry.i18n import lang

CHILD = "child"  # value of `for`


class Open(Form):
    """A form for anybody: no session, and no token of one."""

    class Meta(Form.Meta):
        csrf = False


class ConcernForm(Open):
    """What somebody reports of a product."""

    kind = RadioField(_l("Chuyện gì"), validators=[InputRequired(_l("Chọn một ý gần đúng nhất."))])
    text = TextAreaField(_l("Chuyện gì đã xảy ra?"), validators=[DataRequired(_l("Kể vài dòng.")), Length(max=LONGEST)])
    product = StringField(_l("Sản phẩm"), validators=[Length(max=80)])
    about = StringField(_l("Sản phẩm nào? (tên hoặc số trên giấy)"), validators=[Length(max=LONGEST_ABOUT)])
    contact = StringField(_l("Email hoặc số điện thoại"), validators=[Length(max=LONGEST_CONTACT)])
    website = StringField(_l("Để trống ô này"))

    def validate_website(self, field: StringField) -> None:
        """People do not see this field; programs fill everything in."""
        if field.data:
            raise ValidationError(_("Để trống ô này."))

    def offer(self, *, child: bool) -> "ConcernForm":
        """The kinds, in the words of whoever writes."""
        if child:
            self.about.label.text = _("Ứng dụng nào?")
        self.kind.choices = [(one.value, str(word)) for one, word in kinds(child=child).items()]
        return self

    def said(self, *, child: bool, contact: bool) -> Said:
        """What was said, as the verb takes it; a contact only where this site can seal one."""
        return Said(
            ConcernKind(self.kind.data),
            self.text.data or "",
            self.product.data or "",
            self.about.data or "",
            (self.contact.data or "") if contact else "",
            child,
            lang(),
        )

    def made_id(self, ticket: UUID) -> UUID:
        """The id of what was written: of a ticket and these words, so that other words are another concern."""
        typed = (self.kind, self.text, self.product, self.about, self.contact)
        return uuid5(ticket, "\n".join(str(one.data or "") for one in typed))


def kinds(*, child: bool) -> Mapping[ConcernKind, Any]:
    """The kinds that are offered, and what they are called."""
    return CHILD_KINDS if child else KINDS


class FollowForm(Open):
    """The secret code of a concern, typed into a form and never in an address."""

    code = StringField(_l("Mã của bạn"), validators=[InputRequired(_l("Nhập mã.")), Length(max=60)])


class ReplyForm(FollowForm):
    """What the reporter writes later; the code goes along unseen."""

    text = TextAreaField(
        _l("Bạn muốn nói thêm gì?"), validators=[DataRequired(_l("Viết vài dòng.")), Length(max=LONGEST_MESSAGE)]
    )

    def made_id(self, ticket: UUID) -> UUID:
        """The id of this message, as above."""
        return uuid5(ticket, self.text.data or "")
