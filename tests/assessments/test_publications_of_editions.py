"""A draft becomes the edition in force by two people; its text is fixed from then on, and nothing older changes."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import clock, editions, rounds
from assessments.clock import now, today
from assessments.editions import Terms
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import EditionProposal, EditionPublication, HistoryEntry
from assessments.publishing import EditionStep
from assessments.queries import editions as queries
from assessments.rounds import RoundFacts
from criteria import check, store
from criteria.compare import compare
from criteria.digest import digest
from tests import second_edition
from tests.second_edition import ID, REASONS, terms
from tests.world import EDITION


@pytest.fixture
def draft(tmp_path, monkeypatch):
    return second_edition.draft(tmp_path, monkeypatch)


def test_the_second_edition_is_sound_and_has_each_kind_of_change(draft):
    assert check.faults(store.folder_of(ID)) == []
    found = compare(store.load(EDITION), draft)
    assert [one.code for one in found.added] == ["RT-08"]
    assert [one.code for one in found.removed] == ["BC-02"]
    assert [(one.new.code, [old.code for old in one.old]) for one in found.renumbered] == [
        ("TL-09", ["TL-05"]),
        ("QT-09", ["QT-03", "QT-04"]),
    ]
    assert {one.code: [field.field for field in one.fields] for one in found.changed} == {
        "TL-01": ["weight"],
        "HN-02": ["requirement"],
    }
    assert [(one.field, one.before, one.after) for one in found.periods] == [("appeal_days", 30, 45)]
    assert [one.code for one in found.groups] == ["TL", "BC"]


def test_a_draft_is_no_edition_for_anything_new(world, session, draft):
    published = queries.publications(session)
    assert queries.is_draft(draft, published)
    assert [one.id for one in queries.public(published)] == [EDITION]
    assert [one.id for one in queries.drafts(published)] == [ID]
    assert queries.current(session).id == EDITION
    with pytest.raises(WrongState):
        editions.usable(session, ID)
    with pytest.raises(WrongState):
        rounds.open_round(session, world.chi, RoundFacts("2027-1", ID, now()))


def test_an_unrecorded_edition_is_a_draft_whatever_its_file_says(world, session, draft):
    path = store.folder_of(ID) / "edition.toml"
    path.write_text(path.read_text("utf-8").replace('status = "draft"', 'status = "published"'), "utf-8")
    store.load_folder.cache_clear()
    assert queries.current(session).id == EDITION
    with pytest.raises(WrongState):
        editions.usable(session, ID)
    with pytest.raises(WrongState) as refusal:
        editions.publish(session, ID, by=None)
    assert refusal.value.message == editions.TWO_PEOPLE


@pytest.mark.parametrize("name", ["chi", "giang"])
def test_two_people_publish(world, session, draft, name):
    proposal = editions.propose(session, getattr(world, name), ID, terms())
    assert queries.is_draft(draft, queries.publications(session))
    found = editions.confirm(session, world.hung, ID, proposal.id)
    session.commit()
    assert (found.digest, found.proposed_by, found.published_by) == (
        digest(draft),
        getattr(world, name).id,
        world.hung.id,
    )
    assert (found.reason_vi, found.reason_en) == REASONS
    assert queries.current(session).id == ID
    assert editions.usable(session, ID) is draft
    steps = session.exec(select(HistoryEntry.action).order_by(HistoryEntry.seq)).all()
    assert steps[-2:] == [EditionStep.PROPOSE, EditionStep.PUBLISH]
    with pytest.raises(WrongState):
        editions.propose(session, world.giang, ID, terms())


def test_one_person_is_not_two(world, session, draft):
    proposal = editions.propose(session, world.giang, ID, terms())
    with pytest.raises(NotAllowed):
        editions.confirm(session, world.giang, ID, proposal.id)
    session.commit()
    for row in (
        EditionPublication(edition_id=ID, digest="x", proposed_by=world.giang.id, published_by=world.giang.id),
        EditionPublication(edition_id=ID, digest="x", proposed_by=world.giang.id, published_by=None),
    ):
        session.add(row)
        with pytest.raises(IntegrityError, match="two_people"):
            session.flush()
        session.rollback()
    proposal = session.get_one(EditionProposal, proposal.id)
    proposal.confirmed_by, proposal.confirmed_at = world.giang.id, now()
    session.add(proposal)
    with pytest.raises(IntegrityError, match="two_people"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("name", ["an", "bao", "dung", "lan", "minh"])
def test_others_find_nothing_there(world, session, draft, name):
    proposal = editions.propose(session, world.giang, ID, terms())
    session.commit()
    person = getattr(world, name)
    for act in (
        lambda: editions.propose(session, person, ID, terms()),
        lambda: editions.confirm(session, person, ID, proposal.id),
        lambda: editions.dismiss(session, person, ID, proposal.id, "Không."),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_coordinator_does_not_confirm_nor_let_certificates_lapse(world, session, draft):
    with pytest.raises(NotAllowed):
        editions.propose(session, world.chi, ID, terms(lapses=True))
    proposal = editions.propose(session, world.giang, ID, terms(lapses=True))
    with pytest.raises(NotFound):
        editions.confirm(session, world.chi, ID, proposal.id)


def test_one_proposal_waits_at_a_time_and_a_closed_one_is_over(world, session, draft):
    first = editions.propose(session, world.giang, ID, terms())
    session.commit()
    with pytest.raises(WrongState):
        editions.propose(session, world.chi, ID, terms())
    session.rollback()
    with pytest.raises(Invalid):
        editions.dismiss(session, world.chi, ID, first.id, " ")
    editions.dismiss(session, world.chi, ID, first.id, "Còn sửa TN-01.")
    with pytest.raises(WrongState):
        editions.confirm(session, world.hung, ID, first.id)
    second = editions.propose(session, world.chi, ID, terms())
    editions.confirm(session, world.hung, ID, second.id)
    session.commit()
    assert [one.closing_note for one in queries.proposals_of(session, ID)] == ["", "Còn sửa TN-01."]


def test_a_text_that_changed_since_is_not_published(world, session, draft):
    proposal = editions.propose(session, world.giang, ID, terms())
    path = store.folder_of(ID) / "rt" / "rt-08.vi.md"
    path.write_text(path.read_text("utf-8").replace("nước nào", "nơi nào"), "utf-8")
    store.load_folder.cache_clear()
    with pytest.raises(WrongState):
        editions.confirm(session, world.hung, ID, proposal.id)


def test_after_publication_the_text_is_fixed(world, session, draft):
    second_edition.published(world)
    path = store.folder_of(ID) / "rt" / "rt-08.vi.md"
    path.write_text(path.read_text("utf-8").replace("nước nào", "nơi nào"), "utf-8")
    store.load_folder.cache_clear()
    with pytest.raises(WrongState) as refusal:
        editions.usable(session, ID)
    assert refusal.value.message == editions.CHANGED


def test_a_first_day_that_has_passed_is_not_confirmed(world, session, draft):
    proposal = editions.propose(session, world.giang, ID, terms(first=1))
    with clock.at(now() + timedelta(days=3)), pytest.raises(WrongState):
        editions.confirm(session, world.hung, ID, proposal.id)


def test_terms_that_cannot_be(world, session, draft):
    day = today()
    wrong = (
        Terms(day - timedelta(days=1), day + timedelta(days=30), *REASONS),
        Terms(day, None, *REASONS),
        Terms(day, day, *REASONS),
        Terms(day, day + timedelta(days=30), "", "Why"),
        Terms(day, day + timedelta(days=30), "Vì sao", " "),
        Terms(day, day + timedelta(days=30), "x" * 2001, "y"),
    )
    for one in wrong:
        with pytest.raises(Invalid):
            editions.propose(session, world.giang, ID, one)


def test_an_edition_with_faults_is_not_proposed(world, session, draft):
    (store.folder_of(ID) / "rt" / "rt-08.en.md").unlink()
    store.load_folder.cache_clear()
    with pytest.raises(Invalid):
        editions.propose(session, world.giang, ID, terms())
    with pytest.raises(NotFound):
        editions.propose(session, world.giang, "vcsc-1999", terms())


def test_announced_first_and_in_force_from_its_day(world, session, draft):
    found = second_edition.published(world, terms(first=20))
    assert [one.id for one in queries.public(queries.publications(session))] == [ID, EDITION]
    assert queries.current(session).id == EDITION
    with pytest.raises(Invalid):
        rounds.open_round(session, world.chi, RoundFacts("2027-1", ID, now()))
    rounds.open_round(session, world.chi, RoundFacts("2027-1", ID, now() + timedelta(days=20)))
    with clock.at(now() + timedelta(days=20)):
        assert queries.current(session).id == ID
    assert queries.successor(queries.publications(session), EDITION) is found
    assert queries.successor(queries.publications(session), ID) is None
