"""What the certificate of a generated product says: all that pages print, in the shape and size of a real one.

The texts beside the product's own are few and the same for many: they are printed and never searched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessments.folding import slug
from assessments.profile import Profile
from bench.products import Made
from criteria.model import Bilingual, Edition, Level

VALID = timedelta(days=365)
BLANK = Profile().to_dict()
FLAGS = ["has_accounts", "processes_personal_data", "has_install"]
ISSUER = {
    "vi": "Câu lạc bộ Bảo vệ trẻ em Việt Nam trên không gian mạng (VCSC)",
    "en": "Vietnam Cyber Safety for Children Club (VCSC)",
    "signatory": {"name": "Lương Thị Mẫu", "vi": "Chủ nhiệm Câu lạc bộ", "en": "President of the club"},
}
VENDOR = {
    "registration_number": "0999000000",
    "address": "141 đường Trường Làng, phường Phấn Trắng, Hải Phòng",
    "representative": "Tạ Đăng Quân",
    "country": "VN",
    "website": "https://vendor.example",
    "club_member": False,
}
DATA = (
    (
        "account_contact",
        "Tạo tài khoản của cha mẹ và gửi thông báo",
        "To open the parent’s account",
        None,
    ),
    ("app_usage", "Tính thời gian dùng từng ứng dụng", "To count the time spent in each app", 60),
    ("location", "Cho cha mẹ biết con đang ở đâu", "To show parents where their child is", 30),
)
PERMISSIONS = (
    ("Thống kê sử dụng", "Tính thời gian dùng máy", "To count screen time"),
    ("Thông báo", "Báo cho con và cha mẹ", "To notify child and parents"),
    ("Trợ năng", "Chặn ứng dụng đang mở", "To close an app that is open"),
)
LIMITS = (
    {"vi": "Không có ứng dụng cho điện thoại đời cũ.", "en": "There is no app for old phones."},
    {
        "vi": "Có lúc chặn nhầm trang về sức khỏe cho tuổi mới lớn.",
        "en": "Sometimes blocks health pages.",
    },
    {"vi": "Chưa hiểu tiếng lóng của các vùng.", "en": "Does not understand regional slang."},
)
SUMMARY = {
    "vi": "Sản phẩm làm đúng điều đã hứa trên các máy đã thử, khó lách, và không cản việc học. "
    "Lọc nội dung ở mức vừa đủ. Dữ liệu lấy ít, chỉ những gì cần để sản phẩm chạy, xóa được khi ngừng dùng.",
    "en": "The product does what it promises on the devices that were tried, is hard to get round, "
    "and leaves lessons open. Filtering is moderate. It takes little data, only what it needs to work.",
}
ENDED = {"suspended": ("suspend",), "withdrawn": ("withdraw",), "terminated": ("terminate",)}  # state -> decisions
REASONS = {
    "suspend": (
        "Bản mới gửi dữ liệu ra ngoài phạm vi đã khai; nhà cung cấp đang sửa.",
        "A new version sends data beyond what was declared; the vendor is mending it.",
    ),
    "withdraw": (
        "Nhà cung cấp không khắc phục trong thời hạn.",
        "The vendor has not put it right within the time given.",
    ),
    "terminate": ("Nhà cung cấp ngừng sản phẩm.", "The vendor has ended the product."),
}
CONDITION = {"vi": "Bản sửa được kiểm tra và đạt", "en": "The mended version was checked and passes"}
VARIANTS = 12  # of points and criteria


@dataclass(frozen=True)
class Contents:
    """What certificates under an edition say; the parts that many share are made once."""

    edition: Mapping[str, Any]
    levels: list[dict[str, Any]]
    results: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    critical: Mapping[str, int]

    def level_of(self, made: Made) -> dict[str, Any]:
        """The level a product reached, with its thresholds."""
        return self.levels[min(made.level, len(self.levels)) - 1]

    def certified(self, made: Made, address: str, day: date) -> dict[str, Any]:
        """The frozen content of a certificate granted on a day (assessments.queries.grants makes the real ones)."""
        facts = _profile(made, address)
        level = self.level_of(made)
        return {
            "format": 1,
            "issuer": ISSUER,
            "application": f"HS-2026-{made.number + 1:04}",
            "kind": "initial",
            "vendor": {**VENDOR, "name": made.vendor, "name_en": made.vendor},
            "product": {"id": "", "slug": address},
            "profile": facts,
            "checked": {"version": facts["version"], "date": facts["version_date"]},
            "submission": {"number": 1, "digest": f"sha256:{made.number:064x}"},
            "edition": self.edition,
            "level": level,
            "levels": self.levels,
            "result": self.results[made.number % VARIANTS],
            "computed_level": level["code"],
            "departs": False,
            "reasons": None,
            "critical": self.critical,
            "criteria": self.criteria[made.number % VARIANTS],
            "protects_from": list(made.risks),
            "summary": SUMMARY,
            "limits": LIMITS[: 1 + made.number % len(LIMITS)],
            "measured": [],
            "decided_on": (day - timedelta(days=7)).isoformat(),
        }


def contents(edition: Edition) -> Contents:
    """What certificates under this edition say."""
    levels = sorted(edition.levels, key=lambda one: one.number)
    codes = [criterion.code for criterion in edition.criteria]
    critical = sum(criterion.critical for criterion in edition.criteria)
    return Contents(
        edition={
            "id": edition.id,
            "version": edition.version,
            "digest": f"sha256:{0:064x}",
            "reconstruction": edition.reconstruction,
            **_both(edition.name),
        },
        levels=[_level(one) for one in levels],
        results=[_result(edition, variant) for variant in range(VARIANTS)],
        criteria=[_criteria(codes, variant) for variant in range(VARIANTS)],
        critical={"met": critical, "total": critical},
    )


def shown(content: Mapping[str, Any], made: Made, number: str, day: date) -> dict[str, Any]:
    """What the page of the product prints besides (assessments.catalogue makes the real ones)."""
    until = (day + VALID).isoformat()
    version = {
        "number": number,
        "version": content["checked"]["version"],
        "edition": {key: content["edition"][key] for key in ("id", "vi", "en")},
        "level": {key: content["level"][key] for key in ("rank", "vi", "en")},
        "state": made.state,
        "valid_from": day.isoformat(),
        "valid_until": until,
        "superseded_on": "",
    }
    standing = {"slug": slug(made.vendor), "club_member_since": "", "club_member_claimed": False}
    return {
        **content,
        "vendor": {**content["vendor"], **standing},
        "updates": [],
        "surveillance": [],
        "versions": [version],
        "history": [_event(number, action, day.isoformat(), until) for action in reversed(decided(made))],
        "conditions": [],
        "state_since": day.isoformat(),
    }


def decided(made: Made) -> list[str]:
    """What was decided about its certificate, oldest first."""
    return ["grant", *ENDED.get(made.state, ())]


def reason_of(action: str) -> dict[str, str]:
    """Why the committee decided so."""
    vi, en = REASONS.get(action, ("", ""))
    return {"vi": vi, "en": en}


def _event(number: str, action: str, day: str, until: str) -> dict[str, Any]:
    return {
        "action": action,
        "on": day,
        "number": number,
        "valid_until": until,
        "reason": reason_of(action),
        "condition": CONDITION if action == "suspend" else reason_of(""),
        "restore_by": "",
        "lifted_on": "",
    }


def _profile(made: Made, address: str) -> dict[str, Any]:
    chosen = made.number % len(DATA)
    data = [
        {"kind": kind, "purpose_vi": vi, "purpose_en": en, "optional": days == 30, "kept_days": days, "shared_with": ""}
        for kind, vi, en, days in DATA[: 1 + chosen]
    ]
    asked = [{"name": name, "reason_vi": vi, "reason_en": en} for name, vi, en in PERMISSIONS[: 1 + chosen]]
    return {
        **BLANK,
        "website": f"https://{address}.example",
        "version": f"{1 + made.number % 7}.{made.number % 10}",
        "flags": FLAGS,
        "flags_answered": True,
        "price_note_vi": "Miễn phí 14 ngày đầu.",
        "price_note_en": "The first 14 days are free.",
        "made_in_ground": "Phát triển tại Hải Phòng.",
        "data": data,
        "data_answered": True,
        "permissions": asked,
        "adverts": "none",
        "support_contact": f"hotro@{address}.example",
        "removal_vi": "Mở phần Cài đặt, chọn Gỡ bảo vệ, nhập mật khẩu của cha mẹ rồi gỡ ứng dụng như thường lệ.",
        "removal_en": "Open Settings, choose Remove protection, enter the parent’s password, then uninstall as usual.",
        **made.facts,
    }


def _level(level: Level) -> dict[str, Any]:
    return {
        "code": level.code,
        "rank": level.number,
        **_both(level.name),
        "overall_min": level.overall_min,
        "group_min": level.group_min,
        "critical_min": level.critical_min,
        "any_min": level.any_min,
    }


def _result(edition: Edition, variant: int) -> dict[str, Any]:
    percents = [60 + (7 * variant + 11 * place) % 35 for place in range(len(edition.groups))]
    groups = [
        {
            "code": group.code,
            **_both(group.name),
            "percent": f"{percent}.0",
            "exact": str(percent),
            "weight": group.weight,
            "share": str(group.weight),
        }
        for group, percent in zip(edition.groups, percents, strict=True)
    ]
    weighed = (group.weight * percent for group, percent in zip(edition.groups, percents, strict=True))
    overall = sum(weighed) / 100
    return {"overall": f"{overall:.1f}", "exact": f"{overall:.2f}", "groups": groups}


def _criteria(codes: Sequence[str], variant: int) -> dict[str, Any]:
    applied = [code for place, code in enumerate(codes) if place % 9 != variant % 9]
    return {
        "applied": applied,
        "met": [code for place, code in enumerate(applied) if place % 6 != variant % 6],
        "not_applicable": [],
    }


def _both(text: Bilingual) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}
