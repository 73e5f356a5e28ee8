"""Routes of reviewers' questions: one question by letter, answered once by somebody of the company."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import questions
from assessments.errors import Invalid, NotFound
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import people
from assessments.queries import questions as queries
from assessments.states import State
from criteria import store
from registry import access, db
from registry.applications.blueprint import bp
from registry.applications.forms import QuestionAnswer
from registry.i18n import translate


@bp.get("/<ref>/questions/<uuid:question_id>")
@access.on_application(Permission.EDIT)
def question(application: Application, question_id: UUID) -> str:
    """One question, and its answer or the form for it."""
    return _page(application, question_id, QuestionAnswer(formdata=None))


@bp.post("/<ref>/questions/<uuid:question_id>")
@access.on_application(Permission.EDIT)
def answer_question(application: Application, question_id: UUID) -> Any:
    """Answer it, once and for all."""
    form = QuestionAnswer()
    if not form.validate():
        return _page(application, question_id, form), 422
    try:
        questions.answer(db.session(), access.me(), application, question_id, form.text.data or "")
    except Invalid as refusal:
        form.text.errors = [translate(refusal.message, **refusal.values)]
        return _page(application, question_id, form), 422
    db.commit()
    flash(_("Đã gửi câu trả lời cho người đánh giá."))
    return redirect(url_for("applications.messages", ref=application.ref))


def _page(application: Application, question_id: UUID, form: QuestionAnswer) -> str:
    session = db.session()
    every = queries.of_application(session, application.id)
    found = next(((one, letter) for one, letter in every if one.id == question_id), None)
    if found is None:
        raise NotFound
    one, letter = found
    return render_template(
        "applications/question.html",
        application=application,
        question=one,
        letter=letter,
        criterion=store.load(application.edition_id).criterion(one.criterion),
        by=people.name_of(session, one.answered_by) if one.answered_by else "",
        may_answer=application.state is State.IN_REVIEW and one.waits,
        form=form,
        left=queries.room(application) - queries.running(application),
    )
