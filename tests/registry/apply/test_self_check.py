"""The self-check: every page of it in both languages, its numbers, and what is no form of ours."""

import json
import random
import re

import pytest

from assessments import interchange
from criteria import applicability
from criteria.verdict import NOT_SHOWN, ObstacleKind, verdict
from tests.self_checking import EDITION, answered, hidden, read

STEPS = ("", "/criteria", "/criteria/TN", "/result", "/document")
CODES = {criterion.code for criterion in EDITION.criteria}
MARKS = ("0", "1", "2", "3", "4", "not_shown")


def send(browser, step, prefix="", **fields):
    return browser.post(f"{prefix}/apply/self-check{step}", data=fields)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_page_knows_or_keeps_anything(browser, world, prefix):
    browser.sign_in(world.an)
    for step in STEPS:
        page = send(browser, step, prefix, **answered(marks={"TN-01": "3"}))
        assert page.status_code == 200, step
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "private, no-cache"
        assert "<script" not in page.text
        assert world.an.name not in page.text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_first_page_is_public_and_may_be_cached(browser, world, prefix):
    page = browser.get(f"{prefix}/apply/self-check")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])


def test_pages_opened_without_their_form_begin_at_the_beginning(browser, world):
    for step in STEPS[1:]:
        assert browser.get(f"/apply/self-check{step}").location == "/apply/self-check"
        assert browser.get(f"/en/apply/self-check{step}").location == "/en/apply/self-check"


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_product_half_described_comes_back_with_what_was_given(browser, world, step):
    fields = answered(categories=(), marks={"TN-01": "3"}) | {"name_vi": "Mắt Sáng", "ages": ["7-11"]}
    del fields["features-2-answer"]
    page = send(browser, step, **fields)
    assert page.status_code == 422
    assert "Có 2 chỗ cần sửa" in read(page.text)
    assert "Chọn ít nhất một loại sản phẩm." in page.text
    assert 'value="Mắt Sáng"' in page.text
    assert re.search(r'<input checked id="ages-\d" name="ages" type="checkbox" value="7-11">', page.text)
    assert hidden(page.text, "mark-TN-01") == ["3"]
    assert "Set-Cookie" not in page.headers


def test_a_name_too_long_is_refused_in_words(browser, world):
    page = send(browser, "/result", **answered() | {"name_vi": "a" * 201})
    assert page.status_code == 422
    assert 'id="name_vi-error"' in page.text


@pytest.mark.parametrize(("prefix", "lang"), [("", "vi"), ("/en", "en")])
def test_scope_names_each_criterion_that_applies_and_why(browser, world, prefix, lang):
    categories, flags = ("KP",), ("has_ugc",)
    page = send(browser, "/criteria", prefix, **answered(categories, flags))
    tables = re.findall(r"<table.*?</table>", page.text, re.DOTALL)
    found = [re.findall(r'class="code">([A-Z]{2}-\d\d)<', table) for table in tables]
    applies = [one.criterion.code for one in applicability.applicable(EDITION, categories, flags)]
    others = [one.criterion.code for one in applicability.not_applicable(EDITION, categories, flags)]
    assert found == [applies, others]
    reason = {"vi": "Vì sản phẩm có đặc điểm:", "en": "Because of this feature"}[lang]
    assert EDITION.flag("has_ugc").name.get(lang) in read(page.text)
    assert lang == "en" or reason in read(page.text)


def test_answers_travel_from_page_to_page(browser, world):
    fields = answered(marks={"TN-01": "3", "RT-01": "not_shown"}) | {"name_en": "Bright <Eyes>", "platforms": ["ios"]}
    for step in ("/criteria", "/criteria/TL", "/result"):
        text = send(browser, step, **fields).text
        assert hidden(text, "name_en") == ["Bright <Eyes>"]
        assert hidden(text, "platforms") == ["ios"]
        assert hidden(text, "categories") == ["PC"]
        assert (hidden(text, "mark-TN-01"), hidden(text, "mark-RT-01")) == (["3"], ["not_shown"])
        assert [hidden(text, f"features-{n}-code") for n in range(9)] == [[one.code] for one in EDITION.flags]


