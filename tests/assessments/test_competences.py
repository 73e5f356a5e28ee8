"""The register of competences: who writes into it, what counts on which day, and what a team lacks."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import delete, select

from assessments import assignments, competences
from assessments.assignments import Team, Uncovered
from assessments.clock import at, now, today
from assessments.competences import Grant
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Competence, HistoryEntry, HistoryText, Interest
from assessments.queries import competences as queries
from assessments.queries.competences import Held
from assessments.queries.history import timeline
from assessments.states import CompetenceBasis, CompetenceField, Event
from tests import evaluation

PC, TN = (CompetenceField.CATEGORY, "PC"), (CompetenceField.GROUP, "TN")
YEAR = timedelta(days=365)


@pytest.fixture
def bare(world):
    """Nobody is competent for anything."""
    world.session.exec(delete(Competence))
    world.session.commit()
    return world


def give(world, person, *subjects, by=None, **fields):
    given = Grant(
        **{
            "person_id": person.id,
            "subjects": subjects,
            "basis": CompetenceBasis.TRAINING,
            "expires_on": today() + YEAR,
            **fields,
        }
    )
    found = competences.grant(world.session, by or world.chi, given)
    world.session.commit()
    return found


def test_one_line_for_each_subject_with_a_row_of_history(bare):
    lines = give(bare, bare.dung, PC, TN, note="Khóa tháng 9")
    assert [(one.field, one.code, one.valid_from, one.granted_by) for one in lines] == [
        (*PC, today(), bare.chi.id),
        (*TN, today(), bare.chi.id),
    ]
    entry, text = bare.session.exec(
        select(HistoryEntry, HistoryText).join(HistoryText, HistoryText.seq == HistoryEntry.seq)
    ).all()[-1]
    assert (entry.action, entry.application_id) == ("grant_competence", None)
    assert text.note.startswith("Vũ Dũng: PC, TN (training), ")


@pytest.mark.parametrize("who", ["an", "bao", "dung", "giang", "lan"])
def test_others_write_nothing(bare, who):
    with pytest.raises(NotAllowed):
        give(bare, bare.ha, PC, by=getattr(bare, who))
    line = give(bare, bare.ha, PC)[0]
    with pytest.raises(NotAllowed):
        competences.end(bare.session, getattr(bare, who), line.id, "x")


def test_admins_write_and_nobody_for_themselves(bare):
    assert len(give(bare, bare.dung, PC, by=bare.minh)) == 1
    bare.chi.stand(bare.chi.roles | bare.dung.roles, {})
    with pytest.raises(NotAllowed):
        give(bare, bare.chi, PC)
    row = Competence(
        person_id=bare.chi.id,
        edition_id="vcsc-2026",
        field=CompetenceField.GROUP,
        code="TN",
        basis=CompetenceBasis.TEST,
        valid_from=today(),
        expires_on=today(),
        granted_by=bare.chi.id,
    )
    bare.session.add(row)
    with pytest.raises(IntegrityError):  # and the database by itself
        bare.session.commit()
    bare.session.rollback()


@pytest.mark.parametrize("who", ["an", "chi", "lan", "minh"])
def test_only_who_reviews_or_decides_has_a_register(bare, who):
    with pytest.raises(NotFound):
        give(bare, getattr(bare, who), PC, by=bare.minh if who == "chi" else bare.chi)


@pytest.mark.parametrize(
    ("subjects", "fields"),
    [
        ((), {}),
        (((CompetenceField.GROUP, "PC"),), {}),
        ((PC,), {"expires_on": today() - timedelta(days=1)}),
        ((PC,), {"valid_from": today() + 2 * YEAR}),
        ((PC,), {"expires_on": today() + 7 * YEAR}),
        ((PC,), {"note": "x" * 1001}),
    ],
)
def test_what_cannot_be_is_refused(bare, subjects, fields):
    with pytest.raises(Invalid):
        give(bare, bare.dung, *subjects, **fields)
    assert bare.session.exec(select(Competence)).all() == []


def test_a_competence_ends_once_with_a_reason_and_stays_as_a_record(bare):
    line = give(bare, bare.dung, PC)[0]
    with pytest.raises(Invalid):
        competences.end(bare.session, bare.chi, line.id, "  ")
    competences.end(bare.session, bare.chi, line.id, "Không còn làm nghề.")
    bare.session.commit()
    assert (line.ended_by, line.ended_reason, line.ended_at is not None) == (bare.chi.id, "Không còn làm nghề.", True)
    with pytest.raises(WrongState):
        competences.end(bare.session, bare.chi, line.id, "x")
    assert bare.session.exec(select(HistoryEntry.action)).all()[-1] == "end_competence"
    assert queries.running(bare.session, [bare.dung.id]) == {}
    assert len(queries.of_person(bare.session, bare.dung.id)) == 1


@pytest.mark.parametrize(("days", "how"), [(0, Held.HELD), (310, Held.SOON), (365, Held.SOON), (366, Held.EXPIRED)])
def test_it_holds_to_the_end_of_its_last_day(bare, days, how):
    lines = give(bare, bare.dung, PC)
    assert queries.standing(lines, today() + timedelta(days=days)) == {PC: (how, today() + YEAR)}


def test_of_several_lines_the_best_counts(bare):
    give(bare, bare.dung, PC, expires_on=today())
    give(bare, bare.dung, PC, valid_from=today() + timedelta(days=90), expires_on=today() + 2 * YEAR)
    give(bare, bare.dung, PC)
    lines = queries.running(bare.session, [bare.dung.id])[bare.dung.id]
    assert queries.standing(lines, today()) == {PC: (Held.HELD, today() + YEAR)}
    assert queries.standing(lines, today() + timedelta(days=400)) == {PC: (Held.HELD, today() + 2 * YEAR)}


def test_a_file_asks_for_its_categories_and_the_groups_of_its_criteria(world):
    asked = queries.asked_by(world.application())
    assert asked[0] == PC
    assert {field for field, _code in asked[1:]} == {CompetenceField.GROUP}
    assert TN in asked
    assert (CompetenceField.CATEGORY, "CF") not in asked


def test_covered_partly_expired_and_never(bare):
    asked = (PC, TN, (CompetenceField.GROUP, "AT"))
    lines = [*give(bare, bare.dung, PC), *give(bare, bare.dung, TN, expires_on=today())]
    tomorrow = queries.cover(lines, asked, today() + timedelta(days=1))
    assert (tomorrow.held, tomorrow.expired, tomorrow.missing) == ((PC,), (TN,), ((CompetenceField.GROUP, "AT"),))
    assert not tomorrow.whole
    assert queries.cover(lines, (PC, TN), today()).whole


def assign(world, application, people, reason=""):
    ids = tuple(one.id for one in people)
    team = Team(ids, ids[0], today() + timedelta(days=28), reason)
    assignments.assign(world.session, world.chi, application, team)
    world.session.commit()


def notes(world, application):
    return [row.note for row in timeline(world.session, application.id) if row.action == Event.LACK_COMPETENCE]


def test_a_team_that_lacks_something_needs_a_reason_which_is_kept(bare):
    application = evaluation.accepted(bare)
    give(bare, bare.dung, *queries.asked_by(application)[1:])
    with pytest.raises(Uncovered) as refused:
        assign(bare, application, [bare.dung, bare.ha])
    assert refused.value.lacking == (PC,)
    bare.session.rollback()
    assign(bare, application, [bare.dung, bare.ha], "Chưa ai được đào tạo về loại này.")
    assert notes(bare, application) == ["PC: Chưa ai được đào tạo về loại này."]


def test_a_team_that_covers_everything_together_needs_none(bare):
    application = evaluation.accepted(bare)
    asked = queries.asked_by(application)
    give(bare, bare.dung, *asked[:3])
    give(bare, bare.ha, *asked[3:])
    assign(bare, application, [bare.dung, bare.ha])
    assert notes(bare, application) == []


def test_competence_that_has_run_out_counts_no_more(world):
    application = evaluation.accepted(world)
    with at(now() + timedelta(days=1_801)), pytest.raises(Uncovered):
        assign(world, application, [world.dung, world.ha])
    world.session.rollback()


def test_a_later_change_of_the_team_says_what_is_wanting_then(world):
    world.session.exec(delete(Competence).where(Competence.person_id == world.ha.id))
    world.session.exec(delete(Interest))  # Khánh is free, and competent for nothing
    world.session.commit()
    application = evaluation.in_review(world)
    old = evaluation.review_by(world, application, world.dung)
    assignments.replace(
        world.session, world.chi, application, old.id, assignments.Newcomer(world.khanh.id, "Dũng ốm", "Thay gấp.")
    )
    codes = ", ".join(code for _field, code in queries.asked_by(application))
    assert notes(world, application) == [codes]  # the office's reason names people and stays with the office


def test_whoever_is_added_mends_what_was_wanting(bare):
    bare.session.exec(delete(Interest))
    bare.session.commit()
    application = evaluation.accepted(bare)
    assign(bare, application, [bare.dung, bare.ha], "Tạm giao.")
    give(bare, bare.khanh, *queries.asked_by(application))
    assignments.add(bare.session, bare.chi, application, bare.khanh.id, "Thay gấp.")
    assert notes(bare, application)[0] == ""


def test_a_person_reads_their_own_and_the_readers_everybodys(world):
    for who in (world.dung, world.chi, world.minh, world.lan):
        assert competences.readable(world.session, who, world.dung.id).person.id == world.dung.id
    for who in (world.ha, world.giang, world.an):
        with pytest.raises(NotFound):
            competences.readable(world.session, who, world.dung.id)
