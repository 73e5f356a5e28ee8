"""Routes of test access for its vendor: accounts to try the product out with, and who opened them."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import clock
from assessments import test_access as verbs
from assessments.errors import N_, Invalid, WrongState
from assessments.models import Application, TestAccess
from assessments.policy import Permission
from assessments.queries import people, reviews
from assessments.queries import test_access as queries
from assessments.queries.standings import OVER
from assessments.test_access import Account, Contents
from registry import access, db, sealed
from registry.applications.blueprint import bp
from registry.applications.forms import TestAccount
from registry.i18n import translate

UNREADABLE = N_(
    "Không mở được tài khoản này vì khóa mã hóa của máy chủ đã đổi. Báo văn phòng Câu lạc bộ, hoặc xóa rồi nhập lại."
)


@dataclass(frozen=True)
class Row:
    """One account on the page, and who opened it when, the newest first."""

    account: TestAccess
    openings: list[tuple[str, datetime]] = field(default_factory=list)


@bp.get("/<ref>/test-access")
@access.on_application(Permission.EDIT)
def test_access(application: Application) -> str:
    """The accounts, and a form for one more."""
    return _page(application, TestAccount(formdata=None))


@bp.post("/<ref>/test-access")
@access.on_application(Permission.EDIT)
def add_test_access(application: Application) -> Response | tuple[str, int]:
    """Add one."""
    form = TestAccount()
    if not form.validate():
        return _page(application, form), 422
    try:
        verbs.add(db.session(), access.me(), application, _given(form), sealed.ring(sealed.TEST_ACCESS).seal)
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(application, form), 422
    db.commit()
    flash(_("Đã thêm tài khoản thử."))
    return redirect(url_for("applications.test_access", ref=application.ref))


@bp.post("/<ref>/test-access/<uuid:account_id>/reveal")
@access.on_application(Permission.EDIT)
def reveal_test_access(application: Application, account_id: UUID) -> str:
    """Show what one says: in this answer only, written down."""
    try:
        contents = verbs.reveal(
            db.session(), access.me(), application, account_id, sealed.ring(sealed.TEST_ACCESS).open
        )
    except sealed.Unreadable as error:
        raise WrongState(UNREADABLE) from error
    db.commit()
    return _page(application, TestAccount(formdata=None), account_id, contents)


@bp.post("/<ref>/test-access/<uuid:account_id>/remove")
@access.on_application(Permission.EDIT)
def remove_test_access(application: Application, account_id: UUID) -> Response:
    """Take one back."""
    verbs.remove(db.session(), access.me(), application, account_id)
    db.commit()
    flash(_("Đã xóa tài khoản thử."))
    return redirect(url_for("applications.test_access", ref=application.ref))


def _given(form: TestAccount) -> Account:
    contents = Contents(
        form.address.data or "", form.user_name.data or "", form.password.data or "", form.notes.data or ""
    )
    return Account(form.label.data or "", contents, form.valid_until.data)


def _page(
    application: Application, form: TestAccount, opened: UUID | None = None, contents: Contents | None = None
) -> str:
    return render_template(
        "applications/test_access.html",
        application=application,
        form=form,
        rows=_rows(application),
        opened=opened,
        contents=contents,
        over=application.state in OVER,
        today=clock.today(),
    )


def _rows(application: Application) -> list[Row]:
    session = db.session()
    rows = {one.id: Row(one) for one in queries.accounts_of(session, application.id)}
    openings = queries.openings_of(session, application.id)
    names = _names(application) if openings else {}
    for one in openings:
        rows[one.account_id].openings.append((names.get(one.person_id, ""), one.at))
    return list(rows.values())


def _names(application: Application) -> dict[UUID, str]:
    """Colleagues by name, reviewers by the letter that stands for them."""
    session = db.session()
    colleagues = people.colleagues_of(session, application.vendor_id)
    letters = {
        one.reviewer_id: _("Người đánh giá %(letter)s", letter=one.letter)
        for one in reviews.ever(session, application.id)
    }
    return letters | {one.person.id: one.person.name for one in colleagues}
