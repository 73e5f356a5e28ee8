"""What goes wrong for a company, form by form: message, status, and rows that are as they were or there once.

TABLE names, for each trouble and each form, the test that proves it; a test proves that the named tests are there.
"""

import ast
import resource
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select, update

from assessments import vendors
from assessments.clock import now
from assessments.models import Member, StoredFile
from assessments.people import MemberRole
from assessments.states import ScanState
from registry import jobs, storage
from registry.accounts.models import LoginSession
from tests.following import Person
from tests.registry.evidence import sender
from tests.rows import row
from tests.vendor_forms import (
    AGREEMENT,
    ANSWER,
    COMPANY,
    FACTS_CHECK,
    FINDING,
    FORMS,
    NO_PAGE,
    NOTICE,
    ONE,
    PROFILE,
    SUBMISSION,
    TEST_ACCESS,
    TWO,
    UPLOAD,
    differing,
    stored,
)
from tests.world import PASSWORD

TYPED = (PROFILE, ANSWER, FINDING, FACTS_CHECK, NOTICE, TEST_ACCESS, COMPANY)  # forms of which the text is ONE or TWO
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


@pytest.fixture
def sits(app, world):
    """Lets somebody sit down at a browser of their own, before a form whose world was prepared."""

    def before(form, person="an"):
        browser = app.test_client()
        browser.sign_in(getattr(world, person))
        seated = Person(browser)
        form.open(seated)
        return seated

    return before


def prepared(world, form):
    form.prepare(world)
    world.session.commit()


def tab(person):
    """Another tab of the same browser, on the page as it is now."""
    other = Person(person.browser)
    other.page = person.page
    return other


def reads(person, said):
    status, words = said
    assert (person.status, words in person.page.text) == (status, True), (person.status, person.page.text[:900])


@every_form
def test_a_double_click_is_one(app, world, sits, form):
    prepared(world, form)
    person = sits(form)
    again = tab(person)
    before = stored(app)
    form.send(person)
    reads(person, (200, form.telling.done))
    once = stored(app)
    assert differing(before, once)
    form.send(again)
    reads(again, form.telling.twice)
    waiting = {"upload"} if form is UPLOAD else set()  # the file waits, for the case that it is another piece
    assert differing(once, stored(app)) == waiting


@every_form
def test_what_another_tab_typed_overwrites_nothing(app, world, sits, form):
    prepared(world, form)
    person = sits(form)
    other = tab(person)
    form.send(person)
    once = stored(app)
    form.send(other, other=True)
    reads(other, form.telling.tab)
    now_there = stored(app)
    if form.telling.adds:  # another thing: it stands beside the first one, of which nothing changed
        kept = once.keys() - {"chain_head"}  # the end of the history moves on with every step
        assert all(set(once[name]) <= set(now_there[name]) for name in kept)
        assert differing(once, now_there)
    else:
        assert differing(once, now_there) == set()
    if form.telling.tab[0] == 409 and form in TYPED:
        assert TWO in other.page.source  # to be copied, or sent again after both were read


@every_form
def test_going_back_shows_how_it_stands(app, world, sits, form):
    prepared(world, form)
    person = sits(form)
    form.send(person)
    once = stored(app)
    answer = person.browser.get(form.page, follow_redirects=True)
    assert answer.headers["Cache-Control"] == "no-store"  # the browser asks again and shows no old page
    person.open(form.page)
    reads(person, form.telling.back)
    assert differing(once, stored(app)) == set()


@every_form
def test_a_sign_in_that_expired_comes_back_to_the_form(app, world, session, sits, form):
    prepared(world, form)
    person = sits(form)
    before = stored(app)
    session.exec(update(LoginSession).values(ended_at=now()))
    session.commit()
    form.send(person)
    assert person.status == 401
    if form is UPLOAD:  # a file does not travel: the page says so by asking for it again
        person.sees("Đăng nhập")
        assert differing(before, stored(app)) == set()
        return
    person.press("Đăng nhập", email=world.an.email, password=PASSWORD)
    assert person.status == 200
    assert "Chưa có gì được gửi đi." in person.page.text
    assert form not in TYPED or ONE in person.page.source
    assert differing(before, stored(app)) == set()
    if form is AGREEMENT:  # the tick is an act of its own: nobody makes it but the person, now
        form.send(person)
    elif person.offers(form.button):
        person.press(form.button)  # as it stands: everything that was typed came back
    else:
        person.press("Đưa vào hồ sơ" if person.offers("Đưa vào hồ sơ") else "Gửi nội dung này")
    reads(person, (200, form.telling.done))
    assert differing(before, stored(app))


