"""A small second edition, made out of the first in a folder of the test: a draft with one of each kind of change.

TL-01  weighs 3 instead of 2                TL-09  replaces TL-05, same text
HN-02  another requirement                  RT-08  new, for whoever handles personal data
BC-02  dropped                              QT-09  replaces QT-03 and QT-04, starts anew
an appeal within 45 days; TL weighs 7, BC 7 of 100
"""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from assessments import editions
from assessments.clock import today
from assessments.editions import Terms
from assessments.models import EditionPublication
from criteria import store
from criteria.model import Edition
from tests.world import EDITION, World

ID = "vcsc-2027-thu"
REASONS = ("Thêm yêu cầu về lưu dữ liệu.", "Adds a requirement on keeping data.")
RT_08 = """
[[criteria]]
code = "RT-08"
group = "RT"
weight = 2
critical = true
categories = ["PC", "CF", "BR", "MO", "CM", "AA", "HM", "HR", "KP", "DL", "CD"]
applies_if = "processes_personal_data"
evidence = ["DOC", "TEST"]
sources = []
related_risks = ["contract"]
protects_from = []
na_allowed = false
"""
CHANGES = (
    (f'id = "{EDITION}"', f'id = "{ID}"'),
    ('version = "2026.1"', 'version = "2027.0"'),
    ('status = "published"', 'status = "draft"'),
    ("VCSC 2026", "VCSC 2027 (thử)"),
    ("VCSC criteria 2026", "VCSC criteria 2027 (trial)"),
    ("in_force_from = 2026-01-01", "in_force_from = 2027-01-01"),
    ("appeal_days = 30", "appeal_days = 45"),
    ('code = "TL-01"\ngroup = "TL"\nweight = 2', 'code = "TL-01"\ngroup = "TL"\nweight = 3'),
    ('code = "TL-05"', 'code = "TL-09"\nreplaces = ["TL-05"]'),
    ('criterion = "TL-05"', 'criterion = "TL-09"'),
    ('code = "QT-03"', 'code = "QT-09"\nreplaces = ["QT-03", "QT-04"]'),
    ('criterion = "QT-03"', 'criterion = "QT-09"'),
)
HN_02 = {
    "vi": ("không chặn nhầm hoặc trong giới hạn của bảng", "không chặn nhầm trang nào"),
    "en": ("wrong blocks are zero or within the band table", "wrong blocks are zero"),
}
KEPT = {
    "vi": ("Nơi lưu dữ liệu của trẻ", "Nói rõ dữ liệu của trẻ được lưu ở nước nào và ai xem được."),
    "en": ("Where a child’s data is kept", "Says in which country a child’s data is kept and who can see it."),
}


def write(place: Path) -> Path:
    """The folder of the edition, made in `place`."""
    folder = place / ID
    shutil.copytree(store.SHIPPED / EDITION, folder)
    path = folder / "edition.toml"
    text = path.read_text("utf-8")
    for before, after in CHANGES:
        assert before in text, before
        text = text.replace(before, after)
    text = _without(_without(text, "criteria", 'code = "BC-02"'), "criteria", 'code = "QT-04"')
    text = _without(text, "labels", 'criterion = "QT-04"')
    text = text.replace("\n[[labels]]", f"{RT_08}\n[[labels]]", 1)
    path.write_text(_weighed(text), "utf-8")
    _write_texts(folder)
    return folder


def draft(place: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """The edition as a draft that the site finds."""
    folder = write(place / "own")
    monkeypatch.setenv("CRITERIA_DIR", str(folder.parent))
    return store.load(ID)


def terms(first: int = 0, last: int = 180, *, lapses: bool = False) -> Terms:
    """In force so many days from now, with a transition so many days long."""
    day = today()
    until = day + timedelta(days=last)
    return Terms(day + timedelta(days=first), until, *REASONS, lapses=lapses)


def published(world: World, what: Terms | None = None) -> EditionPublication:
    """The edition proposed by Giang and confirmed by Hùng."""
    proposal = editions.propose(world.session, world.giang, ID, what or terms())
    found = editions.confirm(world.session, world.hung, ID, proposal.id)
    world.session.commit()
    return found


def _without(text: str, table: str, line: str) -> str:
    blocks = text.split(f"[[{table}]]\n")
    kept = [block for block in blocks if not block.startswith(f"{line}\n")]
    assert len(kept) == len(blocks) - 1, line
    return f"[[{table}]]\n".join(kept)


def _weighed(text: str) -> str:
    for code, before, after in (("TL", 8, 7), ("BC", 6, 7)):
        start = text.index(f'code = "{code}"')
        at = text.index(f"weight = {before}", start)
        text = f"{text[:at]}weight = {after}{text[at + len(f'weight = {before}') :]}"
    return text


def _write_texts(folder: Path) -> None:
    for lang, (before, after) in HN_02.items():
        path = folder / "hn" / f"hn-02.{lang}.md"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), "utf-8")
        (folder / "tl" / f"tl-05.{lang}.md").rename(folder / "tl" / f"tl-09.{lang}.md")
        (folder / "qt" / f"qt-03.{lang}.md").rename(folder / "qt" / f"qt-09.{lang}.md")
        (folder / "qt" / f"qt-04.{lang}.md").unlink()
        (folder / "bc" / f"bc-02.{lang}.md").unlink()
        title, asks = KEPT[lang]
        guidance = (folder / "rt" / f"rt-07.{lang}.md").read_text("utf-8").partition("\n## ")[2]
        (folder / "rt" / f"rt-08.{lang}.md").write_text(f"# {title}\n\n{asks}\n\n## {guidance}", "utf-8")
