"""One example of each answer to a company's own programs, made up, as in examples.py."""

from typing import Any

from registry.api.examples import API, HOST

Data = dict[str, Any]

_PRODUCT: Data = {
    "slug": "den-nha",
    "name": {"vi": "Đèn Nhà", "en": "Home Lamp"},
    "created_at": "2026-02-03T02:00:00+00:00",
}
_CERTIFICATE: Data = {
    "number": "VCSC-26-0001-K",
    "application": "HS-2026-0001",
    "product": "den-nha",
    "level": "L2",
    "status": "active",
    "valid_from": "2026-05-20",
    "valid_until": "2027-05-19",
    "superseded_on": None,
}
_APPLICATION: Data = {
    "ref": "HS-2026-0007",
    "kind": "renewal",
    "state": "correction",
    "product": "den-nha",
    "edition": "vcsc-2026",
    "created_at": "2027-02-01T03:10:00+00:00",
    "answer_by": "2027-04-02",
    "links": {
        "self": f"{API}/own/applications/HS-2026-0007",
        "page": f"{HOST}/applications/HS-2026-0007",
        "messages": f"{API}/own/applications/HS-2026-0007/messages",
    },
}
_EVIDENCE: Data = {
    "id": "6b1f8e06-3f0a-4d5e-9f43-0d0d5a6f2a11",
    "kind": "file",
    "title": "Báo cáo kiểm thử độc lập",
    "url": None,
    "file": {"name": "bao-cao.pdf", "media_type": "application/pdf", "size": 482113, "sha256": "7d" * 32},
    "issued_on": "2026-01-15",
    "valid_until": "2027-01-14",
    "validity": "",
    "used_for": [{"application": "HS-2026-0007", "criterion": "TL-01"}],
}
_MESSAGE: Data = {
    "kind": "finding",
    "said_by": "club",
    "criterion": "TL-01",
    "at": "2027-03-03T04:00:00+00:00",
    "text": {"vi": "Thiếu kết quả trên iOS.", "en": "Thiếu kết quả trên iOS."},
}
OWN_EXAMPLES: dict[str, Data] = {
    "own": {
        "company": {"slug": "hat-nang", "name": "Công ty cổ phần Hạt Nắng"},
        "token": "Lịch nhắc hạn",
        "scopes": ["products", "applications"],
        "expires_at": "2027-01-31T16:59:59.999999+00:00",
        "links": {"self": f"{API}/own", "deadlines": f"{API}/own/deadlines"},
    },
    "own_products": {"next": None, "items": [_PRODUCT]},
    "own_certificates": {"next": None, "items": [_CERTIFICATE]},
    "own_applications": {"next": None, "items": [_APPLICATION]},
    "own_application": _APPLICATION,
    "own_deadlines": {
        "items": [{"kind": "application", "due_on": "2027-04-02", "place": "HS-2026-0007", "criterion": None}]
    },
    "own_evidence": {"next": None, "items": [_EVIDENCE]},
    "own_messages": {"items": [_MESSAGE]},
}
