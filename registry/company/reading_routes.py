"""Who has opened a company's evidence: its own people by name, the club's by what they were."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l

from assessments.models import Vendor
from assessments.queries import exported_evidence, people
from registry import access, db
from registry.company.blueprint import bp

PAGE = 50
LAST = 200  # pages; older ones are in what a company takes away
CLUB: Mapping[str, Any] = {
    "coordinator": _l("Điều phối viên"),
    "reviewer": _l("Người đánh giá"),
    "committee": _l("Hội đồng"),
    "auditor": _l("Kiểm soát viên"),
    "hearer": _l("Người xem xét lại"),
}


@bp.get("/company/readings")
@access.on_vendor()
def readings(vendor: Vendor) -> str:
    """The newest first, page by page; days without hours, so that nobody is told when somebody of the club works."""
    session = db.session()
    page = min(max(request.args.get("page", 1, type=int) or 1, 1), LAST)
    names = {one.person.id: one.person.name for one in people.colleagues_of(session, vendor.id)}
    found = exported_evidence.latest_readings(session, vendor.id, names, page, PAGE)
    return render_template(
        "company/readings.html",
        rows=found[:PAGE],
        club=lambda code: CLUB.get(code, _l("Câu lạc bộ")),
        first=url_for("company.readings") if page > 1 else None,
        before=url_for("company.readings", page=page - 1) if page > 1 else None,
        further=url_for("company.readings", page=page + 1) if len(found) > PAGE and page < LAST else None,
    )
