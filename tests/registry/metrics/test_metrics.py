"""GET /metrics: for whoever has the token, true, the same from every process, and cheap."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest

from assessments.clock import now
from registry import create_app, jobs
from registry.mail import failures
from registry.mail.models import WORKER, Heartbeat, JobFailure, Letter
from registry.metrics.counts import RECORD, Counts
from registry.metrics.exposition import Family, Sample, written
from tests.counting import statements

TOKEN = "a token of the tests that nobody guesses"
LINE = re.compile(r'^registry_[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)*\})? -?[0-9.e+-]+$')
MOST_STATEMENTS = 10


@pytest.fixture
def settings(settings):
    return replace(settings, metrics_token=TOKEN)


def ask(browser, token=TOKEN):
    return browser.get("/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})


def numbers(browser):
    """{name with its labels, without the process: value}."""
    found = {}
    for line in ask(browser).text.splitlines():
        if not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            found[re.sub(r'process="\d+",', "", name)] = float(value)
    return found


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "é"])
def test_nobody_else_learns_that_it_is_there(browser, token):
    page = ask(browser, token)
    assert (page.status_code, page.headers["Cache-Control"]) == (404, "no-store")
    assert "registry_" not in page.text


def test_a_token_in_the_address_counts_for_nothing(browser):
    assert browser.get(f"/metrics?token={TOKEN}").status_code == 404


def test_without_the_setting_nobody_has_it(settings):
    app = create_app(replace(settings, metrics_token=""))
    for header in ("Bearer ", "Bearer", f"Bearer {TOKEN}"):
        assert app.test_client().get("/metrics", headers={"Authorization": header}).status_code == 404
    assert not list(settings.var_dir.glob("metrics/*"))


def test_every_line_is_of_the_format(browser, world):
    browser.get("/products")
    page = ask(browser)
    assert page.content_type.startswith("text/plain; version=0.0.4")
    lines = page.text.splitlines()
    assert [one for one in lines if not one.startswith("# ") and not LINE.match(one)] == []
    named = [one.split()[2] for one in lines if one.startswith("# TYPE")]
    assert len(named) == len(set(named))
    if tool := shutil.which("promtool"):
        command = [tool, "check", "metrics"]
        checked = subprocess.run(command, input=page.data, capture_output=True, timeout=20, check=False)  # noqa: S603
        assert checked.returncode == 0, checked.stderr.decode()


def test_requests_are_counted_by_route_method_and_class(browser):
    before = numbers(browser)
    browser.get("/products")
    browser.get("/products?q=x")
    browser.get("/nowhere")
    browser.post("/sign-in")
    after = numbers(browser)

    def more(name):
        return after.get(name, 0) - before.get(name, 0)

    assert more('registry_requests_total{route="products.index",method="GET",status="2xx"}') == 2
    assert more('registry_requests_total{route="-",method="GET",status="4xx"}') == 1
    assert more('registry_requests_total{route="accounts.sign_in_now",method="POST",status="4xx"}') in {0, 1}
    assert more('registry_request_seconds_count{method="POST"}') == 1
    assert more('registry_request_seconds_bucket{method="POST",le="+Inf"}') == 1
    assert more('registry_request_route_seconds_total{route="products.index",method="GET",status="2xx"}') > 0


def test_buckets_grow(browser):
    browser.get("/")
    found = [value for name, value in numbers(browser).items() if 'seconds_bucket{method="GET"' in name]
    assert found == sorted(found)
    assert len(found) == 12


def test_strange_methods_make_no_names(browser):
    for number in range(5):
        browser.open("/", method=f"X{number}")
    assert {name for name in numbers(browser) if 'method="X' in name} == set()


def test_every_process_tells_of_all(browser, settings):
    folder = settings.var_dir / "metrics"
    browser.get("/")
    neighbour = folder / f"{os.getppid()}.counts"
    neighbour.write_bytes(RECORD.pack(b"pages.home|GET|2xx", 7.0, 0.5))
    gone = folder / "999999999.counts"
    gone.write_bytes(RECORD.pack(b"pages.home|GET|2xx", 9.0, 0.5))
    text = ask(browser).text
    assert f'registry_requests_total{{process="{os.getppid()}",route="pages.home",method="GET",status="2xx"}} 7' in text
    assert 'process="999999999"' not in text
    Counts(folder).add(0.1, "x|GET|2xx")
    assert not gone.exists()  # swept by the next process that begins


def test_more_names_than_there_is_room_for(tmp_path):
    counts = Counts(tmp_path)
    for number in range(2_100):
        counts.add(1.0, f"{number}|GET|2xx")
    found = list(counts.all())
    assert len(found) == 2_001
    assert sum(one.times for one in found) == 2_100


def test_a_folder_that_takes_nothing(tmp_path):
    (tmp_path / "metrics").write_text("a file where the folder should be")
    counts = Counts(tmp_path / "metrics")
    counts.add(0.5, "x|GET|2xx")
    assert [(one.key, one.times, one.seconds) for one in counts.all()] == [("x|GET|2xx", 1, 0.5)]


def test_labels_cannot_break_a_line():
    text = written([Family("x", "gauge", "a\nb", (Sample(1, {"job": 'a"b\\c\nd'}),))])
    assert text == '# HELP registry_x a\\nb\n# TYPE registry_x gauge\nregistry_x{job="a\\"b\\\\c\\nd"} 1\n'


def test_queues_and_the_worker(browser, session):
    session.add(Heartbeat(name=WORKER, at=now() - timedelta(seconds=90)))
    fields = {"recipient": "a@b.example", "subject": "x", "body": "x"}
    session.add(Letter(event="late", due_at=now() - timedelta(minutes=40), **fields))
    session.add(Letter(event="later", due_at=now() + timedelta(minutes=40), **fields))
    session.add(Letter(event="lost", given_up_at=now(), **fields))
    session.commit()
    found = numbers(browser)
    assert found['registry_queue_length{queue="letters"}'] == 1
    assert 2400 <= found['registry_queue_age_seconds{queue="letters"}'] < 2460
    assert found['registry_queue_given_up{queue="letters"}'] == 1
    assert 90 <= found["registry_worker_seen_seconds"] < 150
    assert found["registry_up"] == 1


def test_a_job_that_fails_and_works_again(app, browser, session):
    def broken():
        raise OSError("secret of the storage")

    with app.app_context():
        jobs._attempt(broken)
        jobs._attempt(broken)
        assert [one.name for one in failures.failing()] == ["broken"]
    found = numbers(browser)
    assert found['registry_job_failures_total{job="broken"}'] == 2
    assert 'registry_job_failing_seconds{job="broken"}' in found
    assert session.get(JobFailure, "broken").error == "OSError"
    session.rollback()
    broken.__code__ = (lambda: None).__code__
    with app.app_context():
        jobs._attempt(broken)
    found = numbers(browser)
    assert found['registry_job_failures_total{job="broken"}'] == 2
    assert 'registry_job_failing_seconds{job="broken"}' not in found


def test_a_job_that_works_writes_nothing(app):
    with app.app_context():
        failures.mended("quiet")  # the first one asks once which jobs fail
        with statements(app) as seen:
            failures.mended("quiet")
            failures.mended("another")
    assert seen == []


def test_a_database_that_is_gone(app, browser, monkeypatch):
    def gone(**_options):
        raise ConnectionError("no database")

    browser.get("/")
    monkeypatch.setattr("registry.db.open_session", gone)
    found = numbers(browser)
    assert found["registry_up"] == 0
    assert any(name.startswith("registry_requests_total") for name in found)
    assert any(name.startswith("registry_disk_free_bytes") for name in found)


def test_few_statements(app, browser, world):
    ask(browser)
    with statements(app) as seen:
        ask(browser)
    assert len(seen) <= MOST_STATEMENTS


def test_health_says_only_what_it_should(browser):
    assert browser.get("/healthz").json == {"status": "ok"}
    assert set(browser.get("/readyz").json) <= {"status", "checks", "warnings"}
