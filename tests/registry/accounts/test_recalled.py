"""Every form of the vendor's pages, sent after the session had ended: it comes back, and nothing was changed."""

import re
from html import unescape

import pytest
from sqlmodel import Session, SQLModel, select, update

from assessments.agreement import current_version
from assessments.clock import now
from registry import access
from registry.accounts.models import LoginSession
from tests.drafting import ready
from tests.test_access import address
from tests.world import PASSWORD

URL = "/applications/HS-2026-0001"
TEXT = "Câu này đã gõ khi phiên hết hạn"
UNTOUCHED = {"login_session", "attempts", "heartbeat", "security_event"}  # signing in writes these

# Forms that stand in their own page again: address, and what was typed into them.
FIELDS = ("claim", "name_vi", "reason", "name", "title", "note", "text", "remarks", "label")  # one for each form
OWN = [
    ("/applications", {"product": "new", "name_vi": TEXT}),
    (f"{URL}/criteria/HN-01", {"version": "1", "claim": TEXT}),
    (f"{URL}/criteria/HN-01?return=check", {"version": "1", "claim": TEXT}),
    (f"{URL}/profile/names", {"seen": "x", "name_vi": TEXT}),
    (f"{URL}/profile/kinds", {"seen": "x", "categories": ["PC", "CF"], "features-0-code": "has_accounts"}),
    (f"{URL}/profile/version", {"seen": "x", "store_links": TEXT}),
    (f"{URL}/profile/price", {"seen": "x", "made_in_ground": TEXT}),
    (
        f"{URL}/profile/data",
        {"seen": "x", "taken-2-kind": "location", "taken-2-purpose_vi": TEXT, "asked-1-name": TEXT},
    ),
    (f"{URL}/profile/support", {"seen": "x", "removal_vi": TEXT, "measured-0-topic": TEXT}),
    (f"{URL}/agreement", {"accept": "y", "version": current_version()}),
    (f"{URL}/withdraw", {"reason": TEXT}),
    ("/company/facts", {"name": TEXT, "address": "Hà Nội"}),
    ("/company/invite", {"email": "moi@hatnang.example", "role": "contributor", "language": "vi"}),
    ("/evidence/link", {"title": TEXT, "address": "https://den.example"}),
]


def rows(app):
    """Everything that is stored, but for what signing in writes."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in UNTOUCHED]
    with Session(app.extensions["engine"].execution_options(reading=True)) as session:
        return {table.name: sorted(map(repr, session.execute(select(*table.c)))) for table in tables}


def come_back(world, session, browser, path, **typed):
    """Post a form after the session has ended, and sign in again."""
    browser.sign_in(world.an)
    token = browser.token("/account")
    session.exec(update(LoginSession).values(ended_at=now()))
    session.commit()
    asked = browser.post(path, data={"csrf_token": token, **typed})
    assert asked.status_code == 401
    kept = unescape(re.search(r'name="carried"[^>]*value="([^"]*)"', asked.text)[1])
    fresh = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', asked.text)[1]
    form = {"csrf_token": fresh, "email": world.an.email, "password": PASSWORD, "carried": kept}
    return browser.post("/sign-in", data=form)


def form_at(page, path):
    """The form of a page that is sent to an address."""
    found = re.search(rf'<form [^>]*action="{re.escape(path)}".*?</form>', page.text, re.DOTALL)
    return unescape(found[0]) if found else ""


@pytest.mark.parametrize(("path", "typed"), OWN, ids=[f"{path} {n}" for n, (path, _typed) in enumerate(OWN)])
def test_a_form_comes_back_in_its_own_page(app, world, session, browser, path, typed):
    ready(world)
    before = rows(app)
    page = come_back(world, session, browser, path, **typed)
    assert page.status_code == 200
    assert "Chưa có gì được gửi đi. Nội dung bạn vừa nhập ở trong các ô dưới đây" in page.text
    form = form_at(page, path)
    texts = [text for text in typed.values() if text == TEXT]
    assert form.count(TEXT) >= len(texts)
    assert "Nội dung vừa nhập</h1>" not in page.text
    assert "Lỗi:" not in page.text
    assert rows(app) == before


def test_what_came_back_is_marked_as_not_saved(world, session, browser):
    ready(world)
    page = come_back(world, session, browser, f"{URL}/criteria/HN-01", version="1", claim=TEXT)
    assert "data-unsaved" in page.text
    assert 'name="version" value="1"' in page.text


def test_ticks_and_choices_come_back(world, session, browser):
    world.application(profile={})
    form = {"categories": ["PC", "CF"], "features-0-code": "has_accounts", "features-0-answer": "yes"}
    page = come_back(world, session, browser, f"{URL}/profile/kinds", seen="x", **form)
    assert len(re.findall(r"<input(?=[^>]* checked)", page.text)) == 3


def test_every_post_of_the_vendor_comes_back_and_changes_nothing(app, world, session, browser):
    """Whatever the route: the text is on the page after signing in, in its own form or in a plain one."""
    ready(world)
    before, lost = rows(app), []
    for rule in app.url_map.iter_rules():
        with app.app_context():
            declared = access.declared(rule.endpoint) or ""
        vendors = declared.startswith(("application:", "vendor:")) or rule.endpoint.startswith("company.")
        if "POST" in (rule.methods or ()) and vendors:
            path = address(app, rule, "HS-2026-0001")
            typed = dict.fromkeys(FIELDS, TEXT)
            page = come_back(world, session, browser, path, **typed)
            if page.status_code != 200 or TEXT not in form_at(page, path):
                lost.append((rule.endpoint, page.status_code))
    without_such_fields = ("applications.accept_agreement", "applications.preview_into", "company.send_invitation")
    assert sorted(lost) == [(endpoint, 200) for endpoint in without_such_fields]
    assert rows(app) == before


def test_what_was_locked_meanwhile_comes_back_to_be_copied(app, world, session, browser):
    application = ready(world)
    application.state = "submitted"
    session.commit()
    page = come_back(world, session, browser, f"{URL}/criteria/HN-01", version="1", claim=TEXT)
    # the page of the answer can still be shown; saving it is refused, as it always was
    assert (page.status_code, TEXT in page.text) == (200, True)


def test_a_page_left_open_too_long_is_its_own_form_again(app, world, browser):
    ready(world)
    before = rows(app)
    browser.sign_in(world.an)
    page = browser.post(f"{URL}/profile/names", data={"csrf_token": "too old", "seen": "x", "short_vi": TEXT})
    assert page.status_code == 400
    assert TEXT in form_at(page, f"{URL}/profile/names")
    assert rows(app) == before
