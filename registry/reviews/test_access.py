"""Routes under /reviews/<ref>/test-access: the vendor's test accounts, opened one by one, each time written down."""

from uuid import UUID

from flask import Blueprint, render_template

from assessments import clock
from assessments import test_access as verbs
from assessments.errors import N_, WrongState
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import test_access as queries
from assessments.test_access import FOR_REVIEWERS, Contents
from registry import access, db, sealed
from registry.reviews import bench as benches
from registry.reviews.forms import PlainForm

bp = Blueprint("test_access", __name__, url_prefix="/<ref>/test-access")

UNREADABLE = N_("Không mở được tài khoản này vì khóa mã hóa của máy chủ đã đổi. Báo văn phòng Câu lạc bộ.")


@bp.get("")
@access.on_application(Permission.REVIEW)
def index(application: Application) -> str:
    """The accounts by their labels."""
    return _page(application)


@bp.post("/<uuid:account_id>")
@access.on_application(Permission.REVIEW)
def reveal(application: Application, account_id: UUID) -> str:
    """Show what one says: in this answer only, written down; the vendor sees the reviewer's letter."""
    try:
        contents = verbs.reveal(
            db.session(), access.me(), application, account_id, sealed.ring(sealed.TEST_ACCESS).open
        )
    except sealed.Unreadable as error:
        raise WrongState(UNREADABLE) from error
    db.commit()
    return _page(application, account_id, contents)


def _page(application: Application, opened: UUID | None = None, contents: Contents | None = None) -> str:
    session, me = db.session(), access.me().id
    openings = queries.openings_of(session, application.id)
    return render_template(
        "reviews/test_access/index.html",
        bench=benches.bench(session, application, me),
        accounts=queries.accounts_of(session, application.id),
        mine=[one for one in openings if one.person_id == me],
        opened=opened,
        contents=contents,
        may_open=application.state in FOR_REVIEWERS,
        today=clock.today(),
        button=PlainForm(formdata=None),
    )
