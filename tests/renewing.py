"""Certificates with the answers behind them, about to run out: what a renewal or a change begins from."""

from datetime import timedelta
from typing import Any

from assessments.clock import today
from assessments.models import Answer, AnswerEvidence, AnswerText, Application, Certificate
from assessments.renewals import Wish, start
from assessments.states import ChangeKind, Kind
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
