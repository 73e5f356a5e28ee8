"""What the processes say: one line each, whatever is in it, with the id of its request and without a secret."""

import io
import json
import logging
import sys
import warnings
from dataclasses import replace

import pytest
from flask import request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from registry import access, errors, jobs, journal, requested
from tests import spoken
from tests.access_table import DECLARATIONS
from tests.every_route import addresses
from tests.rows import letters, link
from tests.spoken import MARK, listening
from tests.world import PASSWORD

log = logging.getLogger("registry.tests")
WICKED = [
    "one\ntwo\r\nthree",
    "\x1b[2J\x1b[31mred\x07",
    "\x00\x7f\x85\u2028\u2029",
    "\u202eback\u202c \ufeff \U000e0001",
    '"}\n{"level": "info", "event": "forged"}',
    "\ud800 half a character",
    "Tiếng Việt Ừ",
]


@pytest.fixture
def said():
    with listening() as found:
        yield found


def fail_with(error):
    """Raise it somewhere."""
    raise error


def failing(app):
    """A route that fails with everything it was sent in what the failure says."""
    app.testing = False

    @access.open_form
    def fail(token=""):
        everything = f"{request.form!r} {request.full_path} {request.cookies!r} {dict(request.headers)!r} {token}"
        raise RuntimeError(everything)

    app.add_url_rule("/fails", "fails", fail, methods=["GET", "POST"])
    app.add_url_rule("/fails/<token>", "fails_at", fail)


# --- one line each ---


@pytest.mark.parametrize("wicked", WICKED, ids=range(len(WICKED)))
@pytest.mark.parametrize("log_format", journal.FORMATS)
def test_whatever_comes_in_is_one_line(wicked, log_format):
    with listening(log_format) as said:
        log.warning("came: %s", wicked)
        log.warning(wicked)
        journal.say(log, logging.WARNING, "came", what=wicked)
    assert len(said.text.split("\n")) == 4
    assert len(said.text.splitlines()) == 3
    assert [one for one in said.text if ord(one) < 32 and one != "\n"] == []
    assert [one for one in said.text if one in "\x7f\x85\u2028\u2029\u202e\ufeff\ud800\U000e0001"] == []
    if log_format == "json":
        assert said.text.isascii()
        assert [one["event"] for one in said.lines] == [f"came: {wicked}", wicked, "came"]
        assert said.lines[2]["what"] == wicked


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text())
def test_any_text_is_one_line_of_json(text):
    record = logging.LogRecord("registry.tests", logging.INFO, "x.py", 1, "%s", (text,), None)
    line = journal.Lines().format(record)
    assert "\n" not in line
    assert line.isascii()
    assert json.loads(line)["level"] == "info"


def test_what_is_huge_is_cut_and_says_so(said):
    log.warning("came: %s", "a" * 5_000_000)
    journal.say(log, logging.WARNING, "came", what="b" * 5_000_000)
    try:
        fail_with(ValueError("c" * 5_000_000))
    except ValueError:
        log.exception("failed")
    assert max(map(len, said.text.splitlines())) < 40_000
    assert "left out" in said.lines[0]["event"]
    assert "left out" in said.lines[1]["what"]
    assert said.lines[2]["error"].startswith("Traceback")


def test_times_are_utc_with_their_offset_and_a_line_says_where_it_comes_from(said):
    log.warning("something")
    (line,) = said.lines
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["logger"], line["event"]) == ("warning", "registry.tests", "something")


def test_a_message_that_does_not_fit_its_values_says_where_it_stands():
    record = logging.LogRecord("registry.tests", logging.INFO, "x.py", 12, "%s and %s", (MARK,), None)
    assert json.loads(journal.Lines().format(record))["event"] == "x.py:12"


def test_of_a_line_that_cannot_be_written_only_the_place_is_said(said, capsys):
    class Silent:
        def __str__(self):
            raise RuntimeError(MARK)

    journal.say(log, logging.WARNING, "came", what=Silent())
    (line,) = said.lines
    assert (line["event"], line["place"].split(":")[0]) == ("a line was lost", "registry.tests")
    assert MARK not in said.text + "".join(capsys.readouterr())


def test_warnings_and_the_end_of_a_process_are_lines_too(said):
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn("old\nthing", DeprecationWarning, stacklevel=1)
    try:
        fail_with(RuntimeError("the end"))
    except RuntimeError:
        sys.excepthook(*sys.exc_info())
    assert [line["logger"] for line in said.lines] == ["py.warnings", "registry"]
    assert said.lines[1]["level"] == "critical"
    assert said.lines[1]["error"].endswith("RuntimeError: the end\n")


def test_beginning_twice_says_nothing_twice():
    with listening() as said:
        journal.begin("json", "info", said.stream)
        log.warning("once")
    assert len(said.lines) == 1


