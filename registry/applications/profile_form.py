"""The product profile as six forms, each saved by itself: what is typed, what is stored, and the way between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import wtforms
from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.errors import N_, Missing
from assessments.profile import DENIED, LANGUAGES, PLACE
from criteria.model import Edition
from registry.applications.addresses import https_address, https_addresses, lines
from registry.applications.rows import Asked, Measured, Row, Taken, filled, shown
from registry.forms import Form, Rows
from registry.i18n import lang, translate
from registry.measured import DATES
from registry.templating import bi

YES, NO = "yes", "no"
ONE_TEST = ("test_list", "topic", "age_band", "tested_on", "measured_by", "version")  # what tells one test from another

QUESTIONS: Mapping[str, str] = {  # a feature flag as a plain question; an unknown flag keeps its name
    "has_accounts": N_("Người dùng có tạo tài khoản không?"),
    "has_ugc": N_("Người dùng có đăng được nội dung của mình (bài viết, ảnh, video, bình luận) không?"),
    "has_contact": N_("Người dùng có nhắn tin, gọi hoặc liên hệ được với nhau trong sản phẩm không?"),
    "is_game_or_social": N_("Sản phẩm có phải trò chơi hoặc mạng xã hội theo Nghị định 147/2024/NĐ-CP không?"),
    "uses_history_or_location": N_("Sản phẩm có xử lý lịch sử hoạt động hoặc vị trí của trẻ không?"),
    "processes_personal_data": N_("Sản phẩm có xử lý dữ liệu cá nhân không? Kể cả email, ảnh, mã thiết bị."),
    "staffed": N_("Có nhân viên hoặc cộng tác viên tiếp xúc với trẻ, hoặc xử lý phản ánh không?"),
    "has_install": N_("Sản phẩm có phải cài đặt trên thiết bị không?"),
    "has_commerce_or_ads": N_("Trong sản phẩm có mua bán hoặc quảng cáo không?"),
}
ADVERTS: Mapping[str, str] = {
    "none": N_("Không có quảng cáo"),
    "own": N_("Chỉ giới thiệu sản phẩm của chính đơn vị"),
    "third_party": N_("Có quảng cáo của bên khác"),
}
MADE_IN: Mapping[str, str] = {
    "yes": N_("Có, làm tại Việt Nam"),
    "partly": N_("Một phần"),
    "no": N_("Không"),
}


class Ticks(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Section(Form):
    """One step of the profile; `seen` is the fingerprint of what stood there when the person began."""

    PLAIN: ClassVar[tuple[str, ...]] = ()  # fields that are stored as they are typed

    seen = HiddenField()

    def offer(self, edition: Edition) -> None:
        """Set the choices that come from the edition."""

    @classmethod
    def filled_from(cls, stored: Mapping[str, Any], _edition: Edition) -> dict[str, Any]:
        """What the fields show of a stored profile."""
        return {name: stored.get(name) for name in cls.PLAIN}

    def changes(self) -> dict[str, Any]:
        """What is to be stored, by the names of the profile."""
        return {name: self[name].data or ([] if isinstance(self[name], Ticks) else "") for name in self.PLAIN}


class Names(Section):
    """What the product is called and what it does, in both languages."""

    PLAIN = ("name_vi", "name_en", "short_vi", "short_en", "description_vi", "description_en")

    name_vi = StringField(_l("Tên sản phẩm, tiếng Việt"), validators=[Length(max=200)])
    name_en = StringField(_l("Tên sản phẩm, tiếng Anh"), validators=[Length(max=200)])
    short_vi = TextAreaField(_l("Mô tả ngắn, tiếng Việt"), validators=[Length(max=300)])
    short_en = TextAreaField(_l("Mô tả ngắn, tiếng Anh"), validators=[Length(max=300)])
    description_vi = TextAreaField(_l("Mô tả đầy đủ, tiếng Việt"), validators=[Length(max=5000)])
    description_en = TextAreaField(_l("Mô tả đầy đủ, tiếng Anh"), validators=[Length(max=5000)])


class Feature(wtforms.Form):
    """One yes-or-no question about the product."""

    class Meta(Row.Meta):
        pass

    code = HiddenField()
    answer = RadioField(choices=[(YES, _l("Có")), (NO, _l("Không"))], validators=[Optional()])


class Kinds(Section):
    """What decides which criteria apply: categories and features."""

    categories = Ticks(_l("Sản phẩm thuộc loại nào? Chọn mọi loại đúng với sản phẩm."))
    features = Rows(FormField(Feature), label=_l("Đặc điểm của sản phẩm"))

    def offer(self, edition: Edition) -> None:
        self.categories.choices = [(one.code, f"{bi(one.short)} – {bi(one.hint)}") for one in edition.categories]
        for entry in self.features:
            entry.form.answer.label.text = _question(edition, entry.form.code.data)

    @classmethod
    def filled_from(cls, stored: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
        said = {**dict.fromkeys(denied(stored, edition), NO), **dict.fromkeys(stored.get("flags") or (), YES)}
        return {
            "categories": stored.get("categories"),
            "features": [{"code": flag.code, "answer": said.get(flag.code)} for flag in edition.flags],
        }

    def changes(self) -> dict[str, Any]:
        said = {entry.form.code.data: entry.form.answer.data for entry in self.features}
        return {
            "categories": self.categories.data or [],
            "flags": [code for code, answer in said.items() if answer == YES],
            DENIED: [code for code, answer in said.items() if answer == NO],
            "flags_answered": bool(said) and all(said.values()),
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse a question the edition does not ask: only a forged form names one."""
        right: bool = super().validate(extra_validators)
        return right and all(entry.form.answer.label.text for entry in self.features)


