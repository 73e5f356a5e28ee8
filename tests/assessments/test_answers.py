"""Answers: claims, earlier texts, evidence, and two people at once."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlmodel import select

from assessments import answers
from assessments.answers import Draft
from assessments.errors import Conflict, Invalid, NotFound, WrongState
from assessments.models import AnswerEvidence, AnswerText, Finding
from assessments.queries.answers import answer_to, earlier_texts, summary
from assessments.states import Severity, State
from criteria import store
from tests.drafting import piece
from tests.world import EDITION


def save(world, application, draft, code="HN-01", actor=None):
    answer = answers.save(world.session, actor or world.an, application, code, draft)
    world.session.commit()
    return answer


def test_every_save_is_a_version_and_the_earlier_ones_stay(world, session):
    application = world.application()
    save(world, application, Draft("Một"))
    answer = save(world, application, Draft("Hai", version=1), actor=world.anh)
    assert (answer.claim, answer.version, answer.saved_by) == ("Hai", 2, world.anh.id)
    assert [(one.version, one.claim, one.saved_by) for one in earlier_texts(session, answer)] == [
        (1, "Một", world.an.id)
    ]


def test_saving_the_same_text_is_no_new_version(world):
    application = world.application()
    save(world, application, Draft("Một"))
    assert save(world, application, Draft("Một", version=0)).version == 1


def test_two_people_meet_and_nothing_is_overwritten(world, session):
    application = world.application()
    save(world, application, Draft("Bản của Ánh"), actor=world.anh)
    with pytest.raises(Conflict) as conflict:
        save(world, application, Draft("Bản của An"))
    session.rollback()
    assert conflict.value.theirs.fields["claim"] == "Bản của Ánh"
    assert (conflict.value.theirs.author, conflict.value.yours.fields["claim"]) == ("Trần Ánh", "Bản của An")
    assert [one.claim for one in session.exec(select(AnswerText)).all()] == ["Bản của Ánh"]


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT, State.RETURNED}))
def test_other_states_are_locked(world, state):
    with pytest.raises(WrongState):
        save(world, world.application(state), Draft("Một"))


def test_in_a_correction_only_the_named_criteria_are_open(world, session):
    application = world.application(State.CORRECTION, correction_round=1)
    finding = Finding(
        application_id=application.id,
        criterion="HN-01",
        severity=Severity.MINOR,
        text="Thiếu ngày đo",
        correction_round=1,
        raised_by=world.dung.id,
    )
    session.add(finding)
    session.commit()
    assert save(world, application, Draft("Đo ngày 01/10/2026")).version == 1
    with pytest.raises(WrongState):
        save(world, application, Draft("Khác"), "HN-02")


def test_strangers_and_unknown_criteria_are_not_found(world):
    application = world.application()
    with pytest.raises(NotFound):
        save(world, application, Draft("Một"), actor=world.bao)
    with pytest.raises(NotFound):
        save(world, application, Draft("Một"), "XX-99")


def test_not_applicable_only_where_the_edition_allows_it(world, monkeypatch):
    application = world.application()
    with pytest.raises(Invalid):
        save(world, application, Draft(not_applicable=True, not_applicable_reason="Không lọc"))
    edition = store.load(EDITION)
    allowing = replace(edition, criteria=tuple(replace(one, na_allowed=True) for one in edition.criteria))
    monkeypatch.setattr(store, "load", lambda _id: allowing)
    answer = save(world, application, Draft(not_applicable=True, not_applicable_reason="Không lọc"))
    assert (answer.not_applicable, answer.not_applicable_reason) == (True, "Không lọc")


def test_too_long_a_claim_is_refused(world):
    with pytest.raises(Invalid):
        save(world, world.application(), Draft("x" * 5001))


def test_evidence_is_attached_once_and_detached(world, session):
    application, evidence = world.application(), piece(session, world)
    for _again in range(2):
        answers.attach(session, world.anh, application, "HN-01", evidence)
        session.commit()
    assert summary(session, application.id)["HN-01"].evidence == 1
    answers.detach(session, world.an, application, "HN-01", evidence.id)
    session.commit()
    assert session.exec(select(AnswerEvidence)).all() == []


def test_attaching_leaves_the_text_and_its_version_alone(world, session):
    application, evidence = world.application(), piece(session, world)
    save(world, application, Draft("Một"))
    answers.attach(session, world.an, application, "HN-01", evidence)
    session.commit()
    answer = answer_to(session, application.id, "HN-01")
    assert (answer.claim, answer.version) == ("Một", 1)


def test_a_save_carries_what_to_attach_and_detach(world, session):
    application = world.application()
    first, second = piece(session, world, "Một"), piece(session, world, "Hai")
    save(world, application, Draft("Một", attach=(first.id,)))
    save(world, application, Draft("Một", version=1, attach=(second.id,), detach=(first.id,)))
    assert [one.evidence_id for one in session.exec(select(AnswerEvidence)).all()] == [second.id]


def test_evidence_of_others_is_not_there(world, session):
    application = world.application()
    theirs = piece(session, world, vendor_id=world.bo_tre.id)
    for evidence_id in (theirs.id, uuid4()):
        with pytest.raises(NotFound):
            save(world, application, Draft("Một", attach=(evidence_id,)))
        session.rollback()
