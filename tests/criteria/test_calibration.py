"""Each fault is planted in a copy of the shipped calibration files, and must be named by its file and sentence."""

import shutil

import pytest

from criteria import store
from criteria.calibration import LARGEST
from criteria.check import faults
from criteria.digest import digest

PLACE = "calibration/cua-so-nho"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(store.SHIPPED / "vcsc-2026", tmp_path / "vcsc-2026")


def found(folder):
    return [(fault.path.relative_to(folder).as_posix(), fault.sentence) for fault in faults(folder)]


def rewrite(folder, old, new, name=f"{PLACE}/calibration.toml"):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


PLANTED = {
    "mark": ('mark = "4"', 'mark = "5"', "The mark should be one of: 0, 1, 2, 3, 4, not_shown."),
    "unknown criterion": ('code = "QT-02"', 'code = "XX-01"', "XX-01 does not apply to this product."),
    "another category": ('code = "QT-02"', 'code = "TN-06"', "TN-06 does not apply to this product."),
    "twice": ('code = "QT-02"', 'code = "AT-03"', "AT-03 stands twice."),
    "no English": ('en = "Store page"', 'en = ""', "title should say something in each language: vi, en."),
    "missing file": (
        'evidence = ["man-hinh-bi-chan.png"]',
        'evidence = ["khac.png"]',
        "khac.png is not among the evidence.",
    ),
    "kind": ('kind = "LAB"', 'kind = "RUMOUR"', "The edition has no evidence kind RUMOUR."),
    "flag": ('flags = ["has_accounts"', 'flags = ["has_wings"', "The edition has no category or flag has_wings."),
    "version": ('version = "3.2"\n', "", "version is missing."),
}


@pytest.mark.parametrize(("old", "new", "sentence"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_named(folder, old, new, sentence):
    rewrite(folder, old, new)
    assert (f"{PLACE}/calibration.toml", sentence) in found(folder)


def test_every_mark_is_asked_for(folder):
    rewrite(folder, 'mark = "not_shown"', 'mark = "0"')
    assert found(folder) == [(f"{PLACE}/calibration.toml", "No criterion is agreed to be: not_shown.")]


def test_files_that_are_gone_stray_or_heavy(folder):
    place = folder / PLACE
    (place / "man-hinh-bi-chan.png").unlink()
    (place / "la.txt").write_bytes(b"x" * LARGEST)
    assert found(folder) == [
        (f"{PLACE}/calibration.toml", f"The evidence is larger than {LARGEST // 1024} KB."),
        (f"{PLACE}/calibration.toml", "There is no file man-hinh-bi-chan.png of a known type."),
        (f"{PLACE}/la.txt", "The calibration file does not list this file."),
    ]


def test_the_bar(folder):
    rewrite(folder, "files = 2", "files = 3", "calibration/bar.toml")
    assert found(folder) == [("calibration/bar.toml", "There are 2 calibration files to be passed.")]
    rewrite(folder, "min_within = 80", "", "calibration/bar.toml")
    assert found(folder) == [("calibration/bar.toml", "The bar lacks a number: min_within.")]


def test_calibration_is_no_part_of_the_norm(folder):
    before = digest(store.load("vcsc-2026"))
    shutil.rmtree(folder / "calibration")
    assert digest(store.load_folder(folder)) == before
    assert found(folder) == []
