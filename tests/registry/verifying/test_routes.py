"""What strangers fetch: the snapshot, the program, and the page that has a sentence for whatever the script says."""

import hashlib
import re
from pathlib import Path

import pytest

from registry.verifying import registry_verify
from tests.forgeries import Table

PROGRAM = Path(registry_verify.__file__).read_bytes()


@pytest.mark.parametrize("path", ["/verify/snapshot.json", "/registry-verify.py"])
def test_anybody_may_fetch_it_from_anywhere_and_no_cookie_is_set(world, browser, path):
    browser.sign_in(world.an)
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert re.fullmatch(r"public, max-age=\d+", answer.headers["Cache-Control"])
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_program_is_the_one_of_the_tests_and_the_page_says_its_hash(browser):
    answer = browser.get("/registry-verify.py")
    assert answer.data == PROGRAM
    assert answer.headers["Content-Type"].startswith("text/x-python")
    assert answer.headers["Content-Disposition"] == "attachment; filename=registry-verify.py"
    for prefix in ("", "/en"):
        assert hashlib.sha256(PROGRAM).hexdigest() in browser.get(f"{prefix}/verify").text


def test_the_page_has_a_word_and_a_shape_for_every_answer_and_a_sentence_for_every_reason(browser):
    page = browser.get("/verify").text
    answers = re.findall(r'data-status="(\w+)">\s*<svg class="mk"', page)
    assert set(answers) == set(registry_verify.ANSWERS)
    said = set(re.findall(r'data-say="(\w+)"', page))
    cases = Table().cases()
    assert {case.status for case in cases} <= said  # the sentence of an answer serves where a reason has none
    assert {case.detail for case in cases if case.detail == "stale_list"} <= said


def test_answers_to_a_number_do_not_carry_the_check_of_files(browser):
    page = browser.get("/verify", query_string={"number": "VCSC-26-9999-A"}).text
    assert "verify.js" not in page
    assert "data-snapshot" not in page


def test_the_box_waits_for_the_script(browser):
    page = browser.get("/verify").text
    assert "<div data-able hidden>" in page
    assert "<div data-unable hidden>" in page
    assert "<div data-without>" in page  # what it says is read in a browser without one
