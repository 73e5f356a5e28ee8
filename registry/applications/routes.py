"""Routes under /applications: the list, a new application, its page, its end; the other nouns stand beside."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import applications
from assessments.applications import Beginning
from assessments.clock import today
from assessments.errors import WrongState
from assessments.models import Application, Product, Vendor
from assessments.policy import Permission
from assessments.queries.appeals import Appealable, standing_reductions
from assessments.queries.applications import listed_for, newest
from assessments.queries.offers import Offer, offers_of
from assessments.queries.renewals import later_of
from assessments.queries.surveillance import drawn_for
from assessments.states import FOLLOWING
from registry import access, db, editions, recourse, renewals, timeline
from registry.applications import (
    agreements,
    answers,
    board,
    carried,
    changes,
    corrections,
    earlier,
    exports,
    imports,
    messages,
    profiles,
    questions,
    receipts,
    sentences,
    submissions,
    test_access,
)
from registry.applications.blueprint import bp
from registry.applications.forms import NEW, Start, Withdrawal
from registry.applications.sentences import Outcome

__all__ = [  # one blueprint, several nouns
    "agreements",
    "answers",
    "bp",
    "carried",
    "changes",
    "corrections",
    "earlier",
    "exports",
    "imports",
    "messages",
    "profiles",
    "questions",
    "receipts",
    "submissions",
    "test_access",
]


@bp.get("")
@access.on_vendor()
def index(vendor: Vendor) -> str:
    """The company's applications."""
    listed = listed_for(db.session(), vendor.id)
    return render_template("applications/index.html", vendor=vendor, listed=listed, timeline=timeline)


@bp.get("/new")
@access.on_vendor()
def new(vendor: Vendor) -> str:
    """Ask what it is about: a product that applies, or a certificate that is renewed or changed."""
    found = offers_of(db.session(), vendor.id)
    last = newest(db.session(), vendor.id)
    form = Start(data={"product": request.args.get("product"), "newest": last.ref if last else ""})
    form.offer(_beginners(found))
    return _new_page(vendor, form, found)


@bp.post("")
@access.on_vendor()
def start(vendor: Vendor) -> Response | tuple[str, int]:
    """Open a draft; where one runs already, or this button was pressed twice, its page is shown the way to."""
    found = offers_of(db.session(), vendor.id)
    form = Start()
    form.offer([offer.product for offer in found])
    if not form.validate():
        form.offer(_beginners(found))
        return _new_page(vendor, form, found), 422
    try:
        application = applications.start(db.session(), access.me(), vendor.id, _beginning(form))
    except WrongState as refusal:
        return carried.lead_to_running(refusal)
    db.commit()
    flash(_("Đã lập hồ sơ %(ref)s. Câu lạc bộ chưa nhận gì cho đến khi hồ sơ được nộp.", ref=application.ref))
    return redirect(url_for("applications.show", ref=application.ref))


@bp.get("/<ref>")
@access.on_application(Permission.VIEW)
def show(application: Application) -> str:
    """The task list of a draft; later the state, whose turn it is, the timeline and what was handed in."""
    found = board.board_of(db.session(), application)
    sent, outcome = found.submission.content if found.submission else None, found.outcome
    return render_template(
        "applications/show.html",
        board=found,
        standing=access.standing(),
        sentences=sentences,
        timeline=timeline,
        content=submissions.view(application.ref, found.edition, sent) if sent else None,
        later=later_of(db.session(), application) if found.work and application.kind in FOLLOWING else None,
        renewals=renewals,
        drawn=drawn_for(db.session(), application),
        today=today(),
        offers=recourse.offers(application, outcome.decision, outcome.certificate, _reductions(application, outcome)),
        recourse=recourse,
    )


@bp.get("/<ref>/withdraw")
@access.on_application(Permission.WITHDRAW)
def withdraw(application: Application) -> str:
    """Ask once more."""
    return render_template("applications/withdraw.html", application=application, form=Withdrawal())


@bp.post("/<ref>/withdraw")
@access.on_application(Permission.WITHDRAW)
def end(application: Application) -> Response | tuple[str, int]:
    """Withdraw the application."""
    form = Withdrawal()
    if not form.validate():
        return render_template("applications/withdraw.html", application=application, form=form), 422
    applications.withdraw(db.session(), access.me(), application, form.reason.data or "")
    db.commit()
    flash(_("Đã rút hồ sơ %(ref)s.", ref=application.ref))
    return redirect(url_for("applications.show", ref=application.ref))


def _reductions(application: Application, outcome: Outcome) -> list[Appealable]:
    """What was taken from its certificate and can be appealed; without a question where nothing was."""
    if outcome.certificate is None or outcome.certificate.revision == 1:
        return []
    return standing_reductions(db.session(), application)


def _beginners(found: list[Offer]) -> list[Product]:
    return [offer.product for offer in found if offer.may_begin]


def _new_page(vendor: Vendor, form: Start, found: list[Offer]) -> str:
    return render_template(
        "applications/new.html", vendor=vendor, form=form, edition=editions.current(), offers=found, renewals=renewals
    )


def _beginning(form: Start) -> Beginning:
    edition_id = editions.current().id
    if form.product.data == NEW:
        names = (form.name_vi.data or "", form.name_en.data or "")
        return Beginning(edition_id, None, *names, newest=form.newest.data or "")
    return Beginning(edition_id, product_id=UUID(form.product.data))