@every_form
def test_a_removed_member_is_out_at_the_next_click(app, world, session, sits, form):
    """Ánh was made an owner, so that every form was hers, and is removed while it is open."""
    session.get_one(Member, (world.hat_nang.id, world.anh.id)).role = MemberRole.OWNER
    prepared(world, form)
    person = sits(form, "anh")
    vendors.remove_member(session, world.an, world.hat_nang, world.anh.id)
    session.commit()
    before = stored(app)
    form.send(person)
    reads(person, (404, NO_PAGE))
    assert differing(before, stored(app)) == set()


@every_form
def test_what_troubles_files_and_rounds_holds_up_no_text(app, world, session, sits, monkeypatch, form):
    """The round closes, the library is full, the disk of the files is full, the scanner is away."""

    def full(_incoming, _chunk):
        raise storage.StorageFull(28, "no room")

    prepared(world, form)
    person = sits(form)
    if form is not SUBMISSION:
        world.round.closes_at = now()
        session.add(world.round)
        session.commit()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], company_quota_mb=0, clamd_url="tcp://127.0.0.1:1")
    monkeypatch.setattr(storage.Incoming, "write", full)
    before = stored(app)
    form.send(person)
    if form is UPLOAD:  # the library is asked before the disk; each by itself: tests/registry/evidence/test_upload.py
        reads(person, (413, "Kho của đơn vị đã đầy"))
        assert differing(before, stored(app)) == set()
    else:
        reads(person, (200, form.telling.done))
        assert differing(before, stored(app))


DISK_FULL = """
CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""
TRIGGER = 'CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE OR DELETE ON "{}" FOR EACH ROW EXECUTE FUNCTION disk_full()'


@contextmanager
def full_disk(engine):
    """No room under the database: SQLite's files may not grow by a byte, PostgreSQL says what it says then."""
    if engine.dialect.name == "sqlite":
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        return
    with engine.begin() as connection:
        connection.execute(text(DISK_FULL))
        for table in SQLModel.metadata.sorted_tables:
            connection.execute(text(TRIGGER.format(table.name)))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION disk_full() CASCADE"))


@every_form
def test_a_full_disk_under_the_database_is_said_and_what_was_typed_is_shown(app, world, sits, form):
    prepared(world, form)
    person = sits(form)
    before = stored(app)
    with full_disk(app.extensions["engine"]):
        form.send(person)
    if form is UPLOAD and app.extensions["engine"].dialect.name == "sqlite":  # here the file itself finds no room
        reads(person, (507, "Máy chủ hết chỗ chứa"))
    elif form is UPLOAD:  # it has committed on its way, nothing as it happens, and says so with care
        reads(person, (507, "có thể đã được ghi"))
    else:
        code = 503 if app.extensions["engine"].dialect.name == "sqlite" else 507  # SQLite knows no reason here
        reads(person, (code, "Chưa có gì được lưu."))
    assert form not in TYPED or ONE in person.page.source
    assert differing(before, stored(app)) == set()


def test_a_resumable_upload_minds_no_round_and_waits_for_the_scanner(app, world, session):
    """Half of it arrives, its page is left and opened again; round and scanner are gone; the rest arrives."""
    browser = app.test_client()
    browser.sign_in(world.an)
    url = sender.begun(browser)
    half = len(sender.CONTENT) // 2
    sender.patch(browser, url, sender.CONTENT[:half])
    back = Person(browser)
    back.open("/evidence/new")
    back.sees("Chọn lại đúng tệp này để tải tiếp.")
    world.round.closes_at = now()
    session.add(world.round)
    session.commit()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], clamd_url="tcp://127.0.0.1:1")
    assert sender.patch(browser, url, sender.CONTENT[half:], half).status_code == 204
    back.open("/evidence/new")
    back.press("Tải tệp lên", kind="DOC", title=ONE, promise="y")
    reads(back, (200, "Đã thêm 1 bằng chứng."))
    with app.app_context():
        jobs.turn()
    assert row(app, select(StoredFile.scan)) is ScanState.WAITING
    back.open("/evidence")
    back.sees(ONE, "Đang chờ máy quét mã độc, chưa mở được")


