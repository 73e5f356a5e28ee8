"""The forms about club people: an invitation, roles, and the lines of a register of interests."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.clock import today
from assessments.committee import Origin
from assessments.interests import LONGEST, LONGEST_SOURCE, Entry
from assessments.people import InterestGroup, InterestKind, Role
from registry.accounts.forms import email_field, language_field, name_field
from registry.accounts.words import DUTIES, GROUPS, INTERESTS, ROLES
from registry.forms import Form
from registry.templating import sentence

INSIDE, OUTSIDE = "club", "outside"
DATES = ["%Y-%m-%d", "%d/%m/%Y"]


class Checkboxes(SelectMultipleField):
    """Several of a few choices, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def roles_field() -> Checkboxes:
    """What a person is trusted with."""
    return Checkboxes(_l("Vai trò"), validators=[DataRequired(_l("Chọn ít nhất một vai trò."))])


def affiliation_field() -> StringField:
    """Where a club person works or comes from."""
    return StringField(
        _l("Nơi công tác"),
        description=_l("Tên cơ quan, tổ chức hoặc doanh nghiệp. Dùng để gợi ý lợi ích liên quan khi phân công."),
        validators=[Optional(), Length(max=200)],
    )


def outside_field() -> RadioField:
    """A person of the club, or an expert from outside."""
    return RadioField(
        _l("Người của Câu lạc bộ hay chuyên gia ngoài"),
        choices=[
            (INSIDE, _l("Người của Câu lạc bộ")),
            (OUTSIDE, _l("Chuyên gia ngoài: chỉ có thể là người đánh giá")),
        ],
        default=INSIDE,
        validate_choice=False,  # whatever is not "outside" is the club's
    )


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
    affiliation = affiliation_field()
    outside = outside_field()
    roles = roles_field()
    language = language_field()

    @property
    def origin(self) -> Origin:
        """Where the person comes from."""
        return Origin((self.affiliation.data or "").strip(), self.outside.data == OUTSIDE)


class BackgroundForm(Form):
    """Where a club person comes from."""

    affiliation = affiliation_field()
    outside = outside_field()
    represents = SelectField(
        _l("Đại diện cho ai trong ban bảo đảm khách quan"),
        description=_l("Không bên nào được giữ quá nửa số ghế. Trang công khai ghi rõ từng bên."),
        validators=[Optional()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {group.value: sentence(str(word)) for group, word in GROUPS.items()}
        self.represents.choices = {"": _("Chưa ghi"), **named}

    @property
    def origin(self) -> Origin:
        """What was typed, as the procedure takes it."""
        represents = InterestGroup(self.represents.data) if self.represents.data else None
        return Origin((self.affiliation.data or "").strip(), self.outside.data == OUTSIDE, represents)


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


class ReportInterest(NewInterest):
    """One line of somebody else's register, written by the office."""

    source = StringField(
        _l("Câu lạc bộ biết từ đâu"),
        description=_l("Người này đọc được nguồn và mục này, và được báo qua email."),
        validators=[InputRequired(_l("Ghi Câu lạc bộ biết điều này từ đâu.")), Length(max=LONGEST_SOURCE)],
    )


class AnswerInterest(Form):
    """What a person says to a line the office wrote."""

    answer = TextAreaField(
        _l("Câu trả lời của bạn"),
        description=_l("Điều phối viên và ban bảo đảm khách quan đọc được."),
        validators=[InputRequired(_l("Ghi câu trả lời của bạn.")), Length(max=LONGEST)],
    )


class EndInterest(Form):
    """The last day of an interest."""

    until = DateField(_l("Ngày kết thúc"), format=DATES, validators=[InputRequired(_l("Nhập ngày kết thúc."))])
