"""What the question of interests is asked with: all that is told of an application before its file opens."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from assessments.clock import today
from assessments.models import Application, Interest, Product, Vendor
from assessments.people import Actor
from assessments.queries.applications import product_and_vendor
from assessments.queries.catalogue import cards_of_vendor
from assessments.queries.interests import interests_of
from assessments.queries.standings import interest_window_start
from assessments.queries.suggestions import Suggestion, suggested
from criteria import store


@dataclass(frozen=True)
class Question:
    """Product and company with the names they are known by, one's own register, and what was noticed.

    Nothing of the file, and nobody of the company but its legal representative, who stands in public registers.
    """

    application: Application
    product: Product
    vendor: Vendor
    published: tuple[str, ...]  # the company's other products that everybody can read about, in Vietnamese
    register: tuple[Interest, ...]
    noticed: tuple[Suggestion, ...]

    @property
    def months(self) -> int:
        """How long a past interest counts."""
        return store.load(self.application.edition_id).periods.interest_window_months


def question_of(session: Session, actor: Actor, application: Application) -> Question:
    """The question as a person is asked it; whoever calls it has seen to it that they are."""
    product, vendor = product_and_vendor(session, application)
    since = interest_window_start(application.edition_id)
    published = dict.fromkeys(card.name.vi for card in cards_of_vendor(session, vendor.slug, today()))
    counting = (one for one in interests_of(session, actor.id) if _counts(one, since))
    return Question(
        application=application,
        product=product,
        vendor=vendor,
        published=tuple(name for name in published if name != product.name),
        register=tuple(counting),
        noticed=suggested(session, application, [actor.id]).get(actor.id, ()),
    )


def _counts(entry: Interest, since: date) -> bool:
    last = entry.ended_on or entry.until
    return entry.retracted_at is None and (last is None or last >= since)
