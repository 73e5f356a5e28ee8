"""Each fault is planted in a copy of the shipped edition, and must be named by its file and line."""

import shutil
import unicodedata

import pytest

from criteria import store
from criteria.check import RULES, faults


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(store.SHIPPED / "vcsc-2026", tmp_path / "vcsc-2026")


def found(folder):
    return [(fault.path.relative_to(folder).as_posix(), fault.line, fault.sentence) for fault in faults(folder)]


def line_of(folder, text, after=""):
    """The number of the first line of edition.toml that begins with `text`, from the line `after` on."""
    lines = (folder / "edition.toml").read_text("utf-8").split("\n")
    start = lines.index(after) if after else 0
    return next(number for number, line in enumerate(lines[start:], start=start + 1) if line.startswith(text))


def plant(folder, text, instead, after=""):
    """Replace the first line that begins with `text`, from the line `after` on; give its number."""
    path = folder / "edition.toml"
    lines = path.read_text("utf-8").split("\n")
    number = line_of(folder, text, after)
    lines[number - 1] = instead
    path.write_text("\n".join(lines), "utf-8")
    return number


def rewrite(folder, name, change):
    """Put the lines of a text as `change` gives them."""
    path = folder / name
    path.write_text("\n".join(change(path.read_text("utf-8").split("\n"))), "utf-8")


def test_shipped_editions_are_sound():
    for edition_id in store.ids():
        assert faults(store.folder_of(edition_id)) == []


def test_every_rule_says_what_it_holds():
    assert all(rule.__doc__ for rule in RULES)


# What is planted: (first words of the line, the line instead, the line it stands below, the sentence).
TOML_FAULTS = {
    "id": ('id = "vcsc-2026"', 'id = "vcsc"', "", "The id should be the name of the folder: vcsc-2026."),
    "status": ("status", 'status = "final"', "", "The status should be one of: draft, published, retired."),
    "empty text": (
        "name",
        'name = { vi = "Bộ tiêu chí VCSC 2026", en = " " }',
        "",
        "name has an empty text.",
    ),
    "pass mark": ("pass_mark", "pass_mark = 5", "", "The pass mark is above the top score 4."),
    "reminder of nothing": (
        "reminder_days",
        "reminder_days = [7, 0]",
        "",
        "reminder_days should be different numbers, each 1 or more.",
    ),
    "period of nothing": ("appeal_days", "appeal_days = 0", "[periods]", "appeal_days should be 1 or more."),
    "one hearer": ("hearers", "hearers = 1", "[recourse]", "hearers should be 2 or more."),
    "validity of unknown category": (
        "validity_months_by_category",
        "validity_months_by_category = { XX = 24 }",
        "[periods]",
        "The edition has no category XX.",
    ),
    "quorum of nobody": ("deciders", "deciders = 0", "[quorum]", "deciders should be 1 or more."),
    "unknown category": (
        "categories",
        'categories = ["PC", "XX"]',
        'code = "TN-03"',
        "The edition has no category XX.",
    ),
    "category named twice": (
        "categories",
        'categories = ["PC", "PC"]',
        'code = "TN-03"',
        "The category PC is named twice.",
    ),
    "unknown evidence kind": (
        "evidence",
        'evidence = ["OATH"]',
        'code = "TN-03"',
        "The edition has no evidence kind OATH.",
    ),
    "unknown risk": (
        "related_risks",
        'related_risks = ["boredom"]',
        'code = "TN-03"',
        "The edition has no risk boredom.",
    ),
    "protects from unknown risk": (
        "protects_from",
        'protects_from = ["boredom"]',
        'code = "TN-03"',
        "The edition has no risk boredom.",
    ),
    "unknown flag": (
        "applies_if",
        'applies_if = "has_wings"',
        'code = "TN-06"',
        "The edition has no flag has_wings.",
    ),
    "condition for another category": (
        "applies_if_for",
        'applies_if_for = { PC = "has_ugc" }',
        'code = "TN-10"',
        "TN-10 is not for the category PC.",
    ),
    "condition with unknown flag": (
        "applies_if_for",
        'applies_if_for = { KP = "has_wings" }',
        'code = "TN-10"',
        "The edition has no flag has_wings.",
    ),
    "no weight": ("weight", "weight = 0", 'code = "TN-03"', "TN-03 has no weight."),
    "no evidence": ("evidence", "evidence = []", 'code = "TN-03"', "TN-03 has no evidence."),
    "critical and left out": (
        "na_allowed",
        "na_allowed = true",
        'code = "TN-01"',
        "TN-01 is critical, so na_allowed should be false.",
    ),
    "gap in the scale": ("value", "value = 9", "[[scale]]", "This step of the scale should be 0."),
    "score of a band": ("score", "score = 5", "[[bands]]", "The score is above the top score 4."),
    "band of unknown criterion": (
        "criterion",
        'criterion = "ZZ-01"',
        "[[bands]]",
        "The edition has no criterion ZZ-01.",
    ),
    "label of unknown criterion": (
        "criterion",
        'criterion = "ZZ-01"',
        "[[labels]]",
        "The edition has no criterion ZZ-01.",
    ),
    "label without column": (
        "column",
        'column = "gives"',
        "[[labels]]",
        "The column should be one of: does, takes.",
    ),
    "level asks less": ("group_min", "group_min = 49", 'code = "L2"', "L2 asks less than L1: group_min."),
    "level number": ("number", "number = 4", 'code = "L3"', "This level should have the number 3."),
    "critical_min off the scale": (
        "critical_min",
        "critical_min = 5",
        'code = "L3"',
        "L3 cannot be reached: critical_min is above 4.",
    ),
    "any_min off the scale": (
        "any_min",
        "any_min = 5",
        'code = "L3"',
        "L3 cannot be reached: any_min is above 4.",
    ),
    "group_min above 100": (
        "group_min",
        "group_min = 101",
        'code = "L3"',
        "L3 cannot be reached: group_min is above 100.",
    ),
    "overall_min above 100": (
        "overall_min",
        "overall_min = 101",
        'code = "L3"',
        "L3 cannot be reached: overall_min is above 100.",
    ),
    "wrong type": (
        "weight",
        'weight = "2"',
        'code = "TN-03"',
        "weight has the wrong type or value: it should be: A whole number from 0 (true and false are none).",
    ),
    "one language": (
        "name",
        'name = { vi = "Mã hóa" }',
        "[[flags]]",
        "name has the wrong type or value: it should be: A text in exactly the two languages.",
    ),
    "bad bound": (
        "below",
        'below = "eighty"',
        "[[bands]]",
        "below has the wrong type or value: it should be: A percentage from 0 to 100, written as a string.",
    ),
    "unknown key": ("critical", "critcal = true", 'code = "TN-03"', "The key critcal is unknown here."),
}