def test_for_people_a_trace_stands_below_its_line():
    with listening("text") as said:
        journal.say(log, logging.INFO, "request", method="GET", status=200, reason="")
        try:
            fail_with(ValueError("no\x1b[31m"))
        except ValueError:
            log.exception("failed")
    first, second, *trace = said.text.splitlines()
    assert first.split(" ", 1)[1] == "INFO registry.tests request method=GET status=200"
    assert second.endswith("ERROR registry.tests failed")
    assert trace[-1] == r"ValueError: no\x1b[31m"


# --- requests ---


def test_a_request_is_told_by_its_rule_and_never_by_its_address(app, world, browser, said):
    ref = world.application().ref
    browser.sign_in(world.an)
    answer = browser.get(f"/applications/{ref}?{MARK}=1")
    (line,) = said.of("requests")
    assert line["request"] == answer.headers[requested.HEADER]
    assert (line["event"], line["method"], line["route"], line["status"]) == (
        "request",
        "GET",
        "/applications/<ref>",
        200,
    )
    with app.app_context():
        assert line["who"] == journal.mark("person", world.an.id)
    assert line["ms"] > 0
    assert not {"address", "account"} & set(line)
    assert str(world.an.id) not in said.text
    assert MARK not in said.text


def test_every_request_has_an_id_of_its_own(browser):
    ids = [browser.get("/healthz").headers[requested.HEADER] for _ in range(3)]
    assert len(set(ids)) == 3
    assert {len(one) for one in ids} == {16}


@pytest.mark.parametrize(
    ("hops", "sent", "taken"),
    [
        (0, "0123456789abcdef-of-a-client", False),
        (1, "0123456789abcdef-of-a-proxy", True),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "with spaces in it", False),
        (1, "Ừ-not-ascii-at-all", False),
    ],
)
def test_an_id_is_taken_from_a_trusted_proxy_only(app, browser, hops, sent, taken):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], proxy_hops=hops)
    answer = browser.get("/healthz", headers={requested.HEADER: sent.encode().decode("latin-1")})
    assert (answer.headers[requested.HEADER] == sent) is taken


def test_a_failure_is_found_by_the_id_on_its_page(app, browser, said):
    failing(app)
    answer = browser.get("/fails")
    shown = answer.headers[requested.HEADER]
    assert answer.status_code == 500
    assert f"Mã lỗi {shown}." in answer.text
    failed, told = said.of("requests") + [line for line in said.lines if line["logger"] == "registry"], said.text
    assert {line["request"] for line in failed} == {shown}
    assert "RuntimeError" in told
    assert "test_journal.py" in failed[-1]["error"]
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text


@pytest.mark.parametrize("code", [400, 403, 429])
def test_refusals_show_the_id_as_well(app, browser, code):
    @access.open_form
    def refuse():
        return errors.page(code)

    app.add_url_rule("/refuses", "refuses", refuse)
    answer = browser.get("/refuses")
    assert f"Mã lỗi {answer.headers[requested.HEADER]}." in answer.text


def test_a_404_is_the_same_for_everybody(browser):
    assert browser.get("/nowhere").data == browser.get("/nowhere").data


# --- what matters to security ---


def sign_in(browser, email, password):
    return browser.press("/sign-in", "/sign-in", email=email, password=password)


def test_signing_in_and_out_is_told_with_both_results(app, world, browser, said):
    sign_in(browser, world.an.email, PASSWORD + "x")
    sign_in(browser, world.an.email, PASSWORD)
    browser.press("/sign-out", "/account")
    wrong, right, out = said.of("security")
    assert [(one["event"], one["outcome"]) for one in (wrong, right, out)] == [
        ("accounts.enter", "refused"),
        ("accounts.enter", "done"),
        ("accounts.sign_out", "done"),
    ]
    with app.app_context():
        account, person = journal.mark("account", world.an.email), journal.mark("person", world.an.id)
    assert (wrong["account"], right["account"]) == (account, account)
    assert (right["who"], out["who"]) == (person, person)
    assert "who" not in wrong
    assert {one["address"] for one in (wrong, right, out)} == {"127.0.0.1"}
    assert world.an.email not in said.text


def test_lost_and_changed_passwords_are_told(app, world, browser, said):
    browser.press("/forgot-password", "/forgot-password", email=world.an.email)
    url = link(letters(app, world.an.email)[0])
    browser.press(url, url, password="ngắn", repeat="ngắn")
    browser.press(url, url, password="năm con ngựa kéo xe", repeat="năm con ngựa kéo xe")
    told = [(one["event"], one["outcome"]) for one in said.of("security")]
    assert told == [
        ("accounts.send_reset", "done"),
        ("accounts.set_password", "refused"),
        ("accounts.set_password", "done"),
    ]
    assert url.rsplit("/", 1)[1] not in said.text


