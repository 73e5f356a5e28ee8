"""Routes under /reviews/<ref>/test-records: what a reviewer tried by hand. Their files stand under /evidence."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import clock
from assessments import test_records as verbs
from assessments.desks import open_review
from assessments.errors import Conflict, Invalid
from assessments.models import Application, TestRecord
from assessments.policy import Permission
from assessments.queries import reviews
from assessments.queries import test_records as queries
from assessments.queries.consensus import applicable_criteria
from assessments.queries.test_records import Item
from assessments.states import State
from registry import access, db
from registry.i18n import translate
from registry.reviews.forms import PlainForm, TestRecordForm
from registry.templating import bi

bp = Blueprint("test_records", __name__, url_prefix="/<ref>/test-records")


@bp.get("")
@access.on_application(Permission.READ_TESTS)
def index(application: Application) -> str:
    """One's own tests; everybody's once all reviews are final."""
    session, me = db.session(), access.me().id
    team = reviews.active(session, application.id)
    mine = next((one for one in team if one.reviewer_id == me), None)
    return render_template(
        "reviews/test_records/index.html",
        application=application,
        items=queries.visible_to(session, access.standing(), team, me),
        mine=mine,
        may_write=mine is not None and mine.final_at is None and application.state is State.IN_REVIEW,
        everybody=reviews.all_final(team),
        back="" if mine else access.desk(application.ref),
        button=PlainForm(formdata=None),
    )


@bp.get("/new")
@access.on_application(Permission.REVIEW)
def new(application: Application) -> str:
    """The form of a new test."""
    form = TestRecordForm(
        formdata=None,
        criteria=[request.args.get("c", "")],
        product_version=application.profile.get("version", ""),
        tested_on=clock.today(),
    )
    return _page(application, form)


@bp.post("/new")
@access.on_application(Permission.REVIEW)
def add(application: Application) -> Any:
    """Write it down; files follow."""
    form = _offered(application, TestRecordForm())
    if not form.validate():
        return _page(application, form), 422
    try:
        record = verbs.add(db.session(), access.me(), application, form.facts())
    except Invalid as refusal:
        return _refused(application, form, refusal)
    db.commit()
    flash(_("Đã ghi lần tự thử. Thêm ảnh, video hoặc nhật ký nếu có."))
    return redirect(url_for("reviews.test_records.edit", ref=application.ref, record_id=record.id))


@bp.get("/<uuid:record_id>")
@access.on_application(Permission.REVIEW)
def edit(application: Application, record_id: UUID) -> str:
    """One's own test: its facts and its files."""
    found = _own(application, record_id)
    return _page(application, TestRecordForm(formdata=None, obj=found.record), found)


@bp.post("/<uuid:record_id>")
@access.on_application(Permission.REVIEW)
def change(application: Application, record_id: UUID) -> Any:
    """Write something else down."""
    found, form = _own(application, record_id), _offered(application, TestRecordForm())
    if not form.validate():
        return _page(application, form, found), 422
    version = form.version.data or 0
    try:
        verbs.change(db.session(), access.me(), application, record_id, form.facts(), version)
    except Invalid as refusal:
        return _refused(application, form, refusal, found)
    except Conflict as conflict:
        form.version.data, form.version.raw_data = found.record.version, None
        return _page(application, form, found, conflict), 409
    db.commit()
    flash(_("Đã lưu lần tự thử."))
    return redirect(url_for("reviews.test_records.index", ref=application.ref))


def _refused(application: Application, form: TestRecordForm, refusal: Invalid, found: Item | None = None) -> Any:
    form.form_errors.append(translate(refusal.message, **refusal.values))
    return _page(application, form, found), 422


def _own(application: Application, record_id: UUID) -> Item:
    session = db.session()
    review = open_review(session, access.me(), application)
    record: TestRecord = verbs.own(session, review, record_id)
    return Item(record, review.letter, tuple(queries.files_of(session, record.id)))


def _offered(application: Application, form: TestRecordForm) -> TestRecordForm:
    criteria = applicable_criteria(db.session(), application)
    form.criteria.choices = [(one.code, f"{one.code} {bi(one.title)}") for one in criteria]
    return form


def _page(
    application: Application, form: TestRecordForm, found: Item | None = None, conflict: Conflict | None = None
) -> str:
    session = db.session()
    open_review(session, access.me(), application)
    return render_template(
        "reviews/test_records/edit.html",
        application=application,
        form=_offered(application, form),
        item=found,
        conflict=conflict,
        button=PlainForm(formdata=None),
    )
