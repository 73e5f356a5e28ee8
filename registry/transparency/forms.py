"""The form of a yearly report: what the club says in its own words."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from assessments.situation_reports import LONGEST, LONGEST_CORRECTION, Words
from registry.forms import Form, is_whole, whole


class SeenForm(Form):
    """A button under a draft; `seen` is the version that was before the person."""

    seen = HiddenField()

    @property
    def version(self) -> int:
        """The version, 0 where the field was tampered with."""
        typed = self.seen.data or ""
        return whole(typed) if is_whole(typed) else 0


class ReportForm(SeenForm):
    """The foreword in both languages, and what is corrected where there was a report before."""

    foreword_vi = TextAreaField(
        _l("Lời nói đầu, tiếng Việt"),
        description=_l("Chữ thường, cách đoạn bằng một dòng trống. Không nêu tên đơn vị hay người nào."),
        validators=[Optional(), Length(max=LONGEST)],
    )
    foreword_en = TextAreaField(_l("Lời nói đầu, tiếng Anh"), validators=[Optional(), Length(max=LONGEST)])
    correction_vi = TextAreaField(
        _l("Đính chính điều gì, tiếng Việt"), validators=[Optional(), Length(max=LONGEST_CORRECTION)]
    )
    correction_en = TextAreaField(
        _l("Đính chính điều gì, tiếng Anh"), validators=[Optional(), Length(max=LONGEST_CORRECTION)]
    )

    def words(self) -> Words:
        """The form as the report takes it."""
        return Words(*((self[name].data or "") for name in Words.__dataclass_fields__))
