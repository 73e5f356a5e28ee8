"""Finding and loading editions: shipped ones, a club's own folder, and damaged ones."""

import shutil

import pytest

from criteria import store
from criteria.model import Bilingual, UnknownCode
from criteria.source import EditionError


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder of the club's own with one newer edition in it."""
    folder = shutil.copytree(store.SHIPPED / "vcsc-2026", tmp_path / "vcsc-2027")
    path = folder / "edition.toml"
    text = path.read_text("utf-8").replace('id = "vcsc-2026"', 'id = "vcsc-2027"')
    path.write_text(text.replace("in_force_from = 2026-01-01", "in_force_from = 2027-01-01"), "utf-8")
    monkeypatch.setenv("CRITERIA_DIR", str(tmp_path))
    return folder


def put(path, before, after):
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


def test_shipped_edition_is_found_and_current():
    assert store.ids() == ("vcsc-2026",)
    assert store.current() is store.load("vcsc-2026")


def test_shipped_edition_is_whole():
    edition = store.load("vcsc-2026")
    assert len(edition.criteria) == 49
    assert [(group.code, group.weight) for group, _ in edition.by_group()] == [
        ("TL", 8),
        ("TN", 20),
        ("HN", 17),
        ("RT", 18),
        ("TT", 10),
        ("AT", 14),
        ("QT", 7),
        ("BC", 6),
    ]
    assert sum(len(criteria) for _, criteria in edition.by_group()) == 49
    assert edition.reconstruction
    assert edition.level("L1").label == Bilingual("1 – Đạt bộ tiêu chí", "1 – Meets the criteria")
    assert edition.criterion("AT-02").title == Bilingual("Mã hóa", "Encryption")
    assert edition.criterion("TN-10").condition_for("KP") == "has_ugc"
    assert edition.criterion("TN-10").condition_for("HM") == ""
    assert edition.step(3).name.get("en") == "Met"
    assert edition.band_table("HN-01").bands[4].note.vi == "thử nghiệm độc lập hoặc Câu lạc bộ tự thử"
    assert edition.band_table("TL-01") is None
    assert [label.topic for label in edition.labels_of("RT-06")] == ["location", "history"]


def test_validity_is_the_shortest_of_the_categories():
    periods = store.load("vcsc-2026").periods
    assert periods.validity_months_for(["DL"]) == 24
    assert periods.validity_months_for(["DL", "PC"]) == 12
    assert periods.validity_months_for([]) == 12


def test_unknown_codes_are_refused():
    edition = store.load("vcsc-2026")
    for find in (edition.criterion, edition.group, edition.category, edition.flag, edition.platform):
        with pytest.raises(UnknownCode):
            find("nothing")
    with pytest.raises(UnknownCode):
        edition.step(9)


def test_own_folder_is_read_at_each_call(own):
    assert store.ids() == ("vcsc-2026", "vcsc-2027")
    assert store.current().id == "vcsc-2027"
    assert [edition.id for edition in store.editions()] == ["vcsc-2027", "vcsc-2026"]


def test_draft_is_not_current(own):
    put(own / "edition.toml", 'status = "published"', 'status = "draft"')
    assert store.current().id == "vcsc-2026"
    assert [edition.id for edition in store.editions()] == ["vcsc-2027", "vcsc-2026"]


def test_unknown_edition_is_refused():
    with pytest.raises(EditionError, match=r"There is no edition vcsc-1999\."):
        store.load("vcsc-1999")


def test_id_with_a_path_in_it_is_no_edition():
    with pytest.raises(EditionError):
        store.load("../editions/vcsc-2026")


def test_same_id_in_two_places_is_refused(own):
    own.rename(own.with_name("vcsc-2026"))
    with pytest.raises(EditionError, match="is taken by an edition"):
        store.load("vcsc-2026")


@pytest.mark.parametrize(
    ("name", "before", "after", "line", "sentence"),
    [
        ("edition.toml", "pass_mark = 3\n", "pass_mark = three\n", 11, "This is not TOML: "),
        ("edition.toml", "pass_mark = 3\n", "", 1, "The key pass_mark is missing."),
        ("at/at-02.en.md", "# Encryption", "Encryption", 1, "The first line should be the title"),
        ("at/at-02.en.md", "Data is encrypted", "\n## Guidance\n", 2, "The requirement is empty."),
    ],
)
def test_damaged_content_is_named_by_file_and_line(own, name, before, after, line, sentence):
    put(own / name, before, after)
    with pytest.raises(EditionError) as refusal:
        store.load("vcsc-2027")
    fault = refusal.value.fault
    assert (fault.path, fault.line) == (own / name, line)
    assert fault.sentence.startswith(sentence)


def test_missing_text_is_named(own):
    (own / "at/at-02.en.md").unlink()
    with pytest.raises(EditionError) as refusal:
        store.load("vcsc-2027")
    assert str(refusal.value) == f"{own / 'at/at-02.en.md'}:1: This file is missing."


def test_damaged_edition_does_not_take_the_others_along(own, caplog):
    put(own / "edition.toml", "[quorum]", "[quoram]")
    assert [edition.id for edition in store.editions()] == ["vcsc-2026"]
    assert "edition left out" in caplog.text
    assert store.ids() == ("vcsc-2026", "vcsc-2027")
