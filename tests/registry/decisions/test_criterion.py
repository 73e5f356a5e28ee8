"""One criterion as a decider reads it: whole, by letter, for the committee alone."""

import pytest

from tests import deciding

PAGE = "/decisions/HS-2026-0001/criteria/TL-03"


@pytest.fixture
def application(world):
    """Before the committee; Giang and Hùng have declared that they have no interest."""
    return deciding.in_decision(world)


@pytest.mark.parametrize(("language", "said"), [("vi", "Điểm thống nhất: 3"), ("en", "Agreed score: 3")])
def test_it_says_everything_about_one_criterion(world, browser, application, language, said):
    world.giang.language = language
    world.session.add(world.giang)
    world.session.commit()
    browser.sign_in(world.giang)
    page = browser.get(PAGE)
    assert page.status_code == 200
    for words in (said, "Phần trình bày của TL-03.", "Lý do A của TL-03", "Lý do B của TL-03"):
        assert words in page.text
    assert world.dung.name not in page.text
    assert world.ha.name not in page.text


def test_the_decision_page_leads_there_and_it_leads_on(world, browser, application):
    browser.sign_in(world.giang)
    assert f'href="{PAGE}"' in browser.get("/decisions/HS-2026-0001").text
    text = browser.get(PAGE).text
    assert 'href="/decisions/HS-2026-0001#c-TL-03"' in text
    assert "/criteria/TL-02" in text
    assert "/criteria/TL-04" in text


@pytest.mark.parametrize(
    ("person", "status"), [("hung", 200), ("an", 403), ("chi", 403), ("dung", 403), ("bao", 404), ("khanh", 404)]
)
def test_it_is_the_committees(world, browser, application, person, status):
    browser.sign_in(getattr(world, person))
    assert browser.get(PAGE).status_code == status


def test_a_criterion_that_was_not_judged_is_not_there(world, browser, application):
    browser.sign_in(world.giang)
    assert browser.get("/decisions/HS-2026-0001/criteria/XX-99").status_code == 404
