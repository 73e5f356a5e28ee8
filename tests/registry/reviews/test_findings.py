"""Findings on the web: the words of their authors are text, whatever they look like."""

import pytest

from assessments import findings
from assessments.findings import NOT_SHOWN_TEXT, Wording
from assessments.states import Severity
from tests import evaluation


def raised(world, text):
    """A file in consensus with a finding of the lead."""
    application = evaluation.in_consensus(world)
    findings.raise_finding(world.session, world.dung, application, "TN-01", Wording(Severity.MINOR, text))
    world.session.commit()
    return application.ref


@pytest.mark.parametrize("text", ["Chỉ đạt 50% (cần 90%)", "<img src=x onerror=alert(1)>", "%(certificate)s"])
def test_a_finding_is_shown_as_it_was_written(world, browser, text):
    ref = raised(world, text)
    browser.sign_in(world.ha)
    page = browser.get(f"/reviews/{ref}/findings")
    assert page.status_code == 200
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page.text
    assert "<img" not in page.text


def test_the_sentence_of_the_registry_is_in_the_readers_language(world, browser):
    ref = raised(world, NOT_SHOWN_TEXT)
    world.ha.language = "en"
    world.session.add(world.ha)
    world.session.commit()
    browser.sign_in(world.ha)
    page = browser.get(f"/reviews/{ref}/findings").text
    assert "The evidence does not" in page
    assert NOT_SHOWN_TEXT not in page
