"""Nobody sees another's scores before all are final: searched for by canaries in every page and every refusal."""

import pytest
from sqlmodel import select

from assessments import reviews
from assessments.models import Finding
from assessments.reviews import Marking
from tests import evaluation

REF = "HS-2026-0001"
CANARIES = ("chim-yen-ly-do", "chim-yen-hoi-dong", "chim-yen-nha-cung-cap", "Vũ Dũng", "dung@club.example")
PAGES = (
    "/reviews",
    f"/reviews/{REF}",
    f"/reviews/{REF}?c=TN-05",
    f"/reviews/{REF}/all",
    f"/reviews/{REF}/finish",
    f"/reviews/{REF}/declare",
    f"/reviews/{REF}/consensus",
    f"/reviews/{REF}/consensus/TN-05",
    f"/reviews/{REF}/findings",
    f"/reviews/{REF}/recommendation",
    f"/applications/{REF}",
    f"/intake/{REF}",
    f"/assignments/{REF}",
    f"/decisions/{REF}",
)
FORMS = (
    f"/reviews/{REF}/scores/TN-05",
    f"/reviews/{REF}/finish",
    f"/reviews/{REF}/consensus/equal",
    f"/reviews/{REF}/consensus/TN-05",
    f"/reviews/{REF}/findings",
    f"/reviews/{REF}/findings/ask",
    f"/reviews/{REF}/recommendation",
    f"/reviews/{REF}/recommendation/facts-check",
    f"/reviews/{REF}/recommendation/recommend",
)


@pytest.fixture
def application(world):
    """Dũng is final and has left canaries; Hà is still at work."""
    application = evaluation.in_review(world)
    evaluation.score_all(world, world.dung, application)
    marking = Marking("1", None, CANARIES[0], to_vendor=CANARIES[2], panel_only=CANARIES[1])
    reviews.save_score(world.session, world.dung, application, "TN-05", marking, 1)
    reviews.finish(world.session, world.dung, application)
    world.session.commit()
    return application


@pytest.mark.parametrize("who", ["ha", "an", "chi", "lan", "giang"])
@pytest.mark.usefixtures("application")
def test_no_page_tells_anything_before_all_are_final(world, browser, who):
    browser.sign_in(getattr(world, who))
    pages = [browser.get(prefix + page) for prefix in ("", "/en") for page in PAGES]
    token = browser.token("/account")
    pages += [browser.post(form, data={"csrf_token": token, "mark": "9", "version": 0}) for form in FORMS]
    if who in {"ha", "an", "chi"}:
        assert any(page.status_code == 200 for page in pages)
    found = {canary for page in pages for canary in CANARIES if canary in page.text}
    assert found <= ({"Vũ Dũng"} if who in {"chi", "lan"} else set())


def test_then_the_panel_reads_everything_by_letter(world, browser, application):
    evaluation.finish(world, world.ha, application)
    browser.sign_in(world.ha)
    page = browser.get(f"/reviews/{REF}/consensus/TN-05")
    assert page.status_code == 200
    assert all(canary in page.text for canary in CANARIES[:3])
    everything = "".join(browser.get(one).text for one in PAGES)
    assert "Vũ Dũng" not in everything
    assert "dung@club.example" not in everything


def test_the_vendor_never_reads_what_is_for_the_panel(world, browser, application):
    evaluation.finish(world, world.ha, application)
    browser.sign_in(world.an)
    everything = "".join(browser.get(one).text for one in PAGES)
    assert not [canary for canary in (CANARIES[0], CANARIES[1], "Vũ Dũng", "Đỗ Thu Hà") if canary in everything]
    assert world.session.exec(select(Finding)).all() == []