def test_a_group_shows_the_rubric_and_what_was_chosen(browser, world):
    text = send(browser, "/criteria/TN", **answered(marks={"TN-01": "2"})).text
    assert re.search(r'name="mark-TN-01" value="2" checked', text)
    assert hidden(text, "mark-TN-01") == []
    applies = [one.criterion for one in applicability.applicable(EDITION, ["PC"], ["has_accounts", "has_install"])]
    for criterion in (one for one in applies if one.group == "TN"):
        assert criterion.requirement.vi in text
        assert re.findall(rf'name="mark-{criterion.code}" value="(\w+)"', text) == list(MARKS)
    assert all(step.anchor.vi in text for step in EDITION.scale)


def test_a_group_in_which_nothing_applies_leads_back_to_the_scope(browser, world, monkeypatch):
    assert send(browser, "/criteria/ZZ", **answered()).status_code == 404
    first = EDITION.by_group()[0][0].code
    monkeypatch.setattr("registry.apply.self_check.SelfCheck.part", lambda _check, _code: None)
    assert "tiêu chí áp dụng" in read(send(browser, f"/criteria/{first}", **answered()).text)


def test_changing_the_product_keeps_the_marks(browser, world):
    page = send(browser, "", **answered(marks={"TN-01": "3"}))
    assert hidden(page.text, "mark-TN-01") == ["3"]
    assert re.search(r'<input checked id="categories-0" name="categories" type="checkbox" value="PC">', page.text)


def rated(seed):
    """A product and marks by chance: few and many criteria, marks missing, marks of criteria that do not apply."""
    chance = random.Random(seed)  # noqa: S311  no secret
    categories = chance.sample([one.code for one in EDITION.categories], chance.randint(1, 4))
    flags = [one.code for one in EDITION.flags if chance.random() < 0.5]
    lowest = chance.choice((0, 2, 3))
    marks = {code: chance.choice(MARKS[lowest:]) for code in sorted(CODES) if chance.random() < 0.95}
    return categories, flags, marks


@pytest.mark.parametrize(("prefix", "lang"), [("", "vi"), ("/en", "en")])
def test_the_result_is_the_verdict_of_the_criteria(browser, world, prefix, lang):
    for seed in range(20):
        compare(browser, seed, prefix, lang)


def compare(browser, seed, prefix, lang):
    """One product by chance: everything the result page counts is what criteria.verdict says."""
    categories, flags, marks = rated(seed)
    applies = [one.criterion.code for one in applicability.applicable(EDITION, categories, flags)]
    given = {code: marks.get(code, "not_shown") for code in applies}
    expected = verdict(EDITION, {c: int(m) if m.isdecimal() else NOT_SHOWN for c, m in given.items()})
    page = send(browser, "/result", prefix, **answered(categories, flags, marks))
    table = re.search(r'<table class="tbl bars.*?</table>', page.text, re.DOTALL)[0]
    shown = re.findall(r"<b>([\d.,]+)</b>", table)
    assert shown == [group.shown(lang) for group in expected.groups]
    assert expected.shown(lang) in re.search(r"<tfoot>.*?</tfoot>", table, re.DOTALL)[0]
    text = read(page.text)
    if expected.level:
        assert expected.level.label.get(lang) in text
    else:
        assert {"vi": "chưa đạt mức nào", "en": "no level is reached yet"}[lang] in text
    missing = re.search(r'aria-labelledby="missing".*?</section>', page.text, re.DOTALL)[0]
    scores = [one.code for one in expected.obstacles if one.kind in {ObstacleKind.CRITICAL, ObstacleKind.ANY}]
    links = re.findall(r'href="(?:/en)?/criteria/vcsc-2026/([A-Z]{2}-\d\d)"', missing)
    assert links == scores
    criticals = re.search(r'aria-labelledby="criticals".*?</section>', page.text, re.DOTALL)[0]
    assert re.findall(r'href="(?:/en)?/criteria/vcsc-2026/([A-Z]{2}-\d\d)"', criticals) == [*expected.critical_failures]
    sums = [one for one in expected.obstacles if one.kind in {ObstacleKind.GROUP, ObstacleKind.OVERALL}]
    assert missing.count("<li>") == len(sums)


def test_the_best_product_has_nothing_left_to_reach(browser, world):
    text = read(send(browser, "/result", **answered(marks=dict.fromkeys(CODES, "4"))).text)
    assert "mức 3 – Xuất sắc" in text
    assert "Đây là mức cao nhất" in text
    assert "chưa chấm" not in text


def test_it_says_that_it_is_no_evaluation(browser, world):
    assert "Đây là đơn vị tự đánh giá. Kết quả không phải giấy chứng nhận" in read(
        send(browser, "/result", **answered()).text
    )
    assert "This is your own assessment. The result is not a certificate" in read(
        send(browser, "/result", "/en", **answered()).text
    )