class Checked(Section):
    """Which version is evaluated, on what, for whom, and where it is found."""

    PLAIN = ("version", "platforms", "ages", "languages", "website")

    version = StringField(_l("Phiên bản được đánh giá"), validators=[Length(max=60)])
    version_date = DateField(_l("Ngày phát hành phiên bản này"), format=DATES, validators=[Optional()])
    platforms = Ticks(_l("Chạy trên thiết bị, nền tảng nào?"))
    ages = Ticks(_l("Dành cho trẻ ở nhóm tuổi nào?"))
    languages = Ticks(_l("Giao diện có những ngôn ngữ nào?"))
    website = StringField(_l("Trang của sản phẩm"), validators=[https_address])
    store_links = TextAreaField(_l("Nơi tải về, kho ứng dụng"), validators=[https_addresses])

    def offer(self, edition: Edition) -> None:
        self.platforms.choices = [(one.code, bi(one.name)) for one in edition.platforms]
        self.ages.choices = [(one.code, bi(one.name)) for one in edition.age_bands]
        names = Locale(lang()).languages
        self.languages.choices = [(code, names[code]) for code in LANGUAGES]

    @classmethod
    def filled_from(cls, stored: Mapping[str, Any], _edition: Edition) -> dict[str, Any]:
        return super().filled_from(stored, _edition) | {
            "version_date": _date(stored.get("version_date")),
            "store_links": "\n".join(stored.get("store_links") or ()),
        }

    def changes(self) -> dict[str, Any]:
        return super().changes() | {
            "version_date": self.version_date.data.isoformat() if self.version_date.data else "",
            "store_links": lines(self.store_links.data),
        }


class Price(Section):
    """What it costs, whether it advertises, where it is made."""

    PLAIN = ("price_model", "price_note_vi", "price_note_en", "adverts", "made_in_vietnam", "made_in_ground")

    price_model = RadioField(_l("Cách tính giá"), validators=[Optional()])
    price_note_vi = StringField(_l("Ghi chú về giá, tiếng Việt"), validators=[Length(max=500)])
    price_note_en = StringField(_l("Ghi chú về giá, tiếng Anh"), validators=[Length(max=500)])
    adverts = RadioField(_l("Sản phẩm có quảng cáo không?"), validators=[Optional()])
    made_in_vietnam = RadioField(_l("Sản phẩm có làm tại Việt Nam không?"), validators=[Optional()])
    made_in_ground = TextAreaField(_l("Căn cứ để nói sản phẩm làm tại Việt Nam"), validators=[Length(max=500)])

    def offer(self, edition: Edition) -> None:
        self.price_model.choices = [(one.code, bi(one.name)) for one in edition.price_models]
        self.adverts.choices = _spoken(ADVERTS)
        self.made_in_vietnam.choices = _spoken(MADE_IN)


