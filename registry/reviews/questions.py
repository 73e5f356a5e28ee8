"""Routes under /reviews/<ref>/questions: asking the vendor about a criterion by letter, and taking a question back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import questions as verbs
from assessments.errors import Invalid
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import questions as queries
from registry import access, db
from registry.i18n import translate
from registry.reviews import bench as benches
from registry.reviews.forms import PlainForm, QuestionForm

MINUTES = int(queries.COLLECTED.total_seconds() // 60)

bp = Blueprint("questions", __name__, url_prefix="/<ref>/questions")


@bp.get("")
@access.on_application(Permission.REVIEW)
def index(application: Application) -> str:
    """One's own questions with their answers; everybody's, by letter, once all are final."""
    session = db.session()
    found = benches.bench(session, application, access.me().id)
    return render_template(
        "reviews/questions/index.html",
        bench=found,
        asked=queries.visible_to(session, found.team, access.me().id),
        left=queries.room(application) - queries.running(application),
        button=PlainForm(formdata=None),
    )


@bp.get("/new")
@access.on_application(Permission.REVIEW)
def new(application: Application) -> str:
    """The form of a question."""
    return _page(application, QuestionForm(formdata=None))


@bp.post("/new")
@access.on_application(Permission.REVIEW)
def ask(application: Application) -> Any:
    """Ask; the clock of the reviews stops until the vendor answers."""
    form = QuestionForm()
    if not form.validate():
        return _page(application, form), 422
    code = request.args.get("c", "")
    try:
        verbs.ask(db.session(), access.me(), application, code, form.text.data or "")
    except Invalid as refusal:
        form.text.errors = [translate(refusal.message, **refusal.values)]
        return _page(application, form), 422
    db.commit()
    flash(_("Đã ghi câu hỏi. Thư báo đơn vị đi sau khoảng %(minutes)d phút, gộp mọi câu hỏi mới.", minutes=MINUTES))
    return redirect(url_for("reviews.show", ref=application.ref, c=code))


@bp.post("/<uuid:question_id>/withdraw")
@access.on_application(Permission.REVIEW)
def withdraw(application: Application, question_id: UUID) -> Any:
    """Take one's own question back."""
    question = verbs.withdraw(db.session(), access.me(), application, question_id)
    db.commit()
    flash(_("Đã rút câu hỏi."))
    return redirect(url_for("reviews.show", ref=application.ref, c=question.criterion))


def _page(application: Application, form: QuestionForm) -> str:
    found = benches.bench(db.session(), application, access.me().id)
    return render_template(
        "reviews/questions/new.html",
        bench=found,
        criterion=found.criterion(request.args.get("c", "")),
        form=form,
        most=verbs.MOST,
        most_a_day=verbs.MOST_A_DAY,
        minutes=MINUTES,
        days=queries.most(application),
    )
