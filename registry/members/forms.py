"""The forms of the directory of members and partners."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from assessments.members import LONGEST_ADDRESS, LONGEST_DOING, LONGEST_NAME, Facts
from assessments.people import AffiliateKind, Affiliation
from registry.forms import Form, is_whole, whole
from registry.members.words import AFFILIATIONS, KINDS

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class SeenForm(Form):
    """A button under a line; `seen` is the version that was before the person."""

    seen = HiddenField()

    @property
    def version(self) -> int:
        """The version, 0 where the field was tampered with."""
        typed = self.seen.data or ""
        return whole(typed) if is_whole(typed) else 0


class MemberForm(SeenForm):
    """What the directory says of somebody."""

    affiliation = RadioField(
        _l("Là gì của Câu lạc bộ"),
        choices=[(one.value, word) for one, word in AFFILIATIONS.items()],
        validators=[InputRequired(_l("Chọn một."))],
    )
    kind = RadioField(
        _l("Loại"),
        choices=[(one.value, word) for one, word in KINDS.items()],
        validators=[InputRequired(_l("Chọn một loại."))],
    )
    name_vi = StringField(_l("Tên tiếng Việt"), validators=[InputRequired(_l("Nhập tên.")), Length(max=LONGEST_NAME)])
    name_en = StringField(_l("Tên tiếng Anh"), validators=[Optional(), Length(max=LONGEST_NAME)])
    does_vi = StringField(
        _l("Làm gì, hoặc cùng làm gì với Câu lạc bộ"),
        description=_l("Một câu."),
        validators=[Optional(), Length(max=LONGEST_DOING)],
    )
    does_en = StringField(_l("Câu đó bằng tiếng Anh"), validators=[Optional(), Length(max=LONGEST_DOING)])
    since = DateField(_l("Từ ngày"), format=DAYS, validators=[Optional()])
    website = StringField(
        _l("Trang web"),
        validators=[
            Optional(),
            Length(max=LONGEST_ADDRESS),
            Regexp(r"https://[^\s/]+\.[^\s]+", message=_l("Địa chỉ phải bắt đầu bằng https://")),
        ],
    )
    consent_on = DateField(
        _l("Ngày người đó đồng ý bằng văn bản"),
        format=DAYS,
        description=_l("Chỉ với cá nhân. Không có văn bản đồng ý thì không đăng tên."),
        validators=[Optional()],
    )

    def facts(self) -> Facts:
        """The form as the directory takes it."""
        texts = {name: self[name].data or "" for name in ("name_vi", "name_en", "does_vi", "does_en", "website")}
        kind = AffiliateKind(self.kind.data)
        return Facts(
            Affiliation(self.affiliation.data),
            kind,
            **texts,
            since=self.since.data,
            consent_on=self.consent_on.data if kind is AffiliateKind.INDIVIDUAL else None,
        )