@pytest.mark.parametrize("planted", TOML_FAULTS.values(), ids=TOML_FAULTS.keys())
def test_fault_in_edition_toml(folder, planted):
    text, instead, after, sentence = planted
    line = plant(folder, text, instead, after)
    assert ("edition.toml", line, sentence) in found(folder)


@pytest.mark.parametrize(
    ("text", "instead", "after"),
    [TOML_FAULTS[name][:3] for name in TOML_FAULTS if name not in ("critical_min off the scale", "unknown key")],
)
def test_one_fault_is_named_once(folder, text, instead, after):
    plant(folder, text, instead, after)
    assert len(found(folder)) == 1


def test_weights_that_do_not_add_up(folder):
    plant(folder, "weight", "weight = 9", "[[groups]]")
    line = line_of(folder, "weight", after='code = "BC"')
    assert found(folder) == [("edition.toml", line, "The weights of the groups add up to 101, not to 100.")]


def test_missing_key_points_at_its_table(folder):
    line = plant(folder, "weight", "", 'code = "TN-03"')
    header = line_of(folder, "[[criteria]]", after=previous_code(folder, "TN-03"))
    assert found(folder) == [("edition.toml", header, "The key weight is missing.")]
    assert header < line


def previous_code(folder, code):
    number = int(code[-2:])
    return f'code = "{code[:3]}{number - 1:02d}"'


def test_missing_and_unknown_tables(folder):
    path = folder / "edition.toml"
    path.write_text(path.read_text("utf-8").replace("[quorum]", "[quoram]"), "utf-8")
    line = line_of(folder, "[quoram]")
    assert found(folder) == [
        ("edition.toml", 1, "The table [quorum] is missing."),
        ("edition.toml", line, "An edition has no table [quoram]."),
    ]


def test_duplicate_code(folder):
    first = line_of(folder, "[[age_bands]]")
    line = plant(folder, "code", 'code = "0-6"', 'code = "7-11"')
    assert found(folder) == [("edition.toml", line, f"0-6 stands twice in [age_bands], first at line {first}.")]


def test_two_levels_that_ask_the_same(folder):
    for key, value in (("any_min", 1), ("group_min", 50), ("overall_min", 65)):
        plant(folder, key, f"{key} = {value}", 'code = "L2"')
    line = line_of(folder, 'code = "L2"')
    assert found(folder) == [("edition.toml", line, "L2 asks the same as L1.")]


def test_group_without_criteria(folder):
    plant(folder, "weight", "weight = 0", 'code = "BC"')
    plant(folder, "weight", "weight = 14", 'code = "TL"')
    path = folder / "edition.toml"
    path.write_text(path.read_text("utf-8").replace('group = "BC"', 'group = "TL"'), "utf-8")
    for text in (folder / "bc").iterdir():
        text.rename(folder / "tl" / text.name)
    line = line_of(folder, 'code = "BC"')
    assert found(folder) == [("edition.toml", line, "The group BC has no criteria.")]


def test_unknown_group(folder):
    line = plant(folder, "group", 'group = "ZZ"', 'code = "TN-03"')
    assert ("edition.toml", line, "The edition has no group ZZ.") in found(folder)


def test_band_without_bound(folder):
    line = plant(folder, "below", "", "[[bands]]")
    header = line_of(folder, "[[bands]]")
    assert found(folder) == [("edition.toml", header, "This band has no bound: at_least, at_most, above, below.")]
    assert header < line


