"""A carried answer is edited when it says or shows something else than the last time, and by nothing less."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import answers, applications, clock, evidence, imports, interchange, renewals
from assessments.answers import Draft
from assessments.imports import Chosen
from assessments.models import Answer, AnswerEvidence, AnswerText, Evidence, ProfileText, StoredFile
from assessments.queries import versions
from assessments.queries.answers import answer_to
from assessments.queries.renewals import Settled, Why, later_of
from assessments.states import ScanState
from assessments.versions import Saving
from criteria import store
from tests.drafting import file_piece, piece
from tests.renewing import answered_certificate, begun
from tests.world import EDITION

CODE = "HN-01"
SAME = f"Lần trước: {CODE}."
PAGE = Saving(page="trang-1", auto=True)


@pytest.fixture
def renewal(world):
    return begun(world, answered_certificate(world))


def settled(session, renewal):
    return later_of(session, renewal).row(CODE).settled


def draft(session, renewal, claim, saving=PAGE):
    return Draft(claim, version=answer_to(session, renewal.id, CODE).version, saving=saving)


def save(world, renewal, claim, saving=PAGE):
    answers.save(world.session, world.an, renewal, CODE, draft(world.session, renewal, claim, saving))


def test_an_autosave_without_a_change_is_none(world, session, renewal):
    save(world, renewal, SAME)
    save(world, renewal, SAME, Saving())
    assert answer_to(session, renewal.id, CODE).version == 1
    assert settled(session, renewal) is Settled.OPEN


def test_what_was_typed_and_taken_back_is_no_edit(world, session, renewal):
    save(world, renewal, "Nay đã khác.")
    assert settled(session, renewal) is Settled.EDITED
    save(world, renewal, SAME)
    assert answer_to(session, renewal.id, CODE).version == 3
    assert settled(session, renewal) is Settled.OPEN


def test_restoring_the_text_of_the_last_time_is_no_edit(world, session, renewal):
    answer = answer_to(session, renewal.id, CODE)
    first = versions.newest_answer_text(session, answer)
    answers.restore(session, world.an, renewal, CODE, (first.id, 1))
    assert (answer.version, settled(session, renewal)) == (1, Settled.OPEN)
    save(world, renewal, "Nay đã khác.", Saving())
    answers.restore(session, world.an, renewal, CODE, (first.id, 2))
    assert (answer.version, settled(session, renewal)) == (3, Settled.OPEN)
    renewals.confirm(session, world.an, renewal, CODE)
    assert settled(session, renewal) is Settled.CONFIRMED


def test_the_versions_begin_with_the_text_of_the_last_time(world, session, renewal):
    save(world, renewal, "Nay đã khác.", Saving())
    texts = session.exec(
        select(AnswerText).join(Answer).where(Answer.application_id == renewal.id, Answer.criterion == CODE)
    ).all()
    assert sorted((one.version, one.claim, one.saved_by) for one in texts) == [
        (1, SAME, world.an.id),
        (2, "Nay đã khác.", world.an.id),
    ]


def test_the_profile_of_the_last_time_is_the_first_version(world, session, renewal):
    assert session.exec(select(ProfileText)).all() == []
    seen = applications.seen(renewal, ["version"])
    applications.save_profile(session, world.anh, renewal, {"version": "6.0"}, seen, PAGE)
    texts = session.exec(select(ProfileText).order_by(ProfileText.number)).all()
    assert [(one.section, one.number, one.content["version"], one.saved_by) for one in texts] == [
        ("version", 1, "5.2", world.an.id),
        ("version", 2, "6.0", world.anh.id),
    ]


def test_evidence_taken_or_let_go_is_an_edit_and_a_new_version_of_it_is_none(world, session, renewal):
    (used,) = session.exec(select(Evidence)).all()
    newer = piece(session, world, "Báo cáo mới")
    evidence.replace(session, world.an, used.id, newer)
    assert used_by(session, renewal) == {newer.id}
    assert settled(session, renewal) is Settled.OPEN
    other = piece(session, world, "Thêm một trang")
    answers.attach(session, world.an, renewal, CODE, other)
    assert settled(session, renewal) is Settled.EDITED
    answers.detach(session, world.an, renewal, CODE, other.id)
    assert settled(session, renewal) is Settled.OPEN
    answers.detach(session, world.an, renewal, CODE, newer.id)
    assert settled(session, renewal) is Settled.EDITED


def used_by(session, renewal):
    question = select(AnswerEvidence.evidence_id).join(Answer).where(Answer.application_id == renewal.id)
    return set(session.exec(question.where(Answer.criterion == CODE)).all())


def test_lapsed_evidence_is_looked_at_until_a_newer_one_stands_in_its_place(world, session, renewal):
    (used,) = session.exec(select(Evidence)).all()
    used.valid_until = clock.today() - timedelta(days=1)
    session.add(used)
    session.flush()
    assert Why.LAPSED in later_of(session, renewal).row(CODE).why
    evidence.replace(session, world.an, used.id, piece(session, world, "Báo cáo còn hạn"))
    row = later_of(session, renewal).row(CODE)
    assert (Why.LAPSED in row.why, row.settled) == (False, Settled.OPEN)


def test_a_renewal_begins_with_the_newest_versions_and_without_what_is_harmful(world, session):
    certificate = answered_certificate(world)
    (used,) = session.exec(select(Evidence)).all()
    between, newest = piece(session, world, "Bản hai"), piece(session, world, "Bản ba")
    before = session.exec(select(Answer).where(Answer.criterion == CODE)).one()
    harmful = file_piece(session, world)
    session.get_one(StoredFile, harmful.file_id).scan = ScanState.QUARANTINED
    session.add(AnswerEvidence(answer_id=before.id, evidence_id=harmful.id))
    session.add(AnswerEvidence(answer_id=before.id, evidence_id=between.id))  # both old versions at once
    evidence.replace(session, world.an, used.id, between)
    evidence.replace(session, world.an, between.id, newest)
    session.commit()
    renewal = begun(world, certificate)
    assert used_by(session, renewal) == {newest.id}
    assert {
        one.evidence_id for one in session.exec(select(AnswerEvidence).where(AnswerEvidence.answer_id == before.id))
    } == {*(used.id, between.id, harmful.id)}


def test_an_import_into_a_renewal_edits_what_differs_only(world, session, renewal):
    said = {CODE: {"claim": SAME}, "HN-02": {"claim": "Đo lại tháng 11."}}
    document = interchange.read(interchange.document(EDITION, {"version": "6.0"}, said), store.load(EDITION))
    now = imports.present(session, renewal)
    places = frozenset({f"answer:{CODE}", "answer:HN-02", "profile:version"})
    done = imports.apply(session, world.anh, renewal, Chosen(document, places), interchange.fingerprint(document, now))
    assert (done.fields, done.answers) == (1, 1)
    later = later_of(session, renewal)
    assert (later.row(CODE).settled, later.row("HN-02").settled) == (Settled.OPEN, Settled.EDITED)
    assert versions.newest_answer_text(session, answer_to(session, renewal.id, "HN-02")).saved_by == world.anh.id
    assert [one.number for one in session.exec(select(ProfileText).order_by(ProfileText.number))] == [1, 2]
