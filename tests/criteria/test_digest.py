"""The digest covers the normative content, all of it and nothing else, however the files are written."""

import re
import shutil
import unicodedata
from dataclasses import replace

import pytest

from criteria import store
from criteria.digest import digest
from criteria.model import Bilingual, Recourse

EDITION = store.load("vcsc-2026")
# Published: a change of this line means that a certificate's edition changed under it.
PUBLISHED = "sha256:c61a4b62ede73a4dd011b48564a04b919a869c2bb7bb395e1a1d2faf89fee6ff"
OTHER = Bilingual("khác", "other")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(store.SHIPPED / "vcsc-2026", tmp_path / "vcsc-2026")


def digest_of(folder):
    return digest(store.load_folder(folder))


def rewrite(folder, change):
    for path in [*folder.rglob("*.md"), folder / "edition.toml"]:
        path.write_bytes(change(path.read_text("utf-8")).encode())


def with_criterion(code, **changes):
    criteria = tuple(replace(c, **changes) if c.code == code else c for c in EDITION.criteria)
    return replace(EDITION, criteria=criteria)


def with_first(field, **changes):
    first, *rest = getattr(EDITION, field)
    return replace(EDITION, **{field: (replace(first, **changes), *rest)})


def test_published_edition_is_what_was_published():
    assert digest(EDITION) == PUBLISHED


def test_line_endings_do_not_matter(folder):
    rewrite(folder, lambda text: text.replace("\n", "\r\n"))
    assert digest_of(folder) == PUBLISHED


def test_unicode_form_does_not_matter(folder):
    rewrite(folder, lambda text: unicodedata.normalize("NFD", text))
    assert digest_of(folder) == PUBLISHED


def test_order_of_tables_and_keys_does_not_matter(folder):
    path = folder / "edition.toml"
    head, *tables = re.split(r"\n(?=\[)", path.read_text("utf-8"))
    turned = [turn_keys(table) for table in reversed(tables)]
    path.write_text("\n".join([head, *turned]), "utf-8")
    assert digest_of(folder) == PUBLISHED


def turn_keys(table):
    header, *keys = re.split(r"\n(?=\w+ =)", table.strip())
    return "\n".join([header, *reversed(keys)]) + "\n"


def test_spaces_at_the_end_do_not_matter(folder):
    rewrite(folder, lambda text: text + "\n\n")
    assert digest_of(folder) == PUBLISHED


def test_guidance_does_not_matter(folder):
    for path, example in ((folder / "tl/tl-01.vi.md", "### Ví dụ"), (folder / "tl/tl-01.en.md", "### An example")):
        path.write_text(path.read_text("utf-8").split(example)[0] + f"{example}\n\nWords.\n", "utf-8")
    assert store.load_folder(folder).criterion("TL-01").guidance.example == Bilingual("Words.", "Words.")
    assert digest_of(folder) == PUBLISHED


def test_no_guidance_at_all_does_not_matter(folder):
    for path in folder.rglob("*.md"):
        path.write_text(re.split(r"## (?:Hướng dẫn|Guidance)", path.read_text("utf-8"))[0], "utf-8")
    edition = store.load_folder(folder)
    assert {criterion.guidance for criterion in edition.criteria} == {None}
    assert digest(edition) == PUBLISHED


INFORMATIVE = {
    "notice": replace(EDITION, notice=OTHER),
    "name": replace(EDITION, name=OTHER),
    "status": replace(EDITION, status="retired"),
    "reconstruction": replace(EDITION, reconstruction=False),
    "labels": replace(EDITION, labels=()),
    "sources": with_criterion("TL-01", sources=("another",)),
    "related_risks": with_criterion("TL-01", related_risks=()),
    "guidance": with_criterion("TL-01", guidance=None),
    "explanation": with_first("groups", explanation=OTHER),
    "hint": with_first("categories", hint=OTHER),
    "worries": with_first("risks", worries=()),
    "reminder days": replace(EDITION, reminder_days=(14,)),
    "recourse": replace(EDITION, recourse=Recourse(hearers=3)),
}


@pytest.mark.parametrize("edition", INFORMATIVE.values(), ids=INFORMATIVE.keys())
def test_informative_content_does_not_matter(edition):
    assert digest(edition) == PUBLISHED


NORMATIVE = {
    "id": replace(EDITION, id="another"),
    "version": replace(EDITION, version="2026.2"),
    "pass mark": replace(EDITION, pass_mark=2),
    "title": with_criterion("TL-01", title=OTHER),
    "requirement vi": with_criterion("TL-01", requirement=replace(EDITION.criterion("TL-01").requirement, vi="khác")),
    "requirement en": with_criterion("TL-01", requirement=replace(EDITION.criterion("TL-01").requirement, en="other")),
    "weight": with_criterion("TL-01", weight=3),
    "critical": with_criterion("TL-01", critical=True),
    "categories": with_criterion("TL-01", categories=("PC",)),
    "applies_if": with_criterion("TL-01", applies_if="has_ugc"),
    "applies_if_for": with_criterion("TN-10", applies_if_for=()),
    "evidence": with_criterion("TL-01", evidence=("LAB",)),
    "protects_from": with_criterion("TN-01", protects_from=()),
    "na_allowed": with_criterion("TL-01", na_allowed=True),
    "group of a criterion": with_criterion("TL-01", group="TN"),
    "a criterion less": replace(EDITION, criteria=EDITION.criteria[1:]),
    "group weight": with_first("groups", weight=9),
    "group name": with_first("groups", name=OTHER),
    "scale name": with_first("scale", name=OTHER),
    "scale anchor": with_first("scale", anchor=OTHER),
    "level number": with_first("levels", number=9),
    "critical_min": with_first("levels", critical_min=2),
    "any_min": with_first("levels", any_min=0),
    "group_min": with_first("levels", group_min=49),
    "overall_min": with_first("levels", overall_min=64),
    "category name": with_first("categories", name=OTHER),
    "bands": replace(EDITION, band_tables=EDITION.band_tables[1:]),
    "periods": replace(EDITION, periods=replace(EDITION.periods, appeal_days=31)),
    "validity by category": replace(
        EDITION, periods=replace(EDITION.periods, validity_months_by_category=(("DL", 12),))
    ),
    "quorum": replace(EDITION, quorum=replace(EDITION.quorum, reviewers=3)),
}


@pytest.mark.parametrize("edition", NORMATIVE.values(), ids=NORMATIVE.keys())
def test_each_normative_change_changes_the_digest(edition):
    assert digest(edition) != PUBLISHED


def test_digests_of_all_changes_differ():
    digests = [digest(edition) for edition in NORMATIVE.values()]
    assert len(set(digests)) == len(digests)
