"""The shelf: every combination counts right, changes are followed, and nothing that was never committed stays."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from sqlmodel import Session, select

from assessments import catalogue, certificates, clock
from assessments.models import Listing, ListingFacet
from assessments.queries import catalogue as queries
from assessments.queries import matching, searches, shelf
from assessments.queries.certificates import status
from assessments.states import CertificateState, CertificateStatus
from bench import search as bench
from bench import shelving
from bench.products import generate
from tests import counting
from tests.listings import Published, Shop

COMBINATIONS = 150
WALKED = (
    queries.Search(),
    queries.Search(facets={"age": ("0-6", "16-17"), "platform": ("android",)}),
    queries.Search(facets={"price": ("free",)}, statuses=(CertificateStatus.SUSPENDED, CertificateStatus.EXPIRED)),
    queries.Search(facets={"level": ("L9",)}),
    queries.Search(text="chặn"),
)


@pytest.fixture
def engine(app):
    """The database; foreign keys are asked for again by its next connections."""
    yield app.extensions["engine"]
    app.extensions["engine"].dispose()


@pytest.fixture
def filled(engine):
    """Three hundred generated products."""
    shelving.fill(engine, generate(300))
    with Session(engine.execution_options(reading=True)) as session:
        yield session


def rows_of(session):
    """Each visible listing with its values and status, read plainly."""
    day = clock.today()
    values = {}
    for one in session.exec(select(ListingFacet)).all():
        values.setdefault(one.listing_id, set()).add((one.facet, one.value))
    listings = session.exec(select(Listing)).all()
    visible = [one for one in listings if one.first_day <= day <= one.last_day]
    return [({*values[one.certificate_id], ("status", status(one, day).value)}, one) for one in visible]


def fits(values, wanted, besides=""):
    """Whether a product has one of the values asked for in each facet."""
    asked = {**wanted.facets, "status": tuple(one.value for one in wanted.statuses)}
    parts = [(name, found) for name, found in asked.items() if found and name != besides]
    return all(any((name, value) in values for value in found) for name, found in parts)


def chosen(random):
    """Some search: up to three facets with up to two values, and sometimes a status."""
    known = {
        "age": ["0-6", "7-11", "12-15", "16-17"],
        "platform": ["android", "ios", "windows", "api", "router_isp"],
        "category": ["PC", "CF", "DL", "KP"],
        "price": ["free", "subscription"],
        "language": ["vi", "en"],
        "level": ["L1", "L2", "L3"],
        "worry": ["content", "contact", "conduct", "contract"],
    }
    names = random.sample(sorted(known), random.randrange(4))
    facets = {name: tuple(random.sample(known[name], random.choice((1, 2)))) for name in names}
    statuses = (CertificateStatus.ACTIVE,) if random.random() < 0.3 else ()
    return queries.Search(facets=facets, statuses=statuses)


def test_the_number_beside_every_value_is_right_for_every_combination(filled):
    rows = rows_of(filled)
    random = Random(7)  # noqa: S311  the same combinations in every run
    for _ in range(COMBINATIONS):
        wanted = chosen(random)
        found = queries.search(filled, wanted, clock.today())
        assert found.total == sum(fits(values, wanted) for values, _ in rows)
        for facet in (*queries.FACETS, "status"):
            right = Counter(
                value for values, _ in rows if fits(values, wanted, facet) for name, value in values if name == facet
            )
            shown = {value: number for (name, value), number in found.counts.items() if name == facet and number}
            assert shown == right, (wanted, facet)


def test_counts_stop_at_a_thousand(engine):
    shelving.fill(engine, generate(1_010))
    with Session(engine.execution_options(reading=True)) as session:
        found = queries.search(session, queries.Search(), clock.today())
        assert (found.total, queries.counts(session, clock.today())["all", ""]) == (1_001, 1_001)
        assert found.counts["language", "vi"] == 1_001
        assert found.counts["status", "suspended"] < 1_000


def test_names_are_walked_in_order_to_the_last_page_and_back(filled):
    wanted, seen = queries.Search(sort="name"), []
    page = queries.search(filled, wanted, clock.today())
    while True:
        seen.append([card.slug for card in page.cards])
        if not page.after:
            break
        page = queries.search(filled, queries.Search(sort="name", after=page.after), clock.today())
    expected = [one.slug for _, one in sorted(rows_of(filled), key=lambda row: row[1].sort_key)]
    assert [slug for slugs in seen for slug in slugs] == expected
    while page.before is not None:
        page = queries.search(filled, queries.Search(sort="name", after=page.before), clock.today())
        seen.pop()
        assert [card.slug for card in page.cards] == seen[-1]
    assert len(seen) == 1


def test_every_order_is_walked_page_by_page_and_back(filled):
    """Each page begins where the one before has ended, says how many were before, and knows the way back."""
    day = shelf.of(filled).day(clock.today())
    numbers = {one.certificate_id: one.number for one in filled.exec(select(Listing)).all()}
    for sort, wanted in product(queries.SORTS, WALKED):
        pages = walked(filled, replace(wanted, sort=sort))
        seen = [card.number for page in pages for card in page.cards]
        assert seen == [numbers[day.entry(place).id] for place in in_order(day, wanted, sort)], (sort, wanted)
        assert [page.first for page in pages] == [1 + queries.PAGE * place for place in range(len(pages))]
        assert [page.before for page in pages[:2]] == [None, ""][: len(pages)]
        for page, earlier in zip(pages[2:], pages[1:], strict=False):
            back = queries.search(filled, replace(wanted, sort=sort, after=page.before), clock.today())
            assert back.cards == earlier.cards


def walked(session, wanted):
    """Every page of a search."""
    pages = [queries.search(session, wanted, clock.today())]
    while pages[-1].after:
        pages.append(queries.search(session, replace(wanted, after=pages[-1].after), clock.today()))
    return pages


def in_order(day, wanted, sort):
    """The places that fit, put in order one by one."""
    found = matching.find(day, wanted.text)
    fits = searches.fitting(day, wanted) & found.bits
    cells = [cell for _score, cell in found.cells] if sort == "recommended" and found.cells else [fits]
    key = "match" if sort == "recommended" and found.cells else sort
    return [
        place
        for cell in cells
        for place in sorted(shelf.members(cell & fits), key=lambda place: shelf._KEYS[key](day, place))
    ]


def test_what_is_followed_is_what_would_be_read(app, session, world):
    """After every kind of change, the shelf that was followed is the same as one read anew."""
    shop = Shop(world)
    certificate = shop.publish(name="Đèn Nhà")
    same_as_read(app)
    shop.publish(name="Ấm Áp", state=CertificateState.SUSPENDED)
    same_as_read(app)
    change = certificates.Change("Lỗi.", "A fault.", "Vá.", "Mended.", clock.today() + timedelta(days=30))
    certificates.suspend(session, world.giang, certificate.number, change)
    session.commit()
    same_as_read(app)
    certificate.published_at = None  # not public any more: its listing goes
    session.add(certificate)
    catalogue.refresh(session, certificate.product_id)
    session.commit()
    assert same_as_read(app) == {"Ấm Áp"}


def same_as_read(app):
    """The names on the shelf that the process keeps, compared with those of one read anew."""
    with Session(app.extensions["engine"].execution_options(reading=True)) as reader:
        kept, anew = shelf.of(reader), shelf._read(reader, shelf.revision(reader))
        assert {key: told(kept, bits) for key, bits in kept.values.items()} == {
            key: told(anew, bits) for key, bits in anew.values.items()
        }
        for name in shelf.FIELDS:
            assert {word: told(kept, bits) for word, bits in kept.words[name].items()} == {
                word: told(anew, bits) for word, bits in anew.words[name].items()
            }
        today, then = kept.day(clock.today()), anew.day(clock.today())
        assert {one: told(kept, bits) for one, bits in today.statuses.items()} == {
            one: told(anew, bits) for one, bits in then.statuses.items()
        }
        for sort in shelf.KINDS:  # of the next change each of them is followed
            assert today.order(sort).keys == then.order(sort).keys
            assert ids(today, sort) == ids(then, sort)
        return {card.name.vi for card in queries.search(reader, queries.Search(), clock.today()).cards}


def ids(day, sort):
    """The listings in an order."""
    return [day.entry(place).id for place in day.order(sort).places]


def told(kept, bits):
    """Which listings a set has, whatever their places."""
    return {kept.entries[place].id for place in shelf.members(bits)}


def test_a_change_is_followed_without_reading_the_rest(app, shop_of_many):
    with Session(app.extensions["engine"].execution_options(reading=True)) as reader:
        shelf.of(reader)
    shop_of_many.publish(name="Mới")
    engine = app.extensions["engine"]
    with Session(engine.execution_options(reading=True)) as reader, bench.counting(engine, reader) as counted:
        followed = shelf.of(reader)
    assert len(followed.entries) == 31
    assert counted["rows"] < 40  # the revision, one product, one listing with its dozen values


@pytest.fixture
def shop_of_many(world):
    """Thirty products."""
    shop = Shop(world)
    shop.publish_all(*(Published(name=f"Sản phẩm {number}") for number in range(30)))
    return shop


def test_what_was_never_committed_is_not_kept(app, session, world):
    shop = Shop(world)
    shop.publish(name="Đèn Nhà")
    catalogue.refresh(session, shop.certificate(Published(name="Ấm Áp")).product_id)
    assert {card.name.vi for card in queries.search(session, queries.Search(), clock.today()).cards} == {
        "Đèn Nhà",
        "Ấm Áp",
    }
    session.rollback()
    with Session(app.extensions["engine"].execution_options(reading=True)) as reader:
        found = queries.search(reader, queries.Search(), clock.today())
    assert [card.name.vi for card in found.cards] == ["Đèn Nhà"]


def test_a_search_touches_its_page_and_no_more_however_many_there_are(engine):
    """The same statements, rows and (on SQLite) steps of the database at 300 and at 3,000 products."""
    found = []
    for number in (300, 3_000):
        shelving.fill(engine, generate(number))
        found.append({name: cost(engine, bench.SEARCHES[name]) for name in ("everything", "two filters", "a need")})
    assert found[0] == found[1]
    assert {one[:2] for one in found[1].values()} == {(2, queries.PAGE + 1)}


def cost(engine, wanted):
    """Statements, rows and steps of one search."""
    measured = bench.cost_of(engine, wanted, times=1)
    return measured.statements, measured.rows, measured.steps


def test_a_page_asks_for_its_cards_once_and_for_nothing_more_of_the_catalogue(app, browser, filled):
    browser.get("/products")
    for query, cards in (("q=chan+web+den&age=7-11&platform=android", 1), ("q=zzzz&level=L3&price=free", 1)):
        with counting.statements(app) as asked:
            assert browser.get(f"/products?{query}").status_code == 200
        assert sum("listing" in statement for statement in asked) == cards
        assert len(asked) <= 6


@pytest.mark.parametrize("size", [0, 1, 90, 100, 250, 1_999, 2_000])
def test_the_places_of_a_set_are_found_whether_it_is_small_or_large(size):
    places = sorted(Random(size).sample(range(2_000), size))  # noqa: S311  the same sets in every run
    assert shelf.members(sum(1 << place for place in places)) == places
