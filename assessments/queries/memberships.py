"""Questions about membership of the club."""

from sqlmodel import Session, col, or_, select

from assessments.models import Vendor
from assessments.people import Actor
from assessments.queries.standings import has_interest_in, interest_window_start
from criteria import store


def of_the_club(session: Session) -> list[Vendor]:
    """Companies that are members or say so: claims first, the oldest on top, then the confirmed by name."""
    question = (
        select(Vendor)
        .where(or_(col(Vendor.club_member), col(Vendor.membership_claimed_at).is_not(None)))
        .order_by(col(Vendor.membership_claimed_at).is_(None), col(Vendor.membership_claimed_at), col(Vendor.name))
    )
    return list(session.exec(question).all())


def vendor_by_slug(session: Session, slug: str) -> Vendor | None:
    """The company of that address."""
    return session.exec(select(Vendor).where(Vendor.slug == slug)).one_or_none()


def is_free(session: Session, actor: Actor, vendor: Vendor) -> bool:
    """Whether a person has no interest in a company, now or within the window of the edition in force."""
    since = interest_window_start(store.current().id)
    return not session.execute(select(has_interest_in(actor.id, vendor.id, since))).scalar_one()