def test_the_document_says_what_was_answered(browser, world):
    fields = answered(("PC",), ("has_accounts",), {"TN-01": "3", "TN-05": "not_shown", "BC-04": "2"})
    page = send(browser, "/document", **fields | {"name_vi": "Mắt Sáng", "ages": ["7-11"]})
    assert page.headers["Content-Disposition"] == "attachment; filename=self-check-vcsc-2026.json"
    assert page.mimetype == "application/json"
    found = json.loads(page.text)
    blank = {"claim": "", "not_applicable": False, "not_applicable_reason": ""}
    applies = {one.criterion.code for one in applicability.applicable(EDITION, ["PC"], ["has_accounts"])}
    answers = {"TN-01": {**blank, "self_score": 3}, "TN-05": {**blank, "self_score": None}}
    if "BC-04" in applies:
        answers["BC-04"] = {**blank, "self_score": 2}
    assert found == {
        "format": interchange.FORMAT,
        "version": interchange.VERSION,
        "edition": "vcsc-2026",
        "profile": {
            "name_vi": "Mắt Sáng",
            "name_en": "",
            "platforms": [],
            "ages": ["7-11"],
            "categories": ["PC"],
            "flags": ["has_accounts"],
            "flags_answered": True,
        },
        "answers": answers,
    }
    result = send(browser, "/result", **fields | {"name_vi": "Mắt Sáng", "ages": ["7-11"]})
    assert json.loads(hidden(result.text, "document")[0]) == found


HOSTILE = {
    "unknown criterion": answered(marks={"ZZ-99": "3"}),
    "mark off the scale": answered(marks={"TN-01": "5"}),
    "mark of many digits": answered(marks={"TN-01": "9" * 5000}),
    "another alphabet's digit": answered(marks={"TN-01": "٣"}),
    "not applicable where that cannot be": answered(marks={"TN-01": "not_applicable"}),
    "wrong edition": answered() | {"edition": "vcsc-1999"},
    "no edition": answered() | {"edition": ""},
    "unknown feature": answered() | {"features-0-code": "is_evil"},
    "a feature twice": answered() | {"features-1-code": EDITION.flags[0].code},
    "one feature only": {"edition": EDITION.id, "categories": "PC", "features-0-code": EDITION.flags[0].code},
    "nothing": {},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_form_of_ours_gets_a_plain_page(browser, world, kind):
    for step in STEPS:
        for prefix in ("", "/en"):
            page = send(browser, step, prefix, **HOSTILE[kind])
            assert page.status_code == 400, (step, prefix)
            assert "Set-Cookie" not in page.headers
            assert "vcsc-2026" in read(page.text)


def test_unknown_codes_of_lists_are_faults_of_the_form(browser, world):
    for step in STEPS[1:]:
        page = send(browser, step, **answered(categories=("PC", "ZZ")) | {"platforms": ["abacus"], "ages": ["99"]})
        assert page.status_code == 422, step


def test_floods_and_huge_texts_are_refused(browser, world):
    many = answered() | {f"mark-{n}": "3" for n in range(10_000)}
    assert send(browser, "/result", **many).status_code == 400
    assert send(browser, "/result", **answered() | {"name_vi": "a" * 3_000_000}).status_code == 413
    body = "&".join(["categories=PC"] * 10_000)
    kind = "application/x-www-form-urlencoded"
    assert browser.post("/apply/self-check/result", data=body, content_type=kind).status_code == 400
    assert browser.post("/apply/self-check/result", data=b"\xff\x00", content_type="text/plain").status_code == 400


def test_other_sites_cannot_send_it(browser, world):
    headers = {"Origin": "https://evil.example"}
    assert browser.post("/apply/self-check/result", data=answered(), headers=headers).status_code == 400
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/apply/self-check/result", data=answered(), headers=headers).status_code == 400


def test_what_is_typed_is_shown_as_text(browser, world):
    page = send(browser, "/result", **answered() | {"name_vi": '<script>alert("1")</script>'})
    assert "<script" not in page.text
    assert '<script>alert("1")</script>' in read(page.text)


def test_answers_are_packed_for_weak_links_but_never_kept(browser, world):
    headers = {"Accept-Encoding": "gzip"}
    page = browser.post("/apply/self-check/result", data=answered(), headers=headers)
    assert page.headers["Content-Encoding"] == "gzip"
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert len(page.data) < 12_000