def test_roles_that_are_changed_are_told(world, browser, said):
    browser.sign_in(world.minh)
    page = f"/people/{world.dung.id}"
    browser.press(f"{page}/roles", page, roles=["reviewer", "decider"])
    assert said.last("security")["event"] == "people.save_roles"
    assert said.last("security")["outcome"] == "done"


def test_what_is_refused_is_told_with_its_reason(app, world, browser, said):
    ref = world.application().ref
    open_file, form = f"/applications/{ref}", {"email": "a@b.example", "password": "x"}
    browser.get(open_file)
    browser.post("/sign-in", data=form)
    browser.post("/sign-in", data=form, headers={"Origin": "https://evil.example"})
    browser.get("/sign-in", headers={"Host": "evil.example"})
    browser.post("/sign-in", data="&" * 5_000, content_type="application/x-www-form-urlencoded")
    browser.sign_in(world.bao)
    browser.get(open_file)
    browser.sign_in(world.anh)
    browser.press(f"{open_file}/withdraw", open_file, reason="Không làm nữa.")
    browser.post("/evidence/upload", data=b"x", content_type="text/plain")
    told = [(one["reason"], one["status"], one["level"]) for one in said.of("security")]
    assert told == [
        ("form token", 400, "warning"),
        ("other site", 400, "warning"),
        ("foreign host", 400, "warning"),
        ("flood of fields", 400, "warning"),
        ("hidden or unknown", 404, "warning"),
        ("not allowed", 403, "warning"),
        ("bad request", 400, "warning"),
    ]
    hidden = said.of("security")[4]
    assert (hidden["record"], hidden["route"]) == (ref, "/applications/<ref>")


def test_too_many_tries_are_told(world, browser, said):
    for _ in range(11):
        sign_in(browser, world.an.email, "wrong wrong wrong")
    assert (said.last("security")["reason"], said.last("security")["status"]) == ("limit", 429)


def test_from_where_people_report_is_written_nowhere(browser, world, said):
    for path in ("/concerns/follow", "/complaints/follow", "/misuse/follow"):
        for _ in range(31):
            answer = browser.post(path, data={"code": "AAAA-BBBB-CCCC-DDDD-EEEE"})
        assert answer.status_code == 429, path
    assert {one["reason"] for one in said.of("security")} == {"limit"}
    assert "127.0.0.1" not in said.text


def test_whose_a_mark_is_can_be_asked(app, world):
    with app.app_context():
        marks = [journal.mark("person", world.bao.id), journal.mark("account", world.bao.email)]
        assert len({*marks, journal.mark("account", world.bao.id)}) == 3
    run = app.test_cli_runner()
    for mark in marks:
        assert run.invoke(args=["users", "who", mark]).output == f"{world.bao.email}\t{world.bao.name}\n"
    assert run.invoke(args=["users", "who", "0" * 16]).exit_code == 1


# --- the worker ---


def test_a_job_that_fails_is_told_with_its_name(app, said, monkeypatch):
    def send_letters():
        raise RuntimeError("smtp://user:zqsecret-password@mail.example/x refused an@hatnang.example")

    with app.app_context():
        jobs._attempt(send_letters)
    (line,) = said.of("worker")
    assert (line["event"], line["job"], line["level"]) == ("send_letters failed", "send_letters", "error")
    assert "RuntimeError" in line["error"]
    assert MARK not in said.text
    assert "an@hatnang" not in said.text


def test_jobs_that_take_long_are_told(app, said, monkeypatch):
    monkeypatch.setattr(jobs, "LONG_SECONDS", -1)
    with app.app_context():
        jobs._attempt(jobs.beat)
    assert [(one["event"], one["job"], one["level"]) for one in said.of("worker")] == [("job done", "beat", "info")]


# --- secrets ---


def test_nothing_typed_into_any_field_of_any_form_is_said(app, world, browser, monkeypatch):
    """Every route is sent something in every field there is, by somebody signed in and by somebody who is not."""
    monkeypatch.setattr("registry.errors.render_template", lambda *_, **__: "refused")
    ref, typed = world.application().ref, spoken.typed()
    app.testing = False
    with listening(level="info") as said:
        for person in (None, world.an):
            if person is not None:
                browser.sign_in(person)
            token = browser.token("/account") if person else browser.token("/sign-in")
            for rule, path in addresses(app, "POST", ref, f"{MARK}-in-the-path"):
                if rule.endpoint not in {"accounts.sign_out", "accounts.end_all"}:
                    browser.post(path, data={"csrf_token": token, **typed})
    assert len(said.of("requests")) > 400
    assert {200, 302, 403, 404, 422} - {line["status"] for line in said.of("requests")} == set()
    assert [line for line in said.text.splitlines() if MARK in line] == []


