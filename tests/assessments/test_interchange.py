"""The document an application travels in: read with every fault named, compared with a draft, the same after a trip."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wtforms import TextAreaField

from assessments import answers, fields, interchange
from assessments.errors import Invalid
from assessments.interchange import Change, Given, Present
from assessments.texts import tidy
from criteria import store
from registry.applications.profile_form import STEPS
from tests.world import PROFILE

EDITION = store.load("vcsc-2026")
CODES = [one.code for one in EDITION.criteria]
SIGNS = st.one_of(
    st.sampled_from("ăâđêôơưạỗữỹĐƯỜ =+-@'\"\n\t_x0041_<>&{}[]\\/;,"), st.characters(blacklist_categories=["Cs"])
)
TEXT = st.text(SIGNS, max_size=200).map(tidy)
LONG = st.integers(4_000, 5_000).map(lambda n: ("Đặng " * 1_001)[:n].strip())
LEADING = st.builds(lambda sign, text: tidy(sign + text), st.sampled_from("=+-@'#"), TEXT)
CLAIMS = st.one_of(TEXT, LONG, LEADING).filter(bool)
DOCUMENTS = st.fixed_dictionaries(
    {
        "profile": st.fixed_dictionaries(
            {},
            optional={
                "description_vi": CLAIMS,
                "name_vi": st.builds(lambda t: fields.text(t, 500)[:200].strip(), LEADING),
                "flags": st.lists(st.sampled_from([one.code for one in EDITION.flags]), unique=True),
                "platforms": st.lists(st.sampled_from([one.code for one in EDITION.platforms]), unique=True),
                "permissions": st.lists(
                    st.fixed_dictionaries(
                        {
                            "name": st.builds(lambda t: fields.text("a" + t, 500)[:100].strip(), TEXT),
                            "reason_vi": st.builds(lambda t: fields.text(t, 500)[:300].strip(), TEXT),
                        }
                    ),
                    max_size=5,
                ),
                "data_answered": st.booleans(),
            },
        ),
        "answers": st.dictionaries(
            st.sampled_from(CODES), st.builds(lambda claim: {"claim": claim}, CLAIMS), max_size=5
        ),
        "links": st.lists(
            st.fixed_dictionaries(
                {
                    "criterion": st.sampled_from(["", *CODES]),
                    "url": st.sampled_from(["https://a.example/=1", "https://b.example/x?y=@z"]),
                    "title": st.builds(lambda t: fields.text("=" + t, 500)[:200].strip(), TEXT),
                }
            ),
            max_size=3,
        ),
    }
)


def written(**parts):
    return {**interchange.document("vcsc-2026", {}, {}), **parts}


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_a_document_is_the_same_after_a_trip_as_json(parts):
    read = interchange.read(written(**parts))
    assert read.remarks == ()
    assert interchange.read(interchange.parse(json.dumps(read.to_dict()))) == read


def test_a_whole_profile_is_read_as_it_is_stored():
    read = interchange.read(written(profile=PROFILE))
    assert read.remarks == ()
    assert {name: value for name, value in PROFILE.items() if value} == {
        name: sorted(value) if name == "flags" else value
        for name, value in read.profile.items()
        if value and name != "flags_denied"
    } | {"flags": PROFILE["flags"]}


def test_the_fields_take_what_the_forms_take():
    longest = {}
    for step in STEPS:
        form = step.form
        for name in step.fields:
            for validator in getattr(getattr(form, name, None), "kwargs", {}).get("validators", ()):
                if hasattr(validator, "max"):
                    longest[name] = validator.max
    assert longest == fields.LONGEST
    assert many_lines() - {"store_links"} == fields.MANY_LINES


def many_lines():
    """The fields of the profile that have a text area of their own."""
    found = {name: getattr(step.form, name, None) for step in STEPS for name in step.fields}
    return {name for name, one in found.items() if getattr(one, "field_class", None) is TextAreaField}


def test_what_is_empty_says_nothing():
    empty = dict.fromkeys(PROFILE, "") | {"flags": [], "data": [], "flags_answered": False, "data_answered": None}
    read = interchange.read(written(profile=empty, answers={"HN-01": {"claim": " ", "not_applicable": False}}))
    assert (read.profile, read.answers) == ({}, {})


def test_how_a_document_stands_to_a_draft():
    read = interchange.read(
        written(
            profile={"name_vi": "Mới", "version": "5.2", "website": "https://a.example", "data_answered": True},
            answers={"HN-01": {"claim": "a"}, "HN-02": {"claim": "b"}, "HN-03": {"claim": "c"}},
            links=[{"url": "https://a.example/x"}, {"url": "https://a.example/x", "criterion": "HN-01"}],
        )
    )
    present = Present(
        profile={"name_vi": "Cũ", "version": "5.2"},
        answers={"HN-01": Given("a"), "HN-02": Given("B")},
        links={("", "https://a.example/x")},
    )
    assert {one.place: one.change for one in interchange.differences(read, present)} == {
        "profile:name_vi": Change.CHANGED,
        "profile:version": Change.SAME,
        "profile:website": Change.NEW,
        "profile:data": Change.NEW,
        "answer:HN-01": Change.SAME,
        "answer:HN-02": Change.CHANGED,
        "answer:HN-03": Change.NEW,
        "link:0": Change.SAME,
        "link:1": Change.NEW,
    }
    closed = Present(present.profile, present.answers, profile_open=False, open_answers={"HN-03"})
    stands = {one.place: one.change for one in interchange.differences(read, closed)}
    assert stands["profile:name_vi"] is stands["answer:HN-02"] is stands["link:1"] is Change.NOT_OPEN
    assert stands["answer:HN-03"] is Change.NEW


def test_the_mark_changes_with_what_the_document_touches_and_with_nothing_else():
    read = interchange.read(written(profile={"version": "6"}, answers={"HN-01": {"claim": "a"}}))
    before = interchange.fingerprint(read, Present({"version": "5"}, {}))
    assert interchange.fingerprint(read, Present({"version": "5", "name_vi": "x"}, {"HN-02": Given("y")})) == before
    assert interchange.fingerprint(read, Present({"version": "5.1"}, {})) != before
    assert interchange.fingerprint(read, Present({"version": "5"}, {"HN-01": Given("z")})) != before


@pytest.mark.parametrize(
    ("profile", "place", "words"),
    [
        ({"data": [{"kind": "location", "kept_days": "lâu"}]}, "profile.data[0]", "số nguyên"),
        ({"data": [{"kind": "location", "kept_days": 99_999}]}, "profile.data[0]", "số ngày"),
        ({"data": [{"kind": "none"}]}, "profile.data[0]", "không có trong bản tiêu chí"),
        ({"data": "x"}, "profile.data[0]", "tên ô: giá trị"),
        ({"data": {"a": 1}}, "profile.data", "danh sách"),
        ({"permissions": [{"reason_vi": "x"}]}, "profile.permissions[0]", "còn thiếu"),
        ({"permissions": [{"name": "x"}] * 41}, "profile.permissions", "Nhiều nhất"),
        ({"blocking": [{"test_list": "x"}]}, "profile.blocking[0]", "còn thiếu"),
        ({"languages": ["vi", "tlh"]}, "profile.languages[1]", "không có trong bản tiêu chí"),
        ({"flags_answered": "maybe"}, "profile.flags_answered", "“có” hoặc “không”"),
        ({"version": ["5"]}, "profile.version", "phải là chữ"),
        ({"store_links": ["https://a.example", "ftp://b.example"]}, "profile.store_links[1]", "https://"),
        ({"price_model": "barter"}, "profile.price_model", "không có trong bản tiêu chí"),
        ([1], "profile", "tên ô: giá trị"),
    ],
)
def test_each_fault_is_named_with_its_place(profile, place, words):
    read = interchange.read(written(profile=profile))
    assert [one.place for one in read.remarks] == [place]
    assert words in read.remarks[0].message


def test_numbers_and_words_of_people_are_read():
    row = {
        "test_list": "A",
        "tested_on": "1/10/2026",
        "age_band": "7-11",
        "topic": "B",
        "harmful_tried": "100",
        "harmful_blocked": 95,
        "harmless_tried": 100,
        "harmless_blocked": 0,
        "measured_by": "laboratory",
        "tester": "Phòng thử A",
        "method": "Hai máy Android",
        "version": 5.2,
    }
    read = interchange.read(written(profile={"version": 5.2, "blocking": [json.dumps(row)], "flags_answered": "Có"}))
    assert read.remarks == ()
    assert read.profile["version"] == "5.2"
    assert read.profile["blocking"][0]["tested_on"] == "2026-10-01"
    assert (read.profile["flags"], len(read.profile["flags_denied"])) == ([], len(EDITION.flags))


def test_halves_of_characters_and_invisible_signs_are_left_out():
    read = interchange.read(
        interchange.parse(
            '{"format": "vcsc-application", "version": 1, "profile": {"name_vi": "\\ud800 A\\u0000\\u200bB\\u202e"}}'
        )
    )
    assert read.profile == {"name_vi": "AB"}


@pytest.mark.parametrize("raw", [None, 1, "x", [], {}, {"format": "x"}, {"format": "vcsc-application"}])
def test_other_formats_and_versions_are_refused(raw):
    with pytest.raises(Invalid):
        interchange.read(raw)


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", "[" * 100_000, '{"a":' * 20 + "1" + "}" * 20, "9" * 5_000, "x" * 1_600_000]
)
def test_what_is_no_sensible_json_is_refused(text):
    with pytest.raises(Invalid):
        interchange.parse(text)


def test_a_claim_as_long_as_the_form_takes_is_read():
    claim = "x" * answers.LONGEST
    assert interchange.read(written(answers={"HN-01": {"claim": claim}})).answers["HN-01"].claim == claim
