"""Routes under /audit/follow-ups: what auditors have asked somebody to do, for that somebody."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import audit
from assessments.clock import today
from assessments.queries import audit as queries
from registry import access, db
from registry.audit import words
from registry.audit.forms import AnswerForm

bp = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")


@bp.get("")
@access.role(*queries.FOLLOWING)
def index() -> str:
    """The notes a person follows up, the open ones first."""
    return _page(AnswerForm())


@bp.post("/<uuid:note_id>/answer")
@access.role(*queries.FOLLOWING)
def answer(note_id: UUID) -> Any:
    """Say what was done; an auditor looks at it and closes the note."""
    form = AnswerForm()
    if not form.validate():
        return _page(form, note_id), 422
    audit.answer_note(db.session(), access.me(), note_id, form.done.data or "")
    db.commit()
    flash(_("Đã gửi cho kiểm soát viên."))
    return redirect(url_for("audit.follow_ups.index"))


def _page(form: AnswerForm, answering: UUID | None = None) -> str:
    found = queries.follow_ups(db.session(), access.me())
    return render_template(
        "audit/follow_ups/index.html", found=found, form=form, answering=answering, today=today(), words=words
    )
