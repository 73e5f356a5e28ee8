"""The form for a new token."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.models import TokenScope
from assessments.tokens import Wanted
from registry.forms import Form
from registry.tokens.words import DAYS, SCOPES


class NewToken(Form):
    """What the token is for, what it may read, and for how long."""

    name = StringField(
        _l("Tên mã"),
        description=_l("Chương trình hay máy sẽ dùng mã, để sau này nhận ra. Ví dụ: lịch nhắc hạn của phòng pháp chế."),
        validators=[DataRequired(_l("Nhập tên mã.")), Length(max=80)],
    )
    scopes = SelectMultipleField(
        _l("Được đọc"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("Chọn ít nhất một quyền."))],
    )
    days = RadioField(_l("Dùng được trong"), validators=[DataRequired(_l("Chọn thời hạn."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes.choices = [(scope.value, word) for scope, word in SCOPES.items()]
        self.days.choices = list(DAYS.items())

    @property
    def wanted(self) -> Wanted:
        """What was asked for, as the procedure takes it."""
        scopes = frozenset(TokenScope(one) for one in self.scopes.data or ())
        return Wanted(self.name.data or "", scopes, int(self.days.data))
