"""The product profile: what a vendor says a product is. Frozen in snapshots and printed on certificates."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from assessments.errors import N_, Missing
from criteria.model import Edition

PLACE = "profile"
MOST_ROWS = 40  # in any list of a profile: enough for the largest product, and a page of it can still be read
MEASURED_BY = ("vendor", "laboratory", "club")
ADVERTS = ("none", "own", "third_party")
MADE_IN_VIETNAM = ("yes", "partly", "no")
SECTIONS: Mapping[str, tuple[str, ...]] = {  # what is written, compared and restored together: the steps of the form
    "names": ("name_vi", "name_en", "short_vi", "short_en", "description_vi", "description_en"),
    "kinds": ("categories", "flags", "flags_denied", "flags_answered"),
    "version": ("version", "platforms", "ages", "languages", "website", "version_date", "store_links"),
    "price": ("price_model", "price_note_vi", "price_note_en", "adverts", "made_in_vietnam", "made_in_ground"),
    "data": ("data", "data_answered", "permissions"),
    "support": ("support_contact", "removal_vi", "removal_en", "blocking"),
}
LANGUAGES = ("vi", "en", "fr", "de", "es", "pt", "ru", "zh", "ja", "ko", "th", "lo", "km", "id", "ms", "hi", "ar")
DENIED = "flags_denied"  # draft only: which features were answered with no


@dataclass(frozen=True)
class DataTaken:
    """One kind of data the product takes from a child or a family."""

    kind: str  # code of the edition's data_taken
    purpose_vi: str = ""
    purpose_en: str = ""
    optional: bool = False
    kept_days: int | None = None  # None: as long as the account exists
    shared_with: str = ""  # empty: nobody


@dataclass(frozen=True)
class PermissionAsked:
    """A permission asked of the device, and what for."""

    name: str
    reason_vi: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class BlockingResult:
    """One measured blocking result: over- and under-blocking on one test list for one age band."""

    test_list: str
    tested_on: str  # ISO date
    age_band: str
    topic: str
    harmful_tried: int
    harmful_blocked: int
    harmless_tried: int
    harmless_blocked: int
    measured_by: str  # one of MEASURED_BY
    method: str = ""  # devices, network, settings: enough to do it again
    version: str = ""  # of the product, as it was measured
    tester: str = ""  # who exactly: the laboratory's name


@dataclass(frozen=True)
class Profile:
    """Everything the pages, the snapshot and the certificate say about a product; codes are the edition's."""

    name_vi: str = ""
    name_en: str = ""
    short_vi: str = ""
    short_en: str = ""
    description_vi: str = ""
    description_en: str = ""
    website: str = ""
    store_links: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    version: str = ""
    version_date: str = ""  # ISO date of the checked version
    languages: tuple[str, ...] = ()  # BCP 47
    price_model: str = ""
    price_note_vi: str = ""
    price_note_en: str = ""
    made_in_vietnam: str = ""  # one of MADE_IN_VIETNAM
    made_in_ground: str = ""
    flags: tuple[str, ...] = ()
    flags_answered: bool = False  # "none of these" is an answer too
    data: tuple[DataTaken, ...] = ()
    data_answered: bool = False
    permissions: tuple[PermissionAsked, ...] = ()
    adverts: str = ""  # one of ADVERTS
    support_contact: str = ""
    removal_vi: str = ""
    removal_en: str = ""
    blocking: tuple[BlockingResult, ...] = field(default=())

    def name(self, language: str) -> str:
        """The product's name in a language."""
        return self.name_en if language == "en" and self.name_en else self.name_vi

    @property
    def checked_on(self) -> date | None:
        """The date of the version that is checked."""
        return date.fromisoformat(self.version_date) if self.version_date else None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, every field present."""
        return asdict(self)


_ROWS: dict[str, Callable[..., Any]] = {
    "data": DataTaken,
    "permissions": PermissionAsked,
    "blocking": BlockingResult,
}
_NAMES = frozenset(Profile.__dataclass_fields__)


def from_dict(data: Mapping[str, Any]) -> Profile:
    """Read a stored profile; unknown keys are left out, missing ones take their empty value."""
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key in _ROWS:
            values[key] = tuple(_ROWS[key](**row) for row in value)
        elif key in _NAMES:
            values[key] = tuple(value) if isinstance(value, list) else value
    return Profile(**values)


def empty(name: str) -> Any:
    """What a field of a stored profile holds before anything was typed."""
    value = getattr(Profile(), name, ())
    return [] if isinstance(value, tuple) else value


_REQUIRED: tuple[tuple[str, str], ...] = (
    ("name_vi", N_("Nhập tên sản phẩm bằng tiếng Việt.")),
    ("name_en", N_("Nhập tên sản phẩm bằng tiếng Anh.")),
    ("short_vi", N_("Nhập mô tả ngắn bằng tiếng Việt.")),
    ("short_en", N_("Nhập mô tả ngắn bằng tiếng Anh.")),
    ("description_vi", N_("Nhập mô tả đầy đủ bằng tiếng Việt.")),
    ("description_en", N_("Nhập mô tả đầy đủ bằng tiếng Anh.")),
    ("website", N_("Nhập địa chỉ trang của sản phẩm.")),
    ("categories", N_("Chọn ít nhất một loại sản phẩm.")),
    ("platforms", N_("Chọn ít nhất một nền tảng.")),
    ("ages", N_("Chọn ít nhất một nhóm tuổi.")),
    ("version", N_("Nhập phiên bản được đánh giá.")),
    ("version_date", N_("Nhập ngày phát hành của phiên bản được đánh giá.")),
    ("languages", N_("Chọn ít nhất một ngôn ngữ của sản phẩm.")),
    ("price_model", N_("Chọn cách tính giá.")),
    ("made_in_vietnam", N_("Cho biết sản phẩm có làm tại Việt Nam không.")),
    ("flags_answered", N_("Trả lời phần đặc điểm của sản phẩm.")),
    ("data_answered", N_("Trả lời phần dữ liệu sản phẩm thu thập.")),
    ("adverts", N_("Cho biết sản phẩm có quảng cáo không.")),
    ("support_contact", N_("Nhập cách liên hệ hỗ trợ.")),
    ("removal_vi", N_("Nhập cách gỡ bỏ sản phẩm bằng tiếng Việt.")),
    ("removal_en", N_("Nhập cách gỡ bỏ sản phẩm bằng tiếng Anh.")),
)


def missing(profile: Profile, edition: Edition) -> list[Missing]:
    """What a profile still lacks before it can be handed in, field by field, in the order of the form."""
    gaps = [Missing(sentence, f"{PLACE}:{name}") for name, sentence in _REQUIRED if not getattr(profile, name)]
    if profile.made_in_vietnam in {"yes", "partly"} and not profile.made_in_ground:
        gaps.append(Missing(N_("Nêu căn cứ để nói sản phẩm làm tại Việt Nam."), f"{PLACE}:made_in_ground"))
    return gaps + [
        Missing(N_("Mã “%(code)s” không có trong bản tiêu chí này. Chọn lại."), f"{PLACE}:{name}", {"code": code})
        for name, known in _code_lists(edition)
        for code in getattr(profile, name)
        if code not in known
    ]


def _code_lists(edition: Edition) -> tuple[tuple[str, set[str]], ...]:
    return (
        ("categories", {c.code for c in edition.categories}),
        ("platforms", {c.code for c in edition.platforms}),
        ("ages", {c.code for c in edition.age_bands}),
        ("flags", {c.code for c in edition.flags}),
    )