class Data(Section):
    """What the product takes from a child or a family, and what it asks of the device."""

    none_taken = BooleanField(_l("Sản phẩm không lấy dữ liệu nào"))
    taken = Rows(FormField(Taken), label=_l("Dữ liệu sản phẩm lấy"))
    asked = Rows(FormField(Asked), label=_l("Quyền sản phẩm xin trên thiết bị"))

    def offer(self, edition: Edition) -> None:
        _offer_rows(edition, self.taken)

    @classmethod
    def filled_from(cls, stored: Mapping[str, Any], _edition: Edition) -> dict[str, Any]:
        return {
            "none_taken": bool(stored.get("data_answered")) and not stored.get("data"),
            "taken": shown(stored.get("data") or ()),
            "asked": shown(stored.get("permissions") or ()),
        }

    def changes(self) -> dict[str, Any]:
        taken = filled(self.taken)
        return {
            "data": taken,
            "data_answered": bool(taken) or bool(self.none_taken.data),
            "permissions": filled(self.asked),
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse "takes nothing" beside a kind of data."""
        right: bool = super().validate(extra_validators)
        if self.none_taken.data and filled(self.taken):
            self.none_taken.errors = [_("Đã khai dữ liệu ở dưới, nên bỏ dấu ở ô này hoặc bỏ các dòng dữ liệu.")]
            return False
        return right


class Support(Section):
    """Where help is, how the product is removed, and what was measured."""

    PLAIN = ("support_contact", "removal_vi", "removal_en")

    support_contact = StringField(_l("Liên hệ hỗ trợ"), validators=[Length(max=300)])
    removal_vi = TextAreaField(_l("Cách gỡ bỏ sản phẩm, tiếng Việt"), validators=[Length(max=2000)])
    removal_en = TextAreaField(_l("Cách gỡ bỏ sản phẩm, tiếng Anh"), validators=[Length(max=2000)])
    measured = Rows(FormField(Measured), label=_l("Kết quả chặn đã đo"))

    def offer(self, edition: Edition) -> None:
        _offer_rows(edition, self.measured)

    @classmethod
    def filled_from(cls, stored: Mapping[str, Any], _edition: Edition) -> dict[str, Any]:
        rows = [{**row, "tested_on": _date(row.get("tested_on"))} for row in stored.get("blocking") or ()]
        return super().filled_from(stored, _edition) | {"measured": shown(rows)}

    def changes(self) -> dict[str, Any]:
        return super().changes() | {"blocking": filled(self.measured)}

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse two results of one and the same test."""
        right: bool = super().validate(extra_validators)
        told = [tuple(row[name] for name in ONE_TEST) for row in filled(self.measured)] if right else []
        if len(set(told)) < len(told):
            self.measured.errors = [_("Hai kết quả cùng bộ thử, chủ đề, nhóm tuổi, ngày và người đo. Giữ một dòng.")]
            return False
        return right


@dataclass(frozen=True)
class Step:
    """One step: its name in the address, its title, its form, and the fields of the profile it saves."""

    name: str
    title: str
    form: type[Section]
    fields: tuple[str, ...]


STEPS: tuple[Step, ...] = (
    Step("names", N_("Tên và mô tả"), Names, Names.PLAIN),
    Step("kinds", N_("Loại và đặc điểm"), Kinds, ("categories", "flags", DENIED, "flags_answered")),
    Step("version", N_("Phiên bản và thiết bị"), Checked, (*Checked.PLAIN, "version_date", "store_links")),
    Step("price", N_("Giá, quảng cáo, nơi làm"), Price, Price.PLAIN),
    Step("data", N_("Dữ liệu và quyền truy cập"), Data, ("data", "data_answered", "permissions")),
    Step("support", N_("Hỗ trợ, gỡ bỏ, kết quả đo"), Support, (*Support.PLAIN, "blocking")),
)
ANCHORS: Mapping[str, str] = {
    **{name: f"{name}-0" for name in ("categories", "platforms", "ages", "languages")},
    **{name: f"{name}-0" for name in ("price_model", "adverts", "made_in_vietnam")},
    "flags": "features-0-answer-0",
    "flags_answered": "features-0-answer-0",
    "data": "none_taken",
    "data_answered": "none_taken",
}


def denied(stored: Mapping[str, Any], edition: Edition) -> set[str]:
    """The features that were answered with no: those named so, and all others once every question was answered."""
    no = set(stored.get(DENIED) or ())
    if stored.get("flags_answered"):
        no |= {flag.code for flag in edition.flags} - set(stored.get("flags") or ())
    return no


NAMED = frozenset(name for step in STEPS for name in step.fields)


def step_named(name: str) -> Step | None:
    """The step of that name."""
    return next((step for step in STEPS if step.name == name), None)


def step_of(field: str) -> str:
    """The step that saves a field of the profile."""
    return next((step.name for step in STEPS if field in step.fields), STEPS[0].name)


def anchor_of_step(name: str) -> str:
    """Where the check page shows a step."""
    return f"step-{name}"


def anchor_of(field: str) -> str:
    """The control of a field of the profile."""
    return ANCHORS.get(field, field)


def unfinished(missing: list[Missing]) -> set[str]:
    """The names of the steps that still lack something."""
    return {step_of(one.place.removeprefix(f"{PLACE}:")) for one in missing}


def form_for(step: Step, edition: Edition, stored: Mapping[str, Any], seen: str) -> Section:
    """The form of a step: with what is stored, or with what was just typed."""
    form = step.form(data={**step.form.filled_from(stored, edition), "seen": seen})
    form.offer(edition)
    return form


def label_of(field: str) -> str:
    """What a field of the profile is called where two versions of it are compared."""
    form = next(step.form for step in STEPS if field in step.fields)
    words = {"flags": "features", DENIED: "features", "flags_answered": "features"}
    words |= {"data": "taken", "data_answered": "none_taken", "permissions": "asked", "blocking": "measured"}
    unbound = getattr(form, words.get(field, field))
    return str(unbound.kwargs.get("label") or unbound.args[0])


def _question(edition: Edition, code: str | None) -> str:
    known = next((flag for flag in edition.flags if flag.code == code), None)
    if known is None:
        return ""
    return translate(QUESTIONS[known.code]) if known.code in QUESTIONS else bi(known.name)


def _spoken(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, translate(word)) for code, word in words.items()]


def _offer_rows(edition: Edition, rows: Any) -> None:
    for entry in rows:
        entry.form.offer(edition)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
