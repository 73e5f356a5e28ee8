"""What is told of the figures and what is not, in words and in sentences, in both languages."""

import csv
import io

import pytest
from flask_babel import force_locale

from registry.transparency import report, sentences, table, topics
from registry.transparency.topics import Hidden

NAMES = ("declined", "refused", "withdrawn", "lapsed")


@pytest.fixture(params=["vi", "en"])
def language(app, request):
    """Each language in turn."""
    with app.app_context(), force_locale(request.param):
        yield request.param


def ends(*counts):
    """The ends of applications that are nobody's business."""
    return dict(zip(NAMES, counts, strict=True))


@pytest.mark.parametrize(
    ("counts", "told", "together"),
    [
        ((0, 0, 0, 0), (0, 0, 0, 0), 0),
        ((3, 0, 4, 0), (3, 0, 4, 0), 7),
        ((1, 0, 0, 0), (Hidden.MERGED,) * 4, Hidden.FEW),
        ((1, 5, 0, 0), (Hidden.MERGED,) * 4, 6),
        ((2, 2, 2, 2), (Hidden.MERGED,) * 4, 8),
    ],
)
def test_ends_are_told_apart_only_where_none_is_small(counts, told, together):
    found = topics.protected({"certified": 1, **ends(*counts)})
    assert tuple(found[name] for name in NAMES) == told
    assert (found["certified"], found["not_certified"]) == (1, together)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, Hidden.FEW), (2, Hidden.FEW), (3, 3)])
def test_a_small_count_is_not_told(count, shown):
    assert topics.few(count) == shown


def figures(count=4, alpha=3):
    """A year with enough of everything, or with too little."""
    times = {f"{step}.{name}": count if name == "count" else 25 for step in ("review", "whole") for name in TIMES}
    return {
        "applications": {"initial.lodged": count},
        "outcomes": {"initial.certified": 1, "initial.declined": count},
        "times": times,
        "agreement": {"vcsc-2026.alpha": 812, "vcsc-2026.count": alpha},
    }


TIMES = ("count", "median", "p90")


def of(found, code):
    """The topic of a code."""
    return next(one for one in topics.topics(found) if one.code == code)


def test_times_and_agreement_need_enough_behind_them(language):
    assert of(figures(4), "times")["whole.median"].value is Hidden.NONE
    assert of(figures(5), "times")["whole.median"].value == 2.5
    assert of(figures(alpha=2), "agreement")["vcsc-2026"].value is Hidden.FEW
    assert of(figures(alpha=3), "agreement")["vcsc-2026"].value == 0.812


def test_topics_of_nothing_say_nothing(language):
    for topic in topics.topics({}):
        said = " ".join(sentences.said(topic, None))
        assert said, topic.code
        assert not any(letter.isdigit() and letter != "0" for letter in said.replace("Krippendorff", "")), said


@pytest.mark.parametrize(
    ("count", "english"),
    [
        (0, "There were no first applications in the year."),
        (2, "There were fewer than 3 first applications in the year."),
        (21, "There were 21 first applications in the year."),
    ],
)
def test_sentences_have_the_right_number(app, count, english):
    with app.app_context(), force_locale("en"):
        said = sentences.said(of(figures(count), "applications"), None)
        assert said == [english]


def test_one_is_one_and_the_year_before_is_told(app):
    with app.app_context(), force_locale("en"):
        now, then = {"certificates": {"valid": 1, "grant": 1}}, {"certificates": {"valid": 9, "grant": 9}}
        said = sentences.said(of(now, "certificates"), of(then, "certificates"))
    assert said == [
        "At the end of the year 1 paper was valid.",
        "1 was granted in the year.",
        "Nothing was suspended or withdrawn.",
        "The year before: 9.",
    ]


def test_every_sentence_is_in_its_language(language):
    for part in report.parts(figures(5), figures(6)):
        text = " ".join((*part.sentences, part.topic.title, part.topic.note, *(label for label, *_ in part.rows)))
        assert any("ạ" <= letter <= "ỹ" for letter in text) == (language == "vi"), text


def test_the_file_holds_what_the_page_tells(app):
    with app.app_context(), force_locale("en"):
        text = table.text({2026: figures(2), 2025: figures(5)})
    assert text[0] == "\ufeff"
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    found = {(row["year"], row["topic"], row["item"]): (row["value"], row["note"]) for row in rows}
    assert found["2026", "applications", "initial"] == ("", "few")
    assert found["2026", "outcomes", "declined"] == ("", "merged")
    assert found["2026", "times", "whole.median"] == ("", "none")
    assert found["2025", "times", "whole.median"] == ("2.5", "")
    assert found["2025", "outcomes", "declined"] == ("5", "")
    assert found["2025", "agreement", "vcsc-2026"] == ("0.812", "")