def test_end_before_beginning(folder):
    plant(folder, "in_force_from", "in_force_from = 2026-01-01\nin_force_to = 2025-12-31")
    line = line_of(folder, "in_force_to")
    assert found(folder) == [("edition.toml", line, "in_force_to is before in_force_from.")]


def test_bad_toml(folder):
    line = plant(folder, "reconstruction", "reconstruction = maybe")
    (fault,) = faults(folder)
    assert (fault.path, fault.line) == (folder / "edition.toml", line)
    assert fault.sentence == f"This is not TOML: Invalid value (at line {line}, column 18)."


def test_no_edition_file(folder):
    (folder / "edition.toml").unlink()
    assert found(folder) == [("edition.toml", 1, "This file is missing.")]


def test_missing_translation(folder):
    (folder / "tn/tn-03.en.md").unlink()
    assert found(folder) == [("tn/tn-03.en.md", 1, "The text of TN-03 in en is missing.")]


def test_orphan_file(folder):
    (folder / "tn/tn-99.vi.md").write_text("# Tiêu chí\n\nYêu cầu.\n", "utf-8")
    assert found(folder) == [("tn/tn-99.vi.md", 1, "No criterion of the edition uses this file.")]


@pytest.mark.parametrize("first", ["Tiêu chí không có dấu thăng", "# ", "## Tiêu chí"])
def test_missing_title(folder, first):
    rewrite(folder, "tn/tn-03.vi.md", lambda lines: [first, *lines[1:]])
    assert found(folder) == [("tn/tn-03.vi.md", 1, "The first line should be the title: # and its words.")]


def test_empty_requirement(folder):
    rewrite(folder, "tn/tn-03.vi.md", lambda lines: [*lines[:2], "", *lines[3:]])
    assert found(folder) == [("tn/tn-03.vi.md", 2, "The requirement is empty.")]


def test_guidance_in_one_language(folder):
    rewrite(folder, "tn/tn-03.en.md", lambda lines: lines[: lines.index("## Guidance")])
    assert found(folder) == [("tn/tn-03.en.md", 1, "The guidance is missing: ## Guidance and its parts.")]


# What is planted in the Vietnamese text of TN-03: the heading, the lines instead of it, the place and the sentence.
# The section stands at line 5, its parts at 7, 11, 16 and 21.
GUIDANCE_FAULTS = {
    "a part of one language": ("### Ví dụ", [""], 5, "The guidance lacks ### Ví dụ."),
    "unknown heading": ("### Ví dụ", ["### Ví dụ", "", "Chữ.", "", "### Mẹo"], 25, "The guidance has no part ### Mẹo."),
    "heading of another depth": (
        "### Ví dụ",
        ["### Ví dụ", "Chữ.", "#### Nhỏ"],
        23,
        "The guidance has no part #### Nhỏ.",
    ),
    "a part twice": (
        "### Ví dụ",
        ["### Bằng chứng tốt", "", "Chữ.", "", "### Ví dụ"],
        21,
        "### Bằng chứng tốt stands twice, first at line 11.",
    ),
    "an empty part": (
        "### Bằng chứng tốt",
        ["### Bằng chứng tốt", "", "### Lỗi thường gặp"],
        11,
        "### Bằng chứng tốt is empty.",
    ),
    "words above the first part": (
        "### Người đánh giá xem gì",
        ["Chữ.", "", "### Người đánh giá xem gì"],
        7,
        "These words stand above the first part of the guidance.",
    ),
}


@pytest.mark.parametrize("planted", GUIDANCE_FAULTS.values(), ids=GUIDANCE_FAULTS.keys())
def test_faulty_guidance(folder, planted):
    heading, instead, line, sentence = planted
    name = "tn/tn-03.vi.md"
    rewrite(folder, name, lambda lines: [new for old in lines for new in (instead if old == heading else [old])])
    assert (name, line, sentence) in found(folder)
    assert {path for path, _, _ in found(folder)} == {name}


def test_decomposed_text(folder):
    name = "tn/tn-03.vi.md"
    rewrite(folder, name, lambda lines: [*lines[:2], unicodedata.normalize("NFD", lines[2]), *lines[3:]])
    assert found(folder) == [
        ("tn/tn-03.vi.md", 3, "This line has combining marks; save it in the composed form (NFC).")
    ]


def test_decomposed_toml(folder):
    line = plant(folder, "name", unicodedata.normalize("NFD", 'name = { vi = "Tiêu chí", en = "Criteria" }'))
    assert found(folder) == [
        ("edition.toml", line, "This line has combining marks; save it in the composed form (NFC).")
    ]


def test_not_utf8(folder):
    (folder / "tn/tn-03.vi.md").write_bytes("# Tiêu chí\n\nYêu cầu".encode("utf-16-le"))
    (folder / "tn/tn-04.vi.md").write_bytes(b"# Ti\n\nYeu c\xff\n")
    assert ("tn/tn-04.vi.md", 3, "This line is not UTF-8.") in found(folder)