def test_no_word_of_an_address_is_said(app, world, browser, monkeypatch):
    monkeypatch.setattr("registry.errors.render_template", lambda *_, **__: "refused")
    typed = {"token": f"{MARK}-token", "q": f"{MARK} typed", "next": f"/{MARK}"}
    with listening(level="info") as said:
        for _rule, path in addresses(app, "GET", f"{MARK}-ref", f"{MARK}-in-the-path"):
            browser.get(path, query_string=typed).close()
    assert [line for line in said.text.splitlines() if MARK in line] == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_failure_that_repeats_what_it_was_sent_says_none_of_it(app, world, browser, said, method):
    failing(app)
    browser.sign_in(world.an)
    browser.set_cookie("other", f"{MARK}-cookie-of-somebody")
    headers = {
        "Authorization": f"Bearer {MARK}-of-a-machine",
        "Proxy-Authorization": f"Basic {MARK}-of-a-proxy",
        "Referer": f"http://localhost/reset-password/{MARK}-link",
    }
    cookie = browser.get_cookie("vcsc").value
    data = {"csrf_token": browser.token("/account"), **spoken.typed()} if method == "POST" else None
    for path in ("/fails", f"/fails/{MARK}-token-in-the-path") if method == "GET" else ("/fails",):
        query = {"token": f"{MARK}-token-of-an-upload", "q": f"{MARK} Ừ & typed"}
        assert browser.open(path, method=method, headers=headers, query_string=query, data=data).status_code == 500
    told = said.text
    assert "RuntimeError" in told
    assert MARK not in told
    assert cookie not in told
    assert cookie[:24] not in told


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://user:zqsecret@host.example/zqsecret?x=zqsecret is slow", "host.example"),
        ("{'zqsecret@mail.example': (550, b'no such user')}", "550"),
        ("Authorization: Bearer zqsecret.of.somebody", "Authorization"),
        ("password=zqsecret token=zqsecret", "password="),
        ("unique constraint\nDETAIL:  Key (email)=(zqsecret) already exists.", "unique constraint"),
        ("DETAIL:  Failing row contains (1, a line\nand zqsecret, null).", "DETAIL:"),
        ("-----BEGIN PRIVATE KEY-----\nzqsecret\n-----END PRIVATE KEY-----", ""),
        ("ImF6cXNlY3JldCI.aSfQ9g.zqsecret-zqsecret-zqsecret", ""),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(said, text, kept):
    log.warning("said: %s", text)
    assert MARK not in said.text
    assert kept in said.text


def test_a_value_that_a_message_cuts_short_is_taken_out_too(app, said):
    with app.test_request_context("/sign-in", method="POST", data={"password": f"{MARK}-a-long-one-that-is-cut"}):
        assert request.form["password"]
        log.warning("it began with %.16s...", request.form["password"])
        log.warning("as %s", json.dumps(request.form["password"]))
    assert MARK not in said.text


def test_the_end_of_a_long_text_is_not_said_either(app, world, browser, said):
    failing(app)
    browser.sign_in(world.an)
    long = "".join(f"{MARK}{number} " for number in range(9_000))
    answer = browser.post("/fails", data={"csrf_token": browser.token("/account"), "claim": long})
    assert answer.status_code == 500
    assert "RuntimeError" in said.text
    assert MARK not in said.text


def test_where_too_much_came_to_look_for_it_only_the_place_is_said(app, world, browser, said):
    failing(app)
    browser.sign_in(world.an)
    lines = "\n".join(f"{MARK}-line-{number}" for number in range(journal.MOST_PIECES + 1))
    browser.post("/fails", data={"csrf_token": browser.token("/account"), "claim": lines})
    (failed,) = (line for line in said.lines if line["logger"] == "registry")
    assert failed["error"].endswith(f"RuntimeError: {journal.GONE}")
    assert "test_journal.py" in failed["error"]
    assert MARK not in said.text


def test_a_database_that_refuses_a_row_says_nothing_of_it(app, world, said):
    text = "duplicate key value violates unique constraint\nDETAIL:  Key (email)=(zqsecret, x) already exists."
    with app.test_request_context("/"):
        try:
            fail_with(IntegrityError("INSERT INTO x", {"a": 1}, Exception(text), hide_parameters=True))
        except IntegrityError:
            log.exception("failed")
    assert MARK not in said.text
    assert "unique constraint" in said.text


def test_the_formats_write_to_wherever_they_are_sent():
    stream = io.StringIO()
    with listening():
        journal.begin("text", "warning", stream)
        log.info("not asked for")
        log.warning("asked for")
    assert [line.split(" ", 1)[1] for line in stream.getvalue().splitlines()] == ["WARNING registry.tests asked for"]


def test_every_form_whose_pressing_is_told_is_there():
    areas = {name.split(".")[0] for name in DECLARATIONS}
    assert areas >= requested.GUARDED
    assert areas >= requested.UNTOLD
