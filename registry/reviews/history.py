"""Routes under /reviews/<ref>/history/<code>: every version of one's own score, read and brought back by oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from assessments import reviews
from assessments.errors import Conflict, NotFound
from assessments.models import Application, Score, ScoreVersion
from assessments.policy import Permission
from assessments.queries import versions
from assessments.queries.versions import PAGE
from assessments.states import State
from registry import access, db, marks
from registry.differences import merged
from registry.forms import whole
from registry.reviews import bench as benches
from registry.reviews.bench import Bench
from registry.reviews.forms import BASES, PlainForm

bp = Blueprint("history", __name__, url_prefix="/<ref>/history")

Told = list[tuple[str, str]]  # label and text of every field


@dataclass(frozen=True)
class Row:
    """One field of a version: its text, with what was added and left out since the version before."""

    label: str
    text: Markup
    language: str = ""


@dataclass(frozen=True)
class Version:
    """One version as components/drafts.html draws it."""

    id: UUID
    key: int
    number: int
    at: datetime
    auto: bool
    present: bool
    first: bool
    rows: list[Row]
    who: str = ""  # one's own, and nobody else's


@bp.get("/<code>")
@access.on_application(Permission.REVIEW)
def show(application: Application, code: str) -> str:
    """Every version of one's own score of a criterion, newest first."""
    return _page(application, code)


@bp.post("/<code>")
@access.on_application(Permission.REVIEW)
def restore(application: Application, code: str) -> Any:
    """Bring one back, as a new version."""
    earlier = _uuid(request.form.get("text", "")), whole(request.form.get("seen"))
    try:
        reviews.restore(db.session(), access.me(), application, code, earlier)
    except Conflict as conflict:
        return _page(application, code, conflict), 409
    db.commit()
    flash(_("Đã dùng lại bản cũ. Bản trước đó vẫn còn trong các bản đã lưu."))
    return redirect(url_for("reviews.show", ref=application.ref, c=code))


def _page(application: Application, code: str, conflict: Conflict | None = None) -> str:
    session = db.session()
    bench = benches.bench(session, application, access.me().id)
    criterion, score = bench.criterion(code), bench.own.get(code)
    before = whole(request.args.get("before")) or None
    found = versions.score_versions(session, score, before) if score else []
    rows = _versions(bench, score, found) if score else []
    return render_template(
        "reviews/history/show.html",
        bench=bench,
        criterion=criterion,
        versions=rows,
        older=rows[-1].key if len(found) > PAGE else None,
        seen=score.version if score else 0,
        may_restore=bench.mine.final_at is None and application.state is State.IN_REVIEW,
        conflict=conflict,
        form=PlainForm(formdata=None),
    )


def _versions(bench: Bench, score: Score, found: Sequence[ScoreVersion]) -> list[Version]:
    """The versions of a page, each beside the one before it."""
    titles = {str(one["id"]): str(one["title"]) for one in bench.answer(score.criterion).get("evidence", ())}
    told = [_told(one, titles) for one in found]
    top = versions.count_score_versions(db.session(), score, found[0].version) if found else 0
    return [
        Version(
            id=one.id,
            key=one.version,
            number=top - place,
            at=one.saved_at,
            auto=one.begun_at is not None,
            present=one.version == score.version,
            first=place + 1 == len(told),
            rows=list(_rows(told[place], told[place + 1] if place + 1 < len(told) else None)),
        )
        for place, one in enumerate(found[:PAGE])
    ]


def _rows(told: Told, before: Told | None) -> list[Row]:
    """What to show of a version: of the first one everything, of the others what changed."""
    if before is None:
        return [Row(label, Markup.escape(text)) for label, text in told if text]
    pairs = zip(told, before, strict=True)
    return [Row(label, merged(old, text)) for (label, text), (_label, old) in pairs if text != old]


def _told(version: ScoreVersion, titles: dict[str, str]) -> Told:
    marking = reviews.marking_in(version.content)
    return [
        (_("Điểm"), marks.spoken(marking.mark)),
        (_("Căn cứ của điểm 4"), str(BASES[marking.basis]) if marking.basis else ""),
        (_("Lý do"), marking.rationale),
        (_("Điểm dựa vào"), "\n".join(titles.get(one, one) for one in marking.relied_on)),
        (_("Chỉ nhóm đánh giá và hội đồng"), marking.panel_only),
        (_("Nhà cung cấp sẽ đọc"), marking.to_vendor),
    ]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
