"""Starting, writing, handing in and withdrawing an application."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from assessments import applications, clock, editions
from assessments.agreement import current_version, digest
from assessments.applications import Beginning
from assessments.errors import Conflict, Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import AgreementAcceptance, Answer, EditionPublication, HistoryEntry, Submission
from assessments.profile import MOST_ROWS
from assessments.queries import history, submissions
from assessments.queries.answers import evidence_by_criterion
from assessments.states import State
from criteria import store
from criteria.digest import digest as edition_digest
from tests.drafting import accepted, answered, codes, file_piece, ready
from tests.world import EDITION

NEW = Beginning(EDITION, name_vi="Đèn Nhà", name_en="Home Lamp")


def start(world, what=NEW, actor=None):
    application = applications.start(world.session, actor or world.an, world.hat_nang.id, what)
    world.session.commit()
    return application


# --- start ---


def test_a_draft_begins_with_the_names_and_a_reference_of_the_year(world):
    application = start(world, actor=world.anh)
    year = clock.today().year
    assert (application.ref, application.state) == (f"HS-{year}-0001", State.DRAFT)
    assert application.profile == {"name_vi": "Đèn Nhà", "name_en": "Home Lamp"}
    assert (application.edition_id, application.edition_digest, application.round_id) == (EDITION, "", None)
    assert [row.action for row in history.timeline(world.session, application.id)] == ["start"]


def test_references_count_on_beyond_four_digits(world):
    year = clock.today().year
    world.application(ref=f"HS-{year}-9999")
    world.application(ref=f"HS-{year - 1}-77777")
    assert [start(world).ref for _n in range(2)] == [f"HS-{year}-10000", f"HS-{year}-10001"]


def test_who_loses_the_race_for_a_reference_takes_the_next(world, monkeypatch):
    year = clock.today().year
    world.application(ref=f"HS-{year}-0001")
    seen = iter([0, 1])  # the first look is older than the other person's commit
    monkeypatch.setattr(applications.applications, "last_number", lambda *_: next(seen))
    assert start(world).ref == f"HS-{year}-0002"


def test_two_products_of_one_name_have_two_addresses(world):
    first, second = start(world), start(world)
    slugs = world.session.connection().execute(text("SELECT slug FROM product ORDER BY slug")).scalars().all()
    assert first.product_id != second.product_id
    assert slugs == ["den-nha", "den-nha-2"]


def test_a_stranger_starts_nothing_here(world):
    with pytest.raises(NotFound):
        start(world, actor=world.bao)


def test_another_companys_product_is_not_there(world):
    application = world.application()
    with pytest.raises(NotFound):
        applications.start(
            world.session, world.bao, world.bo_tre.id, Beginning(EDITION, product_id=application.product_id)
        )


def test_a_new_product_needs_its_name(world):
    with pytest.raises(Invalid):
        start(world, Beginning(EDITION, name_vi=" "))


def test_an_edition_whose_files_changed_is_refused_for_new_use(world):
    world.session.get(EditionPublication, EDITION).digest = "sha256:another"
    world.session.commit()
    with pytest.raises(WrongState) as refusal:
        start(world)
    assert refusal.value.message == editions.CHANGED


def test_an_edition_nobody_published_is_refused(world):
    world.session.delete(world.session.get(EditionPublication, EDITION))
    world.session.commit()
    with pytest.raises(WrongState):
        start(world)


def test_the_next_application_of_a_product_begins_with_the_last_text_and_evidence(world, session):
    before = ready(world, ref="HS-2025-0001", state=State.WITHDRAWN)
    again = start(world, Beginning(EDITION, product_id=before.product_id))
    answers = session.exec(select(Answer).where(Answer.application_id == again.id)).all()
    assert {one.criterion: (one.claim, one.version) for one in answers} == {
        code: (f"Đã có cho {code}.", 1) for code in codes(before)
    }
    assert evidence_by_criterion(session, again.id).keys() == set(codes(before))
    assert again.profile == before.profile
    assert (again.product_id, again.state, again.edition_digest) == (before.product_id, State.DRAFT, "")
    assert submissions.acceptance_of(session, again.id) is None


# --- profile ---


def save(world, application, changes, actor=None, seen=None):
    seen = seen or applications.seen(application, changes)
    applications.save_profile(world.session, actor or world.an, application, changes, seen)
    world.session.commit()


def test_saving_some_fields_leaves_the_others_alone(world):
    application = world.application()
    save(world, application, {"name_vi": "Đèn Nhà Mới", "price_note_vi": ""}, world.anh)
    application = world.again(application)
    assert application.profile["name_vi"] == "Đèn Nhà Mới"
    assert application.profile["website"] == "https://dennha.example"
    assert (application.profile_version, application.profile_saved_by) == (1, world.anh.id)


@pytest.mark.parametrize("name", ["data", "permissions", "blocking", "store_links"])
def test_a_list_of_a_profile_has_an_end(world, name):
    application = world.application()
    before = application.profile
    save(world, application, {name: [{"name": "a"}] * MOST_ROWS})
    with pytest.raises(Invalid):
        save(world, application, {name: [{"name": "a"}] * (MOST_ROWS + 1)})
    assert len(world.again(application).profile[name]) == MOST_ROWS != len(before[name])


def test_saving_the_same_again_is_no_new_version(world):
    application = world.application()
    save(world, application, {"name_vi": "Đèn Nhà"}, seen="old")
    assert world.again(application).profile_version == 0


def test_two_people_in_the_same_fields_meet_and_nothing_is_lost(world):
    application = world.application()
    seen = applications.seen(application, ["name_vi", "name_en"])
    save(world, application, {"name_vi": "Bản của Ánh", "name_en": "Home Lamp"}, world.anh, seen)
    with pytest.raises(Conflict) as conflict:
        save(world, application, {"name_vi": "Bản của An", "name_en": "Home Lamp"}, world.an, seen)
    world.session.rollback()
    assert conflict.value.theirs.fields == {"name_vi": "Bản của Ánh"}
    assert conflict.value.theirs.author == "Trần Ánh"
    assert conflict.value.yours.fields == {"name_vi": "Bản của An"}
    assert world.again(application).profile["name_vi"] == "Bản của Ánh"


def test_two_people_in_different_fields_never_meet(world):
    application = world.application()
    seen = applications.seen(application, ["website"])
    save(world, application, {"name_vi": "Bản của Ánh"}, world.anh)
    save(world, application, {"website": "https://moi.example"}, world.an, seen)
    profile = world.again(application).profile
    assert (profile["name_vi"], profile["website"]) == ("Bản của Ánh", "https://moi.example")


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT, State.RETURNED}))
def test_a_profile_that_was_handed_in_is_locked(world, state):
    with pytest.raises(WrongState):
        save(world, world.application(state), {"name_vi": "Khác"})


def test_a_stranger_saves_nothing(world):
    with pytest.raises(NotFound):
        save(world, world.application(), {"name_vi": "Khác"}, world.bao)


# --- agreement ---


def test_the_owner_accepts_by_name_once(world, session):
    application = world.application()
    for _again in range(2):
        applications.accept_agreement(session, world.an, application, current_version())
        session.commit()
    rows = session.exec(select(AgreementAcceptance)).all()
    assert [(r.agreement_version, r.text_digest, r.accepted_name, r.accepted_by) for r in rows] == [
        (current_version(), digest(current_version()), "Nguyễn Thị An", world.an.id)
    ]
    assert [row.action for row in history.timeline(session, application.id)] == ["accept_agreement"]


def test_a_contributor_does_not_accept(world):
    with pytest.raises(NotAllowed):
        applications.accept_agreement(world.session, world.anh, world.application(), current_version())


def test_an_old_text_is_not_accepted(world):
    with pytest.raises(WrongState):
        applications.accept_agreement(world.session, world.an, world.application(), "2020-01-01")


# --- submit ---


def submit(world, application, actor=None):
    submission = applications.submit(world.session, actor or world.an, application)
    world.session.commit()
    return submission


def test_handing_in_writes_a_numbered_snapshot_and_moves(world, session):
    evidence = file_piece(session, world)
    application = ready(world, evidence)
    submission = submit(world, application)
    application = world.again(application)

    assert (application.state, application.round_id) == (State.SUBMITTED, world.round.id)
    assert application.edition_digest == edition_digest(store.load(EDITION))
    content = submission.content
    assert (submission.number, submission.digest) == (1, submissions.digest_of(content))
    assert list(content) == ["number", "profile", "vendor", "edition", "agreement", "answers"]
    assert content["edition"] == {"id": EDITION, "digest": application.edition_digest}
    assert content["vendor"]["name"] == "Công ty CP Hạt Nắng"
    assert content["agreement"]["accepted_name"] == "Nguyễn Thị An"
    assert tuple(content["answers"]) == codes(application)
    assert content["answers"]["HN-01"] == {
        "claim": "Đã có cho HN-01.",
        "not_applicable": False,
        "not_applicable_reason": "",
        "evidence": [
            {
                "id": str(evidence.id),
                "kind": "LAB",
                "title": "Báo cáo độc lập",
                "issued_on": None,
                "valid_until": None,
                "file": {
                    "id": str(evidence.file_id),
                    "sha256": "ab" * 32,
                    "size": 2_150_000,
                    "media_type": "application/pdf",
                    "name": "bao-cao.pdf",
                },
            }
        ],
    }
    last = history.timeline(session, application.id)[0]
    assert (last.action, last.note) == ("submit", submission.digest)


def test_the_snapshot_reads_the_same_from_the_database(world, session):
    submission = submit(world, ready(world))
    session.expire_all()
    stored = session.get_one(Submission, submission.id)
    assert submissions.digest_of(stored.content) == stored.digest


def test_answers_to_criteria_that_do_not_apply_stay_out(world, session):
    application = ready(world)
    outside = sorted({c.code for c in store.load(EDITION).criteria} - set(codes(application)))[0]
    session.add(Answer(application_id=application.id, criterion=outside, claim="Thừa", version=1))
    session.commit()
    assert outside not in submit(world, application).content["answers"]


def test_handing_in_twice_is_refused(world, session):
    application = ready(world)
    submit(world, application)
    with pytest.raises(WrongState):
        submit(world, application)
    session.rollback()
    assert len(session.exec(select(Submission)).all()) == 1


def test_a_returned_application_is_handed_in_again_with_the_pinned_edition(world, session):
    application = ready(world)
    submit(world, application)
    application.state, application.due_at = State.RETURNED, clock.now() + timedelta(days=9)
    world.round.closes_at = clock.now() - timedelta(days=1)
    session.get(EditionPublication, EDITION).digest = "sha256:another"  # what pinned it goes on
    session.commit()
    again = submit(world, application)
    assert (again.number, again.content["number"]) == (2, 2)
    assert world.again(application).round_id == world.round.id


def test_a_first_submission_does_not_pin_a_changed_edition(world, session):
    application = ready(world)
    session.get(EditionPublication, EDITION).digest = "sha256:another"
    session.commit()
    with pytest.raises(WrongState):
        submit(world, application)
    session.rollback()
    assert world.again(application).edition_digest == ""


def test_what_is_missing_is_named_and_nothing_is_written(world, session):
    application = answered(world)
    with pytest.raises(NotReady) as refusal:
        submit(world, application)
    session.rollback()
    assert [gap.place for gap in refusal.value.missing] == ["agreement"]
    assert session.exec(select(Submission)).all() == []
    assert session.exec(select(HistoryEntry)).all() == []


def test_a_closed_round_takes_nothing(world, session):
    application = ready(world)
    world.round.closes_at = clock.now() - timedelta(days=1)
    session.commit()
    with pytest.raises(NotReady) as refusal:
        submit(world, application)
    assert [gap.place for gap in refusal.value.missing] == ["round"]


def test_only_the_owner_hands_in(world):
    application = ready(world)
    with pytest.raises(NotAllowed):
        submit(world, application, world.anh)
    with pytest.raises(NotFound):
        submit(world, application, world.bao)


def test_the_product_takes_the_name_of_the_profile(world, session):
    application = ready(world)
    save(world, application, {"name_vi": "Đèn Ngõ", "name_en": "Lane Lamp"})
    submit(world, application)
    row = session.connection().execute(text("SELECT name, name_en FROM product")).one()
    assert tuple(row) == ("Đèn Ngõ", "Lane Lamp")


@pytest.mark.parametrize("statement", ["UPDATE submission SET number = 7", "DELETE FROM submission"])
def test_a_snapshot_cannot_change(app, world, statement):
    submit(world, ready(world))
    with Session(app.extensions["engine"]) as other, pytest.raises(DBAPIError):
        other.connection().execute(text(statement))


def test_withdrawing_keeps_the_reason(world, session):
    application = world.application(State.SUBMITTED)
    applications.withdraw(session, world.an, application, "Đổi kế hoạch")
    session.commit()
    assert [(r.action, r.note) for r in history.timeline(session, application.id)] == [("withdraw", "Đổi kế hoạch")]


def test_accepting_is_not_possible_after_the_end(world):
    application = world.application(State.WITHDRAWN)
    accepted(world, application)
    with pytest.raises(WrongState):
        applications.accept_agreement(world.session, world.an, application, current_version())
