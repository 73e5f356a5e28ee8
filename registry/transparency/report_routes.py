"""The office's pages of the yearly report: which years there are, the words of one, publishing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import situation_reports
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.people import Role
from assessments.queries import situation_reports as queries
from assessments.queries import transparency
from registry import access, db
from registry.i18n import translate
from registry.transparency import report as reports
from registry.transparency.forms import ReportForm, SeenForm

bp = Blueprint("reports", __name__, url_prefix="/reports")


def add_to(parent: Blueprint) -> None:
    """Hang these pages under the public ones."""
    parent.register_blueprint(bp)


@bp.get("")
@access.role(Role.COORDINATOR)
def index() -> str:
    """Every year that is over and has figures, and how far its report is."""
    session = db.session()
    years = [year for year in transparency.everything(session) if year < today().year]
    return render_template(
        "transparency/reports/index.html",
        years=years,
        drafts={one.year: one for one in queries.drafts(session)},
        published={one.year: one for one in queries.published(session)},
    )


@bp.get("/<int:year>")
@access.role(Role.COORDINATOR)
def edit(year: int) -> str:
    """The words of a year's report, and the report as it would be published now."""
    draft = queries.draft_of(db.session(), year)
    form = ReportForm(formdata=None, obj=draft, seen=draft.version if draft else 0)
    return _page(year, form)


@bp.post("/<int:year>")
@access.role(Role.COORDINATOR)
def save(year: int) -> Any:
    """Keep them."""
    form = ReportForm()
    if not form.validate():
        return _page(year, form), 422
    situation_reports.write(db.session(), access.me(), year, form.words(), form.version)
    db.commit()
    flash(_("Đã lưu bản nháp."))
    return redirect(url_for("transparency.reports.edit", year=year))


@bp.post("/<int:year>/publish")
@access.role(Role.COORDINATOR)
def publish(year: int) -> Any:
    """Publish it with the figures of this moment."""
    form = SeenForm()
    if not form.validate():
        return _faulty(year, form)
    try:
        situation_reports.publish(db.session(), access.me(), year, form.version)
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _faulty(year, form)
    db.commit()
    flash(_("Đã công bố báo cáo năm %(year)s.", year=str(year)))
    return redirect(url_for("transparency.reports.index"))


@bp.post("/<int:year>/drop")
@access.role(Role.COORDINATOR)
def drop(year: int) -> Any:
    """Throw the draft away."""
    form = SeenForm()
    if not form.validate():
        return _faulty(year, form)
    situation_reports.drop(db.session(), access.me(), year, form.version)
    db.commit()
    flash(_("Đã bỏ bản nháp."))
    return redirect(url_for("transparency.reports.index"))


def _faulty(year: int, faulty: SeenForm) -> Any:
    draft = queries.draft_of(db.session(), year)
    form = ReportForm(formdata=None, obj=draft, seen=draft.version if draft else 0)
    form.form_errors.extend(faulty.form_errors)
    return _page(year, form), 422


def _page(year: int, form: ReportForm) -> str:
    session = db.session()
    figures = transparency.everything(session)
    if year not in figures or year >= today().year:
        raise NotFound
    draft = queries.draft_of(session, year)
    return render_template(
        "transparency/reports/edit.html",
        year=year,
        form=form,
        draft=draft,
        published=queries.published_of(session, year),
        parts=reports.parts(figures[year], figures.get(year - 1)),
    )
