"""What kinds of members and partners are called."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from assessments.people import AffiliateKind, Affiliation

AFFILIATIONS: Mapping[Affiliation, Any] = {
    Affiliation.FULL: _l("hội viên chính thức"),
    Affiliation.ASSOCIATE: _l("hội viên liên kết"),
    Affiliation.PARTNER: _l("đối tác"),
}
KINDS: Mapping[AffiliateKind, Any] = {
    AffiliateKind.COMPANY: _l("doanh nghiệp"),
    AffiliateKind.ORGANISATION: _l("tổ chức xã hội"),
    AffiliateKind.AUTHORITY: _l("cơ quan, trường học"),
    AffiliateKind.INDIVIDUAL: _l("cá nhân"),
}