# --- the table ---

HERE, EVIDENCE = "tests/test_vendor_troubles.py", "tests/registry/evidence"
RESUMABLE, SCANS = f"{EVIDENCE}/test_resumable.py", f"{EVIDENCE}/test_scans.py"
HANDING_IN = "tests/registry/applications/test_handing_in.py"
WITHOUT = f"{HERE}::test_what_troubles_files_and_rounds_holds_up_no_text"
WAITING = f"{HERE}::test_a_resumable_upload_minds_no_round_and_waits_for_the_scanner"

TABLE = {  # trouble -> the test that every form goes through, the one of resumable uploads, and tests of single forms
    "two tabs": (
        f"{HERE}::test_what_another_tab_typed_overwrites_nothing",
        f"{RESUMABLE}::test_two_at_once_never_interleave",
        (
            "tests/registry/applications/test_drafts.py::test_two_texts_stand_side_by_side_with_their_differences",
            f"{HANDING_IN}::test_what_a_colleague_changed_meanwhile_is_shown_before_it_is_handed_in",
        ),
    ),
    "double click": (
        f"{HERE}::test_a_double_click_is_one",
        f"{RESUMABLE}::test_pressed_twice_it_is_one_piece",
        ("tests/registry/applications/test_rounds.py::test_two_clicks_at_once_hand_in_once",),
    ),
    "back button": (
        f"{HERE}::test_going_back_shows_how_it_stands",
        WAITING,
        (f"{HANDING_IN}::test_an_old_page_does_not_hand_in_again_what_was_returned",),
    ),
    "expired sign-in": (
        f"{HERE}::test_a_sign_in_that_expired_comes_back_to_the_form",
        f"{RESUMABLE}::test_after_signing_in_again_it_goes_on",
        ("tests/registry/accounts/test_recalled.py::test_every_post_of_the_vendor_comes_back_and_changes_nothing",),
    ),
    "closed round": (
        WITHOUT,
        WAITING,
        (f"{HANDING_IN}::test_a_round_that_closed_meanwhile_is_said_on_the_page",),
    ),
    "removed member": (
        f"{HERE}::test_a_removed_member_is_out_at_the_next_click",
        f"{RESUMABLE}::test_who_left_the_company_goes_on_with_nothing",
        (f"{EVIDENCE}/test_upload.py::test_who_left_the_company_meanwhile_adds_nothing",),
    ),
    "full quota": (
        WITHOUT,
        f"{RESUMABLE}::test_a_quota_that_shrank_is_asked_again_at_the_end",
        (f"{EVIDENCE}/test_upload.py::test_a_full_library_is_said_before_anything_is_read",),
    ),
    "full disk": (
        f"{HERE}::test_a_full_disk_under_the_database_is_said_and_what_was_typed_is_shown",
        f"{RESUMABLE}::test_a_full_disk_keeps_what_is_safe_and_says_so",
        (WITHOUT, f"{EVIDENCE}/test_upload.py::test_a_full_disk_is_said_and_leaves_nothing"),
    ),
    "scanner down": (
        WITHOUT,
        WAITING,
        (
            f"{SCANS}::test_a_scanner_that_is_down_means_waiting_and_not_passing",
            f"{SCANS}::test_nothing_is_handed_in_with_a_file_that_nobody_may_read",
            f"{SCANS}::test_a_correction_waits_for_its_files_and_for_no_others",
        ),
    ),
}
NAMED = sorted({one for every, tus, more in TABLE.values() for one in (every, tus, *more)})


@pytest.mark.parametrize("named", NAMED)
def test_what_the_table_names_is_there(named):
    path, _colons, name = named.partition("::")
    source = (Path(__file__).parents[1] / path).read_text("utf-8")
    tests = {one.name: one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)}
    assert name in tests
    if named in {every for every, _tus, _more in TABLE.values()}:  # it is run for every form
        assert "every_form" in [ast.unparse(one) for one in tests[name].decorator_list]
