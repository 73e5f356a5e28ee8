"""Routes under /reviews/<ref>/history/<code>: every version of one's own score, read and brought back by oneself."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import reviews
from assessments.errors import Conflict
from assessments.models import Application, Score, ScoreVersion
from assessments.policy import Permission
from assessments.queries import versions
from assessments.queries.versions import PAGE
from assessments.states import State
from registry import access, db, marks
from registry.forms import some_id, whole
from registry.reviews import bench as benches
from registry.reviews.bench import Bench
from registry.reviews.forms import BASES, PlainForm
from registry.versions import Stored, Told, Version, versions_of

bp = Blueprint("history", __name__, url_prefix="/<ref>/history")


@bp.get("/<code>")
@access.on_application(Permission.REVIEW)
def show(application: Application, code: str) -> str:
    """Every version of one's own score of a criterion, newest first."""
    return _page(application, code)


@bp.post("/<code>")
@access.on_application(Permission.REVIEW)
def restore(application: Application, code: str) -> Any:
    """Bring one back, as a new version."""
    earlier = some_id(request.form.get("text")), whole(request.form.get("seen"))
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
    """The versions of a page: one's own, and nobody else's."""
    titles = {str(one["id"]): str(one["title"]) for one in bench.answer(score.criterion).get("evidence", ())}
    top = versions.count_score_versions(db.session(), score, found[0].version) if found else 0
    stored = [Stored(one.id, one.version, one.saved_at, one.begun_at is not None, _told(one, titles)) for one in found]
    return versions_of(stored, PAGE, top, score.version)


def _told(version: ScoreVersion, titles: dict[str, str]) -> Told:
    marking = reviews.marking_in(version.content)
    said = (
        (_("Điểm"), marks.spoken(marking.mark)),
        (_("Căn cứ của điểm 4"), str(BASES[marking.basis]) if marking.basis else ""),
        (_("Lý do"), marking.rationale),
        (_("Điểm dựa vào"), "\n".join(titles.get(one, one) for one in marking.relied_on)),
        (_("Chỉ nhóm đánh giá và hội đồng"), marking.panel_only),
        (_("Nhà cung cấp sẽ đọc"), marking.to_vendor),
    )
    return [(label, text, "") for label, text in said]
