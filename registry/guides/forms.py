"""The forms in which guides are written and withdrawn."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assessments import folding
from assessments.guide_checks import (
    LONGEST_BODY,
    LONGEST_LEAD,
    LONGEST_SOURCES,
    LONGEST_TITLE,
    GuideContent,
)
from assessments.guide_kinds import GuideAudience, GuideEnding
from assessments.guides import LONGEST_REASON
from registry.forms import Form
from registry.guides.words import AUDIENCES, TAGS

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class Boxes(SelectMultipleField):
    """Several of a few, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GuideForm(Form):
    """One guide in both languages. Only what would be lost is refused here: a draft may be half."""

    slug = StringField(
        _l("Địa chỉ"),
        description=_l("Chữ thường không dấu, số và gạch nối, ví dụ: chon-theo-tuoi. Đặt một lần, không đổi được."),
        validators=[InputRequired(_l("Nhập địa chỉ của bài.")), Length(max=60)],
    )
    audience = RadioField(_l("Viết cho ai"), choices=[(one.value, label) for one, label in AUDIENCES.items()])
    title_vi = StringField(_l("Tên bài, tiếng Việt"), validators=[Length(max=LONGEST_TITLE)])
    title_en = StringField(_l("Tên bài, tiếng Anh"), validators=[Length(max=LONGEST_TITLE)])
    lead_vi = TextAreaField(_l("Mở đầu, tiếng Việt"), validators=[Length(max=LONGEST_LEAD)])
    lead_en = TextAreaField(_l("Mở đầu, tiếng Anh"), validators=[Length(max=LONGEST_LEAD)])
    body_vi = TextAreaField(_l("Nội dung, tiếng Việt"), validators=[Length(max=LONGEST_BODY)])
    body_en = TextAreaField(_l("Nội dung, tiếng Anh"), validators=[Length(max=LONGEST_BODY)])
    sources = TextAreaField(
        _l("Nguồn"),
        description=_l("Mỗi nguồn một dòng: tên tiếng Việt | tên tiếng Anh | https://…"),
        validators=[Length(max=LONGEST_SOURCES)],
    )
    checked_on = DateField(
        _l("Ngày đối chiếu với nguồn"),
        format=DAYS,
        description=_l("Ngày gần nhất có người mở lại từng nguồn và thấy bài vẫn đúng."),
        validators=[InputRequired(_l("Nhập ngày đối chiếu. Ví dụ: 22/11/2026"))],
    )
    tags = Boxes(_l("Chủ đề"), choices=[(one.value, label) for one, label in TAGS.items()])
    related = Boxes(_l("Bài liên quan"))
    version = IntegerField(widget=HiddenInput(), default=0)

    def offer(self, titles: Mapping[str, str]) -> "GuideForm":
        """Fill in the guides that may be related; what is gone since stays a choice, so that it can be seen."""
        kept = [slug for slug in self.related.data or () if slug not in titles and slug == folding.slug(slug, "")]
        self.related.choices = [*titles.items(), *((slug, slug) for slug in kept)]
        return self

    def content(self) -> GuideContent:
        """What was typed, as it is checked and kept."""
        typed = {name: self[name].data or "" for name in TYPED}
        return GuideContent(
            **typed,
            audience=GuideAudience(self.audience.data),
            tags=tuple(self.tags.data or ()),
            related=tuple(self.related.data or ()),
            checked_on=self.checked_on.data,
        )


TYPED = ("title_vi", "title_en", "lead_vi", "lead_en", "body_vi", "body_en", "sources")


def filled(content: GuideContent, titles: Mapping[str, str], slug: str = "", version: int = 0) -> GuideForm:
    """The form with a text in it."""
    form = GuideForm(formdata=None, obj=content, slug=slug, version=version)
    form.tags.data, form.related.data = list(content.tags), _in_order(content.related, titles)
    return form.offer(titles)


def _in_order(slugs: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    return sorted(slugs, key=lambda slug: [*titles].index(slug) if slug in titles else len(titles))


class WithdrawForm(Form):
    """What stands in the place of a guide that is withdrawn, and why."""

    ending = RadioField(
        _l("Sau khi rút"),
        choices=[
            (GuideEnding.SHIPPED.value, _l("Dùng lại bản có sẵn của trang")),
            (GuideEnding.GONE.value, _l("Để một trang nói bài đã rút và lý do")),
        ],
    )
    reason_vi = StringField(_l("Lý do, tiếng Việt"), validators=[Optional(), Length(max=LONGEST_REASON)])
    reason_en = StringField(_l("Lý do, tiếng Anh"), validators=[Optional(), Length(max=LONGEST_REASON)])


class VersionForm(Form):
    """Which text is meant: the one to publish, or the one to bring back and the one that was seen last."""

    version = IntegerField(widget=HiddenInput(), default=0)
    seen = IntegerField(widget=HiddenInput(), default=0)
