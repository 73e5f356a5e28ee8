"""A reviewer's own tests: what a 4 may rest on, read by the panel when all are final, never by the vendor."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import audit, clock, reviews
from assessments import test_records as verbs
from assessments.errors import Conflict, Invalid, NotAllowed, NotFound, NotReady, TooLarge, WrongState
from assessments.evidence import Kept
from assessments.models import HistoryEntry, HistoryText, StoredFile, TestRecord, TestRecordFile
from assessments.queries import reviews as panels
from assessments.queries import test_records as queries
from assessments.queries.standings import standing_of
from assessments.reviews import Marking
from assessments.states import Basis, Event
from tests import evaluation

CODE = "TN-05"
FACTS = evaluation.tested(CODE)
KEPT = Kept("ab" * 32, 7, "image/png", "Vũ Dũng chụp.PNG")


@pytest.fixture
def application(world):
    """Dũng and Hà review."""
    return evaluation.in_review(world)


def add(world, application, person=None, facts=FACTS):
    record = verbs.add(world.session, person or world.dung, application, facts)
    world.session.commit()
    return record


def seen_by(world, application, person):
    standing = standing_of(world.session, person, application)
    return queries.visible_to(world.session, standing, panels.active(world.session, application.id), person.id)


def test_a_four_by_ones_own_test_needs_the_test(world, application):
    evaluation.score_all(world, world.dung, application)
    four = Marking("4", Basis.OWN_TEST, "Đã thử")
    reviews.save_score(world.session, world.dung, application, CODE, four, 1)
    with pytest.raises(NotReady) as refused:
        reviews.finish(world.session, world.dung, application)
    assert [one.place for one in refused.value.missing] == [f"score:{CODE}"]
    add(world, application, world.ha)  # somebody else's does not count
    add(world, application, facts=evaluation.tested("TN-01"))  # nor does one of something else
    review = evaluation.review_by(world, application, world.dung)
    assert len(reviews.gaps(world.session, application, review)) == 1
    add(world, application)
    reviews.finish(world.session, world.dung, application)


def test_it_has_a_number_and_a_step_in_the_history(world, application):
    first, second = add(world, application), add(world, application)
    letter = evaluation.review_by(world, application, world.dung).letter
    assert (first.number, second.number) == (1, 2)
    steps = world.session.exec(select(HistoryEntry).where(HistoryEntry.action == Event.ADD_TEST_RECORD)).all()
    assert [world.session.get_one(HistoryText, one.seq).note for one in steps] == [
        f"{letter}-1: {CODE}",
        f"{letter}-2: {CODE}",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"criteria": ()},
        {"criteria": ("XX-99",)},
        {"device": " "},
        {"result": ""},
        {"steps": "x" * 5001},
        {"product_version": "9" * 61},
        {"tested_on": clock.today() + timedelta(days=2)},
    ],
)
def test_what_cannot_be_is_refused(world, application, wrong):
    with pytest.raises(Invalid):
        add(world, application, facts=replace(FACTS, **wrong))
    assert world.session.exec(select(TestRecord)).all() == []


@pytest.mark.parametrize(("who", "refusal"), [("bao", NotFound), ("an", NotAllowed), ("chi", NotAllowed)])
def test_others_write_none(world, application, who, refusal):
    with pytest.raises(refusal):
        add(world, application, getattr(world, who))


def test_two_tabs_do_not_overwrite_each_other(world, application):
    record = add(world, application)
    verbs.change(world.session, world.dung, application, record.id, replace(FACTS, result="Khác"), 0)
    with pytest.raises(Conflict) as met:
        verbs.change(world.session, world.dung, application, record.id, replace(FACTS, result="Khác nữa"), 0)
    assert met.value.theirs.fields["result"] == "Khác"
    assert record.result == "Khác"


def test_it_belongs_to_its_reviewer(world, application):
    record = add(world, application)
    with pytest.raises(NotFound):
        verbs.change(world.session, world.ha, application, record.id, FACTS, 0)
    with pytest.raises(NotFound):
        verbs.remove(world.session, world.ha, application, record.id)
    with pytest.raises(NotFound):
        verbs.add_file(world.session, world.ha, application, record.id, KEPT)


def test_a_file_loses_the_name_it_came_with(world, application):
    record = add(world, application)
    file = verbs.add_file(world.session, world.dung, application, record.id, KEPT)
    letter = evaluation.review_by(world, application, world.dung).letter
    assert (file.name, file.vendor_id) == (f"HS-2026-0001-{letter}-1-1.png", None)


def test_with_a_test_its_files_go(world, application):
    record = add(world, application)
    verbs.add_file(world.session, world.dung, application, record.id, KEPT)
    kept = verbs.add_file(world.session, world.dung, application, record.id, replace(KEPT, sha256="cd" * 32))
    assert verbs.remove_file(world.session, world.dung, application, record.id, kept.id) == "cd" * 32
    assert verbs.remove(world.session, world.dung, application, record.id) == ["ab" * 32]
    for table in (TestRecord, TestRecordFile, StoredFile):
        assert world.session.exec(select(table)).all() == []


def test_it_is_read_by_the_panel_when_all_are_final_and_by_the_company_never(world, application):
    add(world, application)
    assert len(seen_by(world, application, world.dung)) == 1
    for person in (world.ha, world.lan, world.an, world.chi, world.bao):
        assert seen_by(world, application, person) == []
    evaluation.finish(world, world.dung, application)
    assert seen_by(world, application, world.ha) == []
    evaluation.finish(world, world.ha, application)
    audit.declare(world.session, world.lan, application, has_interest=False)
    assert len(seen_by(world, application, world.ha)) == len(seen_by(world, application, world.lan)) == 1
    for person in (world.an, world.chi, world.bao):
        assert seen_by(world, application, person) == []


def test_a_final_reviewer_changes_nothing(world, application):
    record = add(world, application)
    evaluation.finish(world, world.dung, application)
    with pytest.raises(WrongState):
        verbs.change(world.session, world.dung, application, record.id, replace(FACTS, result="Khác"), 0)
    with pytest.raises(WrongState):
        verbs.remove(world.session, world.dung, application, record.id)


def given_with(world, application, text, code=CODE, person=None):
    """The tests that a comment gives to the company."""
    letter = evaluation.review_by(world, application, person or world.dung).letter
    found = queries.quoted(world.session, application.id, [queries.Comment(letter, code, text)])
    return [one.record.id for one in found[letter, code]]


def test_a_comment_gives_its_writers_own_test_once_it_is_final(world, application):
    record = add(world, application)
    add(world, application)
    letter = evaluation.review_by(world, application, world.dung).letter
    words = f"Xem {letter}-1 và HS-2026-0001."
    assert given_with(world, application, words) == []
    evaluation.finish(world, world.dung, application)
    assert given_with(world, application, words) == [record.id]
    assert given_with(world, application, "Không nhắc gì.") == []
    assert given_with(world, application, f"Máy {letter}-12, {letter}-01, A{letter}-1.") == []


def test_a_comment_gives_nobody_elses_test_and_none_of_another_criterion(world, application):
    mine, theirs = (evaluation.review_by(world, application, one).letter for one in (world.dung, world.ha))
    add(world, application)
    add(world, application, world.ha)
    for person in (world.dung, world.ha):
        evaluation.finish(world, person, application)
    assert given_with(world, application, f"Xem {theirs}-1.") == []
    assert given_with(world, application, f"Xem {mine}-1.", person=world.ha) == []
    assert given_with(world, application, f"Xem {mine}-1.", code="TN-01") == []


def test_the_files_of_one_review_have_only_so_much_room(world, application):
    record, other = add(world, application), add(world, application, world.ha)
    large = replace(KEPT, size=verbs.MOST_BYTES - 1)
    verbs.add_file(world.session, world.dung, application, record.id, large)
    with pytest.raises(TooLarge):
        verbs.add_file(world.session, world.dung, application, add(world, application).id, KEPT)
    verbs.add_file(world.session, world.ha, application, other.id, KEPT)
    assert len(world.session.exec(select(StoredFile)).all()) == 2
