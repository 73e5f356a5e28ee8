"""One example of each answer, made up, for the description and its page; the tests hold them against their shapes."""

from typing import Any

from registry.api.operations import OPERATIONS

HOST = "https://registry.example"
API = f"{HOST}/api/v1"

Data = dict[str, Any]


def _both(vietnamese: str, english: str) -> Data:
    return {"vi": vietnamese, "en": english}


_LEVEL = {"code": "L2", "rank": 2, "name": _both("Nâng cao", "Advanced")}
_EDITION_NAME = {
    "id": "vcsc-2026",
    "version": "2026.1",
    "digest": "sha256:" + "5e" * 32,
    "name": _both("Bộ tiêu chí VCSC 2026", "VCSC criteria 2026"),
    "reconstruction": True,
}
_MAKER = {"slug": "hat-nang", "name": _both("Công ty cổ phần Hạt Nắng", "Hat Nang JSC")}
_JUDGED: Data = {
    "protects_from": ["content", "contact"],
    "result": {
        "overall": "86.4",
        "groups": [{"code": "HN", "name": _both("Hiệu năng", "Performance"), "percent": "91.0", "weight": 20}],
    },
    "summary": _both("Chặn tốt nội dung xấu và nói rõ giới hạn.", "Blocks harmful content well and states its limits."),
    "limits": [_both("Chưa thử trên máy tính.", "Not tested on computers.")],
}
_SCOPE: Data = {"ages": ["7-11", "12-15"], "platforms": ["android"], "categories": ["PC"]}
_PRODUCT: Data = {
    "slug": "den-nha",
    "name": _both("Đèn Nhà", "Home Lamp"),
    "short": _both("Chặn nội dung xấu và đặt giờ dùng máy.", "Blocks harmful content and limits screen time."),
    "description": _both("Ứng dụng cho cha mẹ.", "An app for parents."),
    "website": "https://hatnang.example/den-nha",
    "vendor": _MAKER,
    "status": "active",
    "since": "2026-05-20",
    "certificate": {
        "number": "VCSC-26-0001-K",
        "valid_from": "2026-05-20",
        "valid_until": "2027-05-19",
        "level": _LEVEL,
        "edition": _EDITION_NAME,
    },
    "version": "5.2",
    "version_date": "2026-05-12",
    **_SCOPE,
    "features": ["has_accounts"],
    "languages": ["vi", "en"],
    "price": {"model": "free", "note": _both("", "")},
    "made_in_vietnam": "yes",
    "adverts": "none",
    "data_taken": [
        {
            "kind": "location",
            "purpose": _both("Cho cha mẹ xem con ở đâu", "To show parents where the child is"),
            "optional": True,
            "kept_days": 7,
            "shared": False,
        }
    ],
    "permissions": [{"name": "Location", "reason": _both("Xem con ở đâu", "To show where the child is")}],
    **_JUDGED,
    "blocking": [],
    "links": {
        "self": f"{API}/products/den-nha",
        "page": f"{HOST}/products/den-nha",
        "certificate": f"{API}/certificates/VCSC-26-0001-K",
        "vendor": f"{API}/vendors/hat-nang",
        "feed": f"{HOST}/products/den-nha/feed.atom",
    },
}
_CERTIFICATE: Data = {
    "number": "VCSC-26-0001-K",
    "status": "active",
    "since": "2026-05-20",
    "valid_from": "2026-05-20",
    "valid_until": "2027-05-19",
    "decided_on": "2026-05-18",
    "revision": 1,
    "level": _LEVEL,
    "edition": _EDITION_NAME,
    "product": {
        "slug": "den-nha",
        "name": _both("Đèn Nhà", "Home Lamp"),
        "version": "5.2",
        "version_date": "2026-05-12",
        **_SCOPE,
    },
    "vendor": _MAKER,
    **_JUDGED,
    "submission": "sha256:" + "a1" * 32,
    "links": {
        "self": f"{API}/certificates/VCSC-26-0001-K",
        "page": f"{HOST}/c/VCSC-26-0001-K",
        "full": f"{HOST}/c/VCSC-26-0001-K.json",
        "credential": f"{HOST}/c/VCSC-26-0001-K.jwt",
        "proof": f"{HOST}/c/VCSC-26-0001-K.proof",
        "pdf": f"{HOST}/c/VCSC-26-0001-K.pdf",
        "badge": f"{HOST}/c/VCSC-26-0001-K.svg",
        "product": f"{API}/products/den-nha",
        "vendor": f"{API}/vendors/hat-nang",
        "edition": f"{API}/editions/vcsc-2026",
        "events": f"{API}/events?certificate=VCSC-26-0001-K",
    },
}
_VENDOR: Data = {
    **_MAKER,
    "country": "VN",
    "registration_number": "0100000001",
    "website": "https://hatnang.example",
    "club_member": True,
    "club_member_since": "2025-06-01",
    "products": 1,
    "links": {
        "self": f"{API}/vendors/hat-nang",
        "page": f"{HOST}/vendors/hat-nang",
        "products": f"{API}/products?vendor=hat-nang",
        "certificates": f"{API}/certificates?vendor=hat-nang",
        "feed": f"{HOST}/vendors/hat-nang/feed.atom",
    },
}
_EDITION: Data = {
    **_EDITION_NAME,
    "notice": _both("Bộ tiêu chí dựng lại để khởi tạo phần mềm.", "Reconstruction for start-up use."),
    "status": "published",
    "in_force": True,
    "in_force_from": "2026-01-01",
    "in_force_to": None,
    "pass_mark": 3,
    "scale": [{"score": 3, "name": _both("Đạt", "Met"), "anchor": _both("Đủ bằng chứng.", "Evidence is complete.")}],
    "levels": [{**_LEVEL, "critical_min": 3, "any_min": 2, "group_min": 70, "overall_min": 80}],
    "groups": [
        {"code": "TL", "name": _both("Tuân thủ", "Compliance"), "weight": 10, "explanation": _both("Luật.", "The law.")}
    ],
    "categories": [
        {
            "code": "PC",
            "name": _both("Ứng dụng kiểm soát của cha mẹ", "Parental control app"),
            "short": _both("Cha mẹ quản lý máy của con", "Parental control"),
            "hint": _both("Đặt giờ dùng, chặn nội dung xấu", "Limits time, blocks harmful content"),
        }
    ],
    "features": [{"code": "has_accounts", "name": _both("Có tài khoản người dùng", "Has user accounts")}],
    "evidence_kinds": [],
    "risks": [],
    "ages": [{"code": "7-11", "name": _both("7–11 tuổi", "7–11")}],
    "platforms": [{"code": "android", "name": _both("Điện thoại Android", "Android")}],
    "price_models": [],
    "data_kinds": [],
    "links": {
        "self": f"{API}/editions/vcsc-2026",
        "page": f"{HOST}/criteria/vcsc-2026",
        "criteria": f"{API}/criteria?edition=vcsc-2026",
        "oscal": f"{HOST}/criteria/vcsc-2026/oscal.json",
        "xlsx": f"{HOST}/criteria/vcsc-2026.xlsx",
    },
}
_CRITERION: Data = {
    "edition": "vcsc-2026",
    "code": "TL-01",
    "group": "TL",
    "title": _both("Pháp nhân chịu trách nhiệm", "A legal person answers for it"),
    "requirement": _both("Có pháp nhân chịu trách nhiệm.", "A legal person answers for the product."),
    "weight": 2,
    "critical": True,
    "categories": ["PC"],
    "applies_if": None,
    "applies_if_for": {},
    "evidence": ["document"],
    "sources": ["ISO/IEC 17065 7.8"],
    "related_risks": [],
    "protects_from": [],
    "may_be_not_applicable": False,
    "replaces": [],
    "bands": [],
    "guidance": None,
    "links": {
        "self": f"{API}/criteria/vcsc-2026/TL-01",
        "page": f"{HOST}/criteria/vcsc-2026/TL-01",
        "edition": f"{API}/editions/vcsc-2026",
    },
}
_EVENT: Data = {
    "index": 41,
    "id": "tag:registry.example,2026:log/41",
    "kind": "grant",
    "at": "2026-05-20T02:00:00.000000+00:00",
    "on": "2026-05-20",
    "certificate": "VCSC-26-0001-K",
    "status": "active",
    "valid_until": "2027-05-19",
    "follower": None,
    "product": {"slug": "den-nha", "name": _both("Đèn Nhà", "Home Lamp"), "vendor": _MAKER["name"]},
    "reason": None,
    "edition": "vcsc-2026",
    "links": {
        "log": f"{HOST}/log/entries/41",
        "page": f"{HOST}/c/VCSC-26-0001-K",
        "certificate": f"{API}/certificates/VCSC-26-0001-K",
        "product": f"{API}/products/den-nha",
    },
}
_LISTS = ("products", "certificates", "vendors", "editions", "criteria", "events")
_START: Data = {
    "name": _both("Danh mục VCSC", "VCSC Register"),
    "version": "1.0.0",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "demonstration": False,
    "links": {
        **{name: f"{API}/{name}" for name in _LISTS},
        "description": f"{HOST}/api/openapi.json",
        "documentation": f"{HOST}/api/docs",
        "bulk": f"{HOST}/data",
    },
}
_CURSOR = "WyJwcm9kdWN0cyIsImRlbi1uaGEiXQ"
_ONE: dict[str, Data] = {
    "start": _START,
    "product": _PRODUCT,
    "certificate": _CERTIFICATE,
    "vendor": _VENDOR,
    "edition": _EDITION,
    "criterion": _CRITERION,
}
_MANY: dict[str, Data] = {
    "products": {"next": f"{API}/products?limit=1&cursor={_CURSOR}", "items": [_PRODUCT]},
    "certificates": {"next": None, "items": [_CERTIFICATE]},
    "vendors": {"next": None, "items": [_VENDOR]},
    "editions": {"next": None, "items": [_EDITION]},
    "criteria": {"next": None, "items": [_CRITERION]},
    "events": {"next": None, "items": [_EVENT], "cursor": "WyJldmVudHMiLDQyXQ"},
}
EXAMPLES: dict[str, Data] = {one.name: (_ONE | _MANY)[one.name] for one in OPERATIONS}
