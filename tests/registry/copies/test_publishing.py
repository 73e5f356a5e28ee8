"""Publishing to a folder: the same when nothing changed, only what changed, switched at once, and nothing private."""

import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assessments import certificates, clock
from assessments.clock import now, today
from assessments.states import CertificateAction, CertificateState
from registry import notices, storage
from registry.certificates import papers
from registry.copies import plan, publishing, upkeep
from registry.copies.folders import Busy, Folder
from registry.copies.rendering import PublishFailed, Renderer
from tests import canaries, leaks, signing
from tests.appealing import CHANGE
from tests.deciding import certified
from tests.listings import Published, Shop

FEW = (
    *("certificates.data", "certificates.papers.pdf", "certificates.show", "changes.index", "credentials.show"),
    *("credentials.status", "log.checkpoint", "log.entry", "log.index", "log.certificate", "log.tile", "pages.home"),
    *("products.index", "products.show", "vendors.show", "verifying.snapshot", "badges.picture"),
)
STAMP = re.compile(r'<time datetime="([^"]+)">[^<]+</time>[^<]*<time datetime="([^"]+)">')


@pytest.fixture
def few(monkeypatch):
    """Only what tells of certificates: the criteria alone are six hundred pages."""
    monkeypatch.setattr(plan, "PUBLISHED", {name: plan.PUBLISHED[name] for name in FEW})


@pytest.fixture
def publish(app, tmp_path):
    """Publish to one folder, as the command does; returns what was done."""

    def run(**options):
        with app.app_context():
            return publishing.publish(app, Folder(tmp_path / "copy"), **options)

    return run


@pytest.fixture
def current(tmp_path):
    """What a server serves."""
    return tmp_path / "copy" / "current"


def tree(current):
    """Every file of the current release with its bytes and its place on the disk."""
    root = current.resolve()
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_ino)
        for path in root.rglob("*")
        if path.is_file()
    }


def stamp(current, name):
    """The moment and the last day that a page says."""
    return STAMP.search((current / name).read_text("utf-8")).groups()


def test_a_second_run_writes_nothing_and_a_later_one_only_what_changed(few, app, world, publish, current, monkeypatch):
    monkeypatch.setattr(publishing, "SLACK", timedelta(0))
    certificate, shop = certified(world), Shop(world)
    shop.serial = 50
    shop.publish(name="Sao Biển")
    signing.publish(world.session)
    with app.app_context():
        papers.make_all()
    with clock.at(now() + timedelta(minutes=1)):  # in the second of a signature its moment would be taken for the run's
        first = publish()
    assert first.written == first.files > 30
    before, release = tree(current), current.readlink()
    assert before[f"c/{certificate.number}.pdf"][0].startswith(b"%PDF-")
    with clock.at(now() + timedelta(minutes=7)):
        again = publish(everything=True)
    assert [name for name, held in tree(current).items() if held != before[name]] == []
    assert (again.written, again.removed) == (0, 0)
    assert (current.readlink(), tree(current)) == (release, before)

    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, CHANGE)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    third, after = publish(), tree(current)
    changed = {name for name in after if not name.endswith(".gz") and after[name] != before.get(name)}
    assert len(changed) == third.written < first.written
    assert {f"c/{certificate.number}.html", f"en/c/{certificate.number}.html", "products.html"} <= changed
    assert "Đã thu hồi" in (current / f"c/{certificate.number}.html").read_text("utf-8")
    assert json.loads((current / f"c/{certificate.number}.json").read_bytes())["status"] == "withdrawn"
    others = [name for name in after if "0051" in name and not name.endswith("svg")]
    assert len(others) > 3
    assert [name for name in others if after[name] != before[name]] == []
    papers_and_tiles = {name for name in before.keys() - after.keys() if not name.endswith(".gz")}
    assert third.removed == len(papers_and_tiles) == 4  # the worker has not made papers of the new status yet
    assert {f"c/{certificate.number}.pdf", f"en/c/{certificate.number}.pdf"} <= papers_and_tiles


def test_what_nothing_can_have_changed_is_not_even_asked_for(few, world, publish):
    with clock.at(clock.start_of_day(today()) + timedelta(hours=1)):
        Shop(world).publish_all(*(Published(name=f"Sản phẩm {place}") for place in range(5)))
        first = publish()
    with clock.at(clock.start_of_day(today()) + timedelta(hours=9)):
        second = publish()
    assert second.written == 0
    assert second.asked < first.asked / 2


def test_every_page_says_of_when_it_is_and_until_when_it_holds(few, world, publish, current):
    with clock.at(clock.start_of_day(today()) + timedelta(hours=12, minutes=30)):
        shop = Shop(world)
        lasting, ending = shop.publish(), shop.publish(days=-10, lasts=11)
        publish()
    in_days = {days: (today() + timedelta(days=days)).isoformat() for days in (1, 3)}
    pages = sorted(str(one.relative_to(current)) for one in current.rglob("*.html"))
    assert len(pages) > 10
    assert {stamp(current, page)[0] for page in pages} == {f"{today().isoformat()}T12:30+07:00"}
    for page in (f"c/{lasting.number}.html", f"en/c/{lasting.number}.html", "products/p-0001.html"):
        assert stamp(current, page)[1] == in_days[3]
    for page in (f"c/{ending.number}.html", "products/p-0002.html", "products.html", "en/index.html"):
        assert stamp(current, page)[1] == in_days[1]  # tomorrow is the last day of that certificate
    assert "Bản lưu" in (current / "products.html").read_text("utf-8")
    assert "Saved copy" in (current / "en/products.html").read_text("utf-8")
    assert not [page for page in pages if "@copy" in (current / page).read_text("utf-8")]


