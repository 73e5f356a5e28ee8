"""Routes of the simulation before an edition is published: what it would mean for every live certificate."""

from collections.abc import Sequence
from datetime import date

from flask import Response, render_template, request

from assessments.queries import editions as queries
from assessments.queries.impacts import Effect, Impact, impact_of
from criteria.model import Edition
from registry import access, db
from registry.criteria import impact_tables
from registry.criteria.blueprint import READERS, any_edition, bp
from registry.documents.attachment import attachment
from registry.documents.spreadsheet import MIMETYPE

PAGE = 50


@bp.get("/<edition_id>/impact")
@access.role(*READERS)
def impact(edition_id: str) -> str:
    """Sums over all of them, and a page of certificates, each with what it would be asked and what it would keep."""
    session, edition = db.session(), any_edition(edition_id)
    found = impact_of(session, access.me(), edition)
    wanted = [one for one in found.effects if not _losing() or one.loses]
    start = _start(wanted)
    return render_template(
        "criteria/impact.html",
        edition=edition,
        impact=found,
        effects=wanted[start : start + PAGE],
        total=len(wanted),
        start=start,
        following=wanted[start + PAGE - 1].live.number if len(wanted) > start + PAGE else "",
        losing=_losing(),
        until=_until(edition),
        tables=impact_tables,
        is_draft=queries.is_draft(edition, queries.publications(session)),
    )


@bp.get("/<edition_id>/impact.xlsx")
@access.role(*READERS)
def impact_xlsx(edition_id: str) -> Response:
    """The same as a spreadsheet, every certificate of it."""
    edition, found = _impact(edition_id)
    content = impact_tables.xlsx(edition, found, _until(edition))
    return attachment(content, f"impact-{edition.id}.xlsx", MIMETYPE)


@bp.get("/<edition_id>/impact.csv")
@access.role(*READERS)
def impact_csv(edition_id: str) -> Response:
    """The certificates as plain text."""
    edition, found = _impact(edition_id)
    content = impact_tables.csv(edition, found, _until(edition))
    return attachment(content, f"impact-{edition.id}.csv", "text/csv; charset=utf-8")


def _impact(edition_id: str) -> tuple[Edition, Impact]:
    edition = any_edition(edition_id)
    return edition, impact_of(db.session(), access.me(), edition)


def _losing() -> bool:
    """Whether only certificates are shown whose level would fall."""
    return request.args.get("show") == "losing"


def _start(wanted: Sequence[Effect]) -> int:
    """Where the page begins: after the certificate that the address names."""
    after = request.args.get("after", "")
    numbers = [one.live.number for one in wanted]
    return numbers.index(after) + 1 if after in numbers else 0


def _until(edition: Edition) -> date | None:
    """The last day of the transition: as published, or as proposed; None where nobody has said one."""
    session = db.session()
    said = queries.publication_of(session, edition.id) or queries.open_proposal(session, edition.id)
    return said.transition_until if said else None
