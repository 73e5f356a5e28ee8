"""Certificates with the answers behind them, about to run out: what a renewal or a change begins from."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assessments.clock import today
from assessments.models import Answer, AnswerEvidence, AnswerText, Application, Certificate
from assessments.renewals import Wish, start
from assessments.states import ChangeKind, Kind
from criteria import store
from criteria.model import Edition
from tests.deciding import certified
from tests.drafting import codes, piece
from tests.world import EDITION, World

DAYS_LEFT = 30


def answered_certificate(world: World, ref: str = "HS-2026-0001", days_left: int = DAYS_LEFT) -> Certificate:
    """A certificate of Hạt Nắng that ends soon; behind it stand answers that were written in several tries."""
    certificate = certified(world, ref)
    session = world.session
    before = session.get_one(Application, certificate.application_id)
    evidence = piece(session, world, f"Báo cáo của {ref}")
    for code in codes(before):
        answer = Answer(
            application_id=before.id, criterion=code, claim=f"Lần trước: {code}.", version=3, saved_by=world.an.id
        )
        session.add(answer)
        session.flush()
        session.add(AnswerText(answer_id=answer.id, version=3, claim=answer.claim, saved_by=world.an.id))
        session.add(AnswerEvidence(answer_id=answer.id, evidence_id=evidence.id))
    certificate.valid_until = today() + timedelta(days=days_left)
    session.add(certificate)
    session.commit()
    return certificate


def begun(world: World, certificate: Certificate, kind: Kind = Kind.RENEWAL, **wish: Any) -> Application:
    """A renewal (or change) of it, begun by An."""
    if kind is Kind.CHANGE:
        wish = {"changes": (ChangeKind.DATA,), "note": "Giữ lịch sử thêm 7 ngày.", **wish}
    application = start(world.session, world.an, world.hat_nang.id, EDITION, Wish(kind, certificate.number, **wish))
    world.session.commit()
    return application


def newer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """vcsc-2027: HN-02 asks something else, TL-01 weighs 9, HN-03 has other advice, TL-09 stands where TL-05 stood."""
    made = folder / "editions" / "vcsc-2027"
    shutil.copytree(store.folder_of(EDITION), made)
    toml = (made / "edition.toml").read_text("utf-8").replace("TL-05", "TL-09")
    toml = toml.replace(f'id = "{EDITION}"', 'id = "vcsc-2027"', 1)
    toml = toml.replace('code = "TL-01"\ngroup = "TL"\nweight = 2', 'code = "TL-01"\ngroup = "TL"\nweight = 9')
    (made / "edition.toml").write_text(toml, "utf-8")
    for text in made.glob("tl/tl-05.*"):
        text.rename(text.with_name(text.name.replace("05", "09")))
    (made / "hn" / "hn-02.vi.md").write_text("# Hạn chế chặn nhầm\n\nYêu cầu mới của bản 2027.\n", "utf-8")
    monkeypatch.setenv("CRITERIA_DIR", str(made.parent))
    return store.load("vcsc-2027")