def test_stamps_are_renewed_before_they_run_out(few, world, publish, current):
    noon, page = clock.start_of_day(today()) + timedelta(hours=12), "products/p-0001.html"
    with clock.at(noon):
        Shop(world).publish(lasts=700)
        publish()
        first = stamp(current, page)
    with clock.at(noon + timedelta(days=1)):
        publish()
    assert stamp(current, page) == first
    with clock.at(noon + timedelta(days=2)):
        publish()
    assert stamp(current, page)[1] == (today() + timedelta(days=5)).isoformat()


def test_long_lists_go_page_by_page_and_lead_to_each_other(few, world, publish, current):
    Shop(world).publish_all(*(Published(name=f"Sản phẩm {place:02}") for place in range(30)))
    publish()
    first, second = ((current / name).read_text("utf-8") for name in ("en/products.html", "en/products/pages/2.html"))
    assert 'rel="next" href="/en/products/pages/2"' in first
    assert "/products?after" not in first + second
    assert 'rel="prev" href="/en/products"' in second
    found = {slug for page in (first, second) for slug in re.findall(r'href="/en/products/(p-\d+)"', page)}
    assert len(found) == 30
    assert "<form" in first
    assert 'id="filters"' not in first
    assert not (current / "products/pages/3.html").exists()


def test_nothing_is_switched_while_a_page_fails_and_two_runs_keep_apart(few, app, world, publish, current, monkeypatch):
    Shop(world).publish()
    publish()
    before = tree(current)
    Shop(world).session.commit()
    ask = Renderer.ask

    def failing(self, path, query=""):
        if path == "/products":
            raise PublishFailed("/products: 500 INTERNAL SERVER ERROR")
        return ask(self, path, query)

    monkeypatch.setattr(Renderer, "ask", failing)
    answer = app.test_cli_runner().invoke(args=["publish", str(current.parent), "--all"])
    assert answer.exit_code == 1
    assert "/products: 500" in answer.output
    assert tree(current) == before
    place = Folder(current.parent)
    with place.alone(), pytest.raises(Busy), Folder(current.parent).alone():
        pass
    monkeypatch.setattr(Renderer, "ask", ask)
    assert publish().written == 0
    assert not (current.parent / "staging").exists()


def test_what_is_gone_goes_and_older_releases_are_cleared_away(few, world, publish, current):
    shop = Shop(world)
    shop.publish()
    for name in ("Một", "Hai", "Ba"):
        shop.publish(name=name)
        publish()
    assert len(list((current.parent / "releases").glob("*-*[0-9]"))) == 2
    assert not list(current.rglob("*manifest*"))
    shutil.rmtree(current.parent / "releases")
    assert publish().written > 30  # what was lost is made anew


@pytest.mark.parametrize("state", [CertificateState.SUSPENDED, CertificateState.WITHDRAWN])
def test_the_index_of_the_search_knows_each_product_once(few, world, publish, current, state):
    shop = Shop(world)
    shop.publish(name="Đường Dây", name_en="The Line")
    shop.publish(name="Bờ Ao", state=state)
    publish()
    found = json.loads((current / "copies/search.json").read_bytes())
    assert found["format"] == 1
    lines = {line[0]: line for line in found["products"]}
    assert lines.keys() == {"p-0001", "p-0002"}
    assert lines["p-0001"][1:3] == ["Đường Dây", "The Line"]
    assert {"duong", "day", "the", "line"} <= set(lines["p-0001"][7].split())
    assert lines["p-0002"][4] == state.value
    named = {tuple(found["values"][place][:2]) for place in lines["p-0001"][6]}
    assert ("platform", "android") in named
    assert any("android" in value[2].split() for value in found["values"])


def test_nothing_that_is_not_public_is_in_it(few, app, world, publish, current):
    cast = canaries.cast_of(app, world)
    for _label, step in canaries.TO_THE_CERTIFICATE:
        with app.test_request_context():
            step(cast)
            notices.write_letters(cast.world.session)
        cast.world.session.commit()
    with app.app_context():
        papers.make_all()
        assert storage.current()
    publish()
    hidden = canaries.secrets_from(cast, "anonymous")
    assert len(hidden) > 30
    files = [path for path in sorted(current.resolve().rglob("*")) if path.is_file() and path.suffix != ".gz"]
    assert [path for path in files if path.suffix == ".pdf"]
    found = [(path.name, secret) for path in files for secret in hidden if secret in _readable(path)]
    assert found == []
    assert not [path for path in files if "session" in path.name or "csrf_token" in _readable(path)]


def _readable(path: Path) -> str:
    return leaks.readable(path.name, path.read_bytes())


def test_the_worker_publishes_when_something_has_changed_and_only_then(few, app, world, tmp_path):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], publish_to=str(tmp_path / "copy"))
    Shop(world).publish()
    with app.app_context():
        assert upkeep.publish_when_due().changed
        assert upkeep.publish_when_due() is None
        certified(world, "HS-2026-0900")
        assert upkeep.publish_when_due().changed
        with Folder(tmp_path / "copy").alone(), clock.at(now() + timedelta(days=1)):
            assert upkeep.publish_when_due() is None  # another worker is at it
        with clock.at(now() + timedelta(days=1)):
            assert upkeep.publish_when_due() is not None
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], publish_to="")
    with app.app_context():
        assert upkeep.publish_when_due() is None
