"""Answers for everyone are kept until anything is committed, and nothing of one person is kept at all."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlmodel import Session

from assessments import certificates, clock
from assessments.states import CertificateAction
from registry import copied, create_app, db, jobs, page_cache
from registry.accounts.models import User
from tests.appealing import CHANGE
from tests.conftest import Browser
from tests.counting import statements
from tests.deciding import certified

PACKED = {"Accept-Encoding": "gzip"}
NOON = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)


@pytest.fixture
def served(app, settings, compiled_templates):
    """Another process of the same site, with a cache; what it saw of the database is looked up at every request."""
    made = create_app(with_cache(settings))
    made.config["TESTING"] = True
    made.jinja_env.bytecode_cache = compiled_templates
    made.test_client_class = Browser
    made.extensions["page cache"].seconds = 0
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def state(served):
    """The state of the database as the test says: other tests write into the same PostgreSQL at the same time."""
    held = ["first"]
    served.extensions["page cache"]._state = lambda: held[0]
    return held


@pytest.fixture
def reader(served):
    """Somebody with a browser that nobody is signed in with."""
    return served.test_client()


def with_cache(settings):
    """The same settings, one MB for the cache."""
    return type(settings)(**{**vars(settings), "page_cache_mb": 1})


def kept(served):
    """What it holds."""
    return served.extensions["page cache"]._pages


def touch(app):
    """Somebody commits something, anywhere."""
    with Session(app.extensions["engine"]) as session:
        session.execute(update(User).values(name=User.name + "."))
        session.commit()


def asked(app, browser, place, **headers):
    """An answer, and how many statements it took on the tables."""
    with statements(app) as made:
        answer = browser.get(place, headers=headers)
    return answer, len([one for one in made if "pg_current_snapshot" not in one])


def test_the_second_reader_gets_the_same_without_a_question(served, reader, state, world):
    certificate = certified(world)
    for place in ("/products", f"/c/{certificate.number}", f"/en/c/{certificate.number}.json", "/"):
        (first, some), (second, none) = asked(served, reader, place), asked(served, reader, place)
        assert (some > 0, none) == (True, 0)
        assert (first.status_code, first.data) == (second.status_code, second.data)
        same = {name: value for name, value in first.headers if name != "X-Request-ID"}
        assert same == {name: value for name, value in second.headers if name != "Age"}
        assert second.headers["Age"] == "0"


def test_whatever_anybody_commits_is_seen(app, served, reader, world):
    certificate = certified(world)
    page = f"/c/{certificate.number}"
    assert "Còn hiệu lực" in reader.get(page).text
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, CHANGE)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    assert "Đã thu hồi" in reader.get(page).text
    touch(app)
    assert asked(served, reader, page)[1] > 0


def test_between_two_looks_nothing_is_seen(served, reader, state, world):
    cache = served.extensions["page cache"]
    cache.seconds = 60
    reader.get("/products")
    state[0] = "second"
    assert asked(served, reader, "/products")[1] == 0
    cache.seconds = 0
    assert asked(served, reader, "/products")[1] > 0
    assert page_cache.SECONDS * 2 <= 1  # so late a withdrawal is seen
    assert page_cache.MEANWHILE <= 1


def test_while_somebody_makes_the_new_page_others_get_the_old_one_for_a_moment(served, reader, state, world):
    cache = served.extensions["page cache"]
    reader.get("/products")
    [key] = kept(served)
    state[0] = "second"
    cache._making.add(key)
    assert asked(served, reader, "/products")[1] == 0
    cache._seen = replace(cache._seen, until=cache._seen.until - page_cache.MEANWHILE)  # nearly a second later
    assert asked(served, reader, "/products")[1] > 0


def test_a_page_two_changes_old_is_made_anew_by_everybody(served, reader, state, world):
    cache = served.extensions["page cache"]
    reader.get("/products")
    [key] = kept(served)
    for state[0] in ("second", "third"):
        reader.get("/about")
    cache._making.add(key)
    assert asked(served, reader, "/products")[1] > 0


@pytest.mark.parametrize(("seconds", "age"), [(0, "0"), (59, "59"), (60, None), (-1, None)])
def test_a_page_is_kept_as_long_as_it_says_and_not_by_a_clock_put_back(served, reader, state, world, seconds, age):
    with clock.at(NOON):
        reader.get("/products")
    with clock.at(NOON + timedelta(seconds=seconds)):
        assert reader.get("/products").headers.get("Age") == age


def test_no_page_is_kept_past_midnight_in_viet_nam(served, reader, state, world):
    last = clock.end_of_day(NOON.date()) - timedelta(seconds=20)
    with clock.at(last):
        reader.get("/products")
    with clock.at(last + timedelta(seconds=21)):
        assert "Age" not in reader.get("/products").headers


def test_whoever_has_it_is_told_so(served, reader, state, world):
    first = reader.get("/products", headers=PACKED)
    again, number = asked(served, reader, "/products", **PACKED, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, number) == (304, b"", 0)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Encoding" not in again.headers
    other, _ = asked(served, reader, "/products", **PACKED, **{"If-None-Match": '"of another page"'})
    assert (other.status_code, other.data) == (200, first.data)


def test_who_asks_only_whether_it_changed_is_answered_from_the_last_answer_too(served, reader, state, world):
    first = reader.get("/products", headers=PACKED)
    known = {**PACKED, "If-None-Match": first.headers["ETag"]}
    state[0] = "another"
    made, _ = asked(served, reader, "/products", **known)
    again, number = asked(served, reader, "/products", **known)
    assert (made.status_code, again.status_code, number) == (304, 304, 0)
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (
        made.headers["ETag"],
        made.headers["Cache-Control"],
    )
    whole, _ = asked(served, reader, "/products", **PACKED)
    assert (whole.status_code, whole.data) == (200, first.data)
    other, number = asked(served, reader, "/products", **PACKED, **{"If-None-Match": '"of another page"'})
    assert (other.status_code, other.data, number) == (200, first.data, 0)


@pytest.mark.parametrize(
    ("place", "headers"),
    [
        ("/products?sort=name", {}),
        ("/en/products", {}),
        ("/products", PACKED),
        ("/products", {"Host": "127.0.0.1"}),
        ("/products", {"X-Forwarded-Proto": "https"}),
        ("/about", {}),
    ],
)
def test_another_question_has_another_answer(served, reader, state, world, place, headers):
    reader.get("/products")
    answer, _ = asked(served, reader, place, **headers)
    assert "Age" not in answer.headers
    assert len(kept(served)) == 2


@pytest.mark.parametrize(
    ("method", "place", "headers"),
    [
        ("POST", "/products", {}),
        ("HEAD", "/products", {}),
        ("GET", "/products", {"Authorization": "Bearer anything"}),
        ("GET", "/products", {"Range": "bytes=0-9"}),
        ("GET", "/sign-in", {}),
        ("GET", "/account", {}),
        ("GET", "/products/nothing", {}),
        ("GET", "/healthz", {}),
        ("GET", "/products", {"Host": "elsewhere.example"}),
    ],
)
def test_nothing_of_one_person_no_failure_and_no_part_is_kept(served, reader, world, method, place, headers):
    reader.open(place, method=method, headers=headers)
    assert kept(served) == {}


def test_a_person_signed_in_never_gets_what_was_kept_nor_leaves_anything(served, reader, world):
    reader.get("/products")
    person = served.test_client()
    person.sign_in(world.an)
    answer, number = asked(served, person, "/products")
    assert (number > 0, "Age" in answer.headers) == (True, False)
    assert len(kept(served)) == 1


def test_the_static_copy_is_written_from_fresh_pages(served, reader, world):
    ours = reader.get("/products").data
    page = reader.get("/products", environ_overrides={copied.KEY: "1"})
    assert page.data != ours
    assert [one.body for one in kept(served).values()] == [ours]


def test_what_was_asked_least_lately_makes_room(served, reader, state, world):
    cache = served.extensions["page cache"]
    reader.get("/products")
    cache._room = 3 * cache._held
    for number in range(12):
        reader.get(f"/products?q={number}")
        assert asked(served, reader, "/products")[1] == 0  # it is asked for all the while
    assert cache._held <= cache._room
    assert cache._held == sum(len(one.body) + 2_000 for one in kept(served).values())


def test_without_the_database_nothing_is_answered_from_memory(served, reader, world, monkeypatch):
    reader.get("/products")
    monkeypatch.setattr(served.extensions["page cache"], "_state", lambda: None)
    assert asked(served, reader, "/products")[1] > 0


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="others write into the same PostgreSQL at the same time")
def test_a_worker_with_nothing_to_do_leaves_the_pages_where_they_are(served, world):
    looked_up = served.extensions["page cache"]._state
    with served.app_context():
        jobs.turn()
        jobs.turn()
        before = looked_up()
        jobs.turn()
    assert before is not None
    assert looked_up() == before


def test_another_file_in_the_place_of_the_database_is_another_state(tmp_path: Path):
    engine = db.open_engine(f"sqlite:///{tmp_path}/one.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE one (a INTEGER)"))
    state = page_cache.OfSqlite(tmp_path / "one.db")
    first = state()
    assert state() == first
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO one VALUES (1)"))
    assert state() != first
    (tmp_path / "one.db").rename(tmp_path / "two.db")
    assert state() is None
    engine.dispose()


def test_a_site_may_do_without(app):
    assert app.config["SETTINGS"].page_cache_mb == 0
    assert "page cache" not in app.extensions
