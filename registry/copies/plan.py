"""What of the public side is copied, one line a route, and why the rest is not; then every address with its data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlmodel import Session

from registry import db
from registry.copies import sources
from registry.copies.sources import Place
from registry.i18n import LANGUAGES

VIETNAMESE = ("vi",)


@dataclass(frozen=True)
class Copied:
    """How one route is copied: for which places, in which languages, whether page by page, whether it never changes."""

    places: Callable[[Session], Iterator[Place]] = sources.once
    languages: tuple[str, ...] = LANGUAGES
    paged: bool = False
    lasting: bool = False  # what was copied once stays right: it is not asked for again
    last: bool = False  # entries and lists: after everything they lead to


@dataclass(frozen=True)
class Target:
    """One address to copy: as the application is asked (`path`, `query`) and as it is found in the copy (`address`)."""

    path: str
    query: str = ""
    address: str = ""
    endpoint: str = ""
    ends: date | None = None  # the last day on which it can be right
    product: str = ""  # hex of the product it tells of alone; nothing else on it changes with the register
    language: str = "vi"
    rule: Copied = Copied()

    @property
    def place(self) -> str:
        """Where it is found in the copy."""
        return self.address or self.path


PUBLISHED: Mapping[str, Copied] = {
    "static": Copied(sources.static_files, VIETNAMESE),
    "api.certificate": Copied(sources.certificates, VIETNAMESE),
    "api.certificates": Copied(languages=VIETNAMESE, last=True),
    "api.criteria": Copied(languages=VIETNAMESE),
    "api.criterion": Copied(sources.criteria_of_api, VIETNAMESE),
    "api.description": Copied(languages=VIETNAMESE),
    "api.docs": Copied(),
    "api.edition": Copied(sources.editions_of_api, VIETNAMESE),
    "api.editions": Copied(languages=VIETNAMESE),
    "api.events": Copied(languages=VIETNAMESE, last=True),
    "api.product": Copied(sources.products, VIETNAMESE),
    "api.products": Copied(languages=VIETNAMESE, last=True),
    "api.start": Copied(languages=VIETNAMESE),
    "api.vendor": Copied(sources.vendors, VIETNAMESE),
    "api.vendors": Copied(languages=VIETNAMESE, last=True),
    "apply.blank": Copied(),
    "apply.blank_xlsx": Copied(),
    "apply.index": Copied(),
    "badges.index": Copied(),
    "badges.picture": Copied(sources.badges),
    "certificates.data": Copied(sources.certificates, VIETNAMESE),
    "certificates.papers.pdf": Copied(sources.certificates),
    "certificates.papers.show": Copied(sources.certificates),
    "certificates.previews.picture": Copied(sources.certificates),
    "certificates.show": Copied(sources.certificates),
    "certificates.verify": Copied(last=True),
    "changes.atom": Copied(last=True),
    "changes.data": Copied(languages=VIETNAMESE, last=True),
    "changes.index": Copied(paged=True, last=True),
    "changes.product_atom": Copied(sources.products),
    "changes.vendor_atom": Copied(sources.vendors),
    "committee.index": Copied(),
    "concerns.danger": Copied(),
    "concerns.index": Copied(),
    "credentials.show": Copied(sources.certificates, VIETNAMESE),
    "credentials.status": Copied(sources.status_lists, VIETNAMESE),
    "criteria.criterion": Copied(sources.criteria),
    "criteria.edition": Copied(sources.editions_by_id),
    "criteria.index": Copied(),
    "criteria.oscal_catalog": Copied(sources.editions_by_id),
    "criteria.printed": Copied(sources.editions_by_id),
    "criteria.xlsx": Copied(sources.editions_by_id),
    "data.datapackage": Copied(languages=VIETNAMESE),
    "data.file": Copied(sources.data_files, VIETNAMESE),
    "data.index": Copied(),
    "data.schema": Copied(sources.datasets, VIETNAMESE),
    "data.sums": Copied(languages=VIETNAMESE),
    "guides.index": Copied(),
    "guides.show": Copied(sources.guides),
    "keys.did": Copied(languages=VIETNAMESE),
    "keys.jwks": Copied(languages=VIETNAMESE),
    "laboratories.index": Copied(),
    "log.certificate": Copied(sources.logged_certificates, VIETNAMESE),
    "log.checkpoint": Copied(languages=VIETNAMESE, last=True),
    "log.entry": Copied(sources.log_entries, lasting=True),
    "log.index": Copied(paged=True, last=True),
    "log.leaf": Copied(sources.log_entries, VIETNAMESE, lasting=True),
    "log.proof": Copied(sources.log_entries, VIETNAMESE, lasting=True),
    "log.tile": Copied(sources.log_tiles, VIETNAMESE, lasting=True),
    "members.index": Copied(),
    "members.join": Copied(),
    "members.partners": Copied(),
    "pages.about": Copied(),
    "pages.accessibility": Copied(),
    "pages.home": Copied(last=True),
    "pages.privacy": Copied(),
    "pages.procedure": Copied(),
    "products.index": Copied(paged=True, last=True),
    "products.show": Copied(sources.products),
    "sitemaps.index": Copied(languages=VIETNAMESE, last=True),
    "sitemaps.part": Copied(sources.sitemap_parts, VIETNAMESE, last=True),
    "sitemaps.robots": Copied(languages=VIETNAMESE),
    "sitemaps.security": Copied(languages=VIETNAMESE),
    "transparency.csv": Copied(languages=VIETNAMESE),
    "transparency.index": Copied(),
    "transparency.pdf": Copied(sources.report_years),
    "transparency.show": Copied(sources.report_years),
    "transparency.year_csv": Copied(sources.figure_years, VIETNAMESE),
    "vendors.show": Copied(sources.vendors),
    "verifying.snapshot": Copied(languages=VIETNAMESE, last=True),
    "verifying.tool": Copied(languages=VIETNAMESE),
}

_PERSON = "about one person: signing in, joining, resetting a password"
_FORM = "a form: what is typed there is taken in by the application"
_ASKED = "answers what the address asks for; there are too many answers to write down"
_STATE = "the state of the application itself"

NOT_PUBLISHED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("accounts.forgot_password", "accounts.invitation", "accounts.mail_sent", "accounts.resend"),
            *("accounts.reset_password", "accounts.sign_in", "accounts.sign_up", "accounts.verify_email"),
            *("subscriptions.begin_again", "subscriptions.confirm", "subscriptions.unsubscribe"),
        ),
        _PERSON,
    ),
    **dict.fromkeys(
        (
            *("apply.begin_again", "apply.self_check", "complaints.begin_again", "complaints.follow"),
            *("complaints.new", "concerns.begin_again", "concerns.follow", "concerns.new", "concerns.write"),
            *("misuse.begin_again", "misuse.follow", "misuse.new", "subscriptions.new"),
        ),
        _FORM,
    ),
    **dict.fromkeys(("compare.index", "criteria.compare", "find.index", "find.show", "log.consistency"), _ASKED),
    **dict.fromkeys(("health.healthz", "health.readyz"), _STATE),
}


def targets() -> Iterator[Target]:
    """Every address of the copy, content before the lists that lead to it; pages of long lists come while reading.

    The addresses of one route are read at once, so that no reading of the database lasts as long as the writing.
    """
    for endpoint, rule in sorted(PUBLISHED.items(), key=_turn):
        with db.reading() as session:
            places = list(rule.places(session))
        for place in places:
            for language in rule.languages:
                yield _target(endpoint, rule, place, language)


def _turn(item: tuple[str, Copied]) -> tuple[bool, bool, str]:
    """Static files first, lists last."""
    endpoint, rule = item
    return rule.last, endpoint != "static", endpoint


def _target(endpoint: str, rule: Copied, place: Place, language: str) -> Target:
    path = current_app.url_map.bind("localhost").build(endpoint, place.values)
    prefix = "/en" if language == "en" else ""
    return Target(
        path=(prefix or "/") if path == "/" else prefix + path,
        query=place.query,
        address=prefix + place.address if place.address else "",
        endpoint=endpoint,
        ends=place.ends,
        product=place.product,
        language=language,
        rule=rule,
    )
