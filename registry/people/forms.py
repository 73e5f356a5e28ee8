"""The forms about club people: an invitation, roles, and the lines of a register of interests."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.clock import today
from assessments.interests import Entry
from assessments.people import InterestKind, Role
from registry.accounts.forms import email_field, language_field, name_field
from registry.accounts.words import DUTIES, INTERESTS, ROLES
from registry.forms import Form
from registry.templating import sentence

DATES = ["%Y-%m-%d", "%d/%m/%Y"]


class Checkboxes(SelectMultipleField):
    """Several of a few choices, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def roles_field() -> Checkboxes:
    """What a person is trusted with."""
    return Checkboxes(_l("Vai trò"), validators=[DataRequired(_l("Chọn ít nhất một vai trò."))])


class RoleForm(Form):
    """The roles of one person."""

    roles = roles_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = {role.value: f"{sentence(str(ROLES[role]))}. {DUTIES[role]}" for role in ROLES}

    @property
    def chosen(self) -> frozenset[Role]:
        """The roles chosen."""
        return frozenset(Role(name) for name in self.roles.data or [])


class Invite(RoleForm):
    """An invitation into the club."""

    name = name_field()
    email = email_field()
    roles = roles_field()
    language = language_field()


class NewInterest(Form):
    """One line of one's own register."""

    kind = SelectField(_l("Loại lợi ích"), validators=[DataRequired(_l("Chọn loại lợi ích."))])
    vendor = SelectField(
        _l("Đơn vị đã đăng ký ở đây"),
        description=_l("Chọn đúng đơn vị thì hệ thống tự chặn việc phân công và mở hồ sơ của họ."),
        validators=[Optional()],
    )
    organisation = StringField(
        _l("Tổ chức khác"),
        description=_l("Tên đầy đủ, khi không có trong danh sách trên."),
        validators=[Optional(), Length(max=200)],
    )
    since = DateField(
        _l("Ngày bắt đầu"),
        format=DATES,
        description=_l("Không nhớ đúng ngày thì ghi ngày gần đúng, sớm hơn."),
        validators=[InputRequired(_l("Nhập ngày bắt đầu."))],
    )
    until = DateField(
        _l("Ngày kết thúc"), format=DATES, description=_l("Vẫn còn thì để trống."), validators=[Optional()]
    )
    note = TextAreaField(
        _l("Ghi chú"),
        description=_l("Ví dụ: chức danh, tỷ lệ cổ phần, quan hệ gia đình. Điều phối viên đọc được."),
        validators=[Optional(), Length(max=1000)],
    )

    def __init__(self, vendors: list[tuple[UUID, str]]) -> None:
        super().__init__()
        kinds = {kind.value: str(word) for kind, word in INTERESTS.items()}
        self.kind.choices = {"": _("Chọn loại lợi ích"), **kinds}
        self.vendor.choices = {"": _("Không có trong danh sách"), **{str(key): name for key, name in vendors}}

    def entry(self) -> Entry:
        """What was typed, as the procedure takes it."""
        return Entry(
            kind=InterestKind(self.kind.data),
            since=self.since.data or today(),  # the field is required
            organisation=self.organisation.data or "",
            vendor_id=UUID(self.vendor.data) if self.vendor.data else None,
            until=self.until.data,
            note=self.note.data or "",
        )


class EndInterest(Form):
    """The last day of an interest."""

    until = DateField(_l("Ngày kết thúc"), format=DATES, validators=[InputRequired(_l("Nhập ngày kết thúc."))])
