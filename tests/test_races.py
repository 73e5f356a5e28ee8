"""Two people press at the same moment, a hundred times: one effect, a clear answer for the other, nothing half done."""

import html
import re

import pytest
from sqlmodel import Session, delete, select, update

from assessments.models import Application, Certificate, Decision, Declaration, Interest, Proposal, Review, Score, Vote
from assessments.people import Role
from assessments.states import State
from registry.access import LEFT
from registry.accounts.models import User, UserRole
from tests.deciding import decider
from tests.racing import ROUNDS, Answer, Files, Race, everything_agrees, post
from tests.rows import rows
from tests.world import World, calibrated, competences

CONFIRM = post("/decisions/{ref}/confirm", number=1)
REJECT = post("/decisions/{ref}/reject", number=1, why="Chưa rõ phần chặn.")
SEND_BACK = post("/decisions/{ref}/send-back", unclear="Xem lại phần chặn.")
ASIDE = post("/decisions/{ref}/stand-aside", kind="family")
WITHDRAW = post("/applications/{ref}/withdraw")
FINISH = post("/reviews/{ref}/finish")
DONE = 302
WORDS = {  # what the one who came second reads, by what they pressed
    "confirm": (
        *("người khác vừa trả lời hoặc rút lại", "Một người khác vừa đồng ý", LEFT),
        "Hồ sơ đã chuyển sang bước khác",
    ),
    "send_back": ("Hồ sơ đã chuyển sang bước khác",),
    "withdraw": ("Hồ sơ đã chuyển sang bước khác",),
    "finish": ("đã chốt", LEFT),
    "replace": ("Phần đánh giá này đã chốt",),
    "save": ("vừa được lưu ở nơi khác", LEFT),
}


@pytest.fixture
def third(world: World) -> User:
    """A third member of the committee."""
    return decider(world, "bich")


@pytest.fixture
def refs(world: World, third: User) -> list[str]:
    """Files on which Giang's proposal to certify waits; Giang, Hùng and Bích have declared no interest."""
    return Files(world, State.IN_DECISION, (world.giang, world.hung, third)).write(ROUNDS)


def refused(answer: Answer, what: str) -> bool:
    """Whether somebody was told, in words, that somebody else was first."""
    text = re.sub(r"\s+", " ", html.unescape(answer.text))
    return answer.status in {404, 409} and any(words in text for words in WORDS[what])


def states(app) -> dict[str, State]:
    return {one.ref: one.state for one in rows(app, select(Application))}


def decided(app) -> dict[str, Decision]:
    """The decision of each file; two on one file would be told."""
    found = rows(app, select(Application.ref, Decision).join(Decision, Decision.application_id == Application.id))
    assert len(found) == len(dict(found))
    return dict(found)


def one_of_two(app, refs, told, names):
    """Exactly one was first in each round; the files whose first one won."""
    for first, second in told:
        won = [first.status == DONE, second.status == DONE]
        assert sorted(won) == [False, True], (first.status, second.status, first.text[-500:], second.text[-500:])
        loser, name = (second, names[1]) if won[0] else (first, names[0])
        assert refused(loser, name), (name, loser.status, loser.text)
    everything_agrees(app)
    return {ref for ref, (first, _second) in zip(refs, told, strict=True) if first.status == DONE}


def test_agree_and_disagree(app, world, third, refs):
    told = Race(app, refs).run((world.hung, CONFIRM), (third, REJECT))
    agreed = one_of_two(app, refs, told, ("confirm", "confirm"))
    assert set(decided(app)) == agreed
    assert {ref for ref, state in states(app).items() if state is State.CERTIFIED} == agreed
    assert len(rows(app, select(Proposal).where(Proposal.rejection != ""))) == ROUNDS - len(agreed)
    assert len(rows(app, select(Vote))) == ROUNDS


def test_two_agree(app, world, third, refs):
    told = Race(app, refs).run((world.hung, CONFIRM), (third, CONFIRM))
    by_hung = one_of_two(app, refs, told, ("confirm", "confirm"))
    assert {ref for ref, one in decided(app).items() if one.confirmer_id == world.hung.id} == by_hung
    assert (len(rows(app, select(Certificate))), len(rows(app, select(Vote)))) == (ROUNDS, ROUNDS)


def test_agree_and_send_back(app, world, refs):
    told = Race(app, refs).run((world.hung, CONFIRM), (world.giang, SEND_BACK))
    agreed = one_of_two(app, refs, told, ("confirm", "send_back"))
    assert set(decided(app)) == agreed
    assert {ref for ref, state in states(app).items() if state is State.CONSENSUS} == set(refs) - agreed


def test_agree_and_withdraw(app, world, refs):
    told = Race(app, refs).run((world.hung, CONFIRM), (world.an, WITHDRAW))
    agreed = one_of_two(app, refs, told, ("confirm", "withdraw"))
    assert set(decided(app)) == agreed
    assert {ref for ref, state in states(app).items() if state is State.WITHDRAWN} == set(refs) - agreed


@pytest.mark.parametrize("who", ["giang", "hung"])
def test_agree_while_an_interest_comes_up(app, world, who):
    """The interest is recorded every time; a decision stands where the agreement came before it, and nowhere else."""
    refs = Files(world, State.IN_DECISION, (world.giang, world.hung), waiting=False).write(ROUNDS)
    left = iter(refs)

    def another() -> None:
        """All files are of one company: the last interest in it goes, and one proposal waits."""
        with Session(app.extensions["engine"]) as session:
            session.exec(delete(Interest).where(Interest.person_id.in_([world.giang.id, world.hung.id])))
            file = select(Application.id).where(Application.ref == next(left)).scalar_subquery()
            session.exec(update(Proposal).where(Proposal.application_id == file).values(closed_at=None))
            session.commit()

    told = Race(app, refs, another).run((world.hung, CONFIRM), (getattr(world, who), ASIDE))
    for agreed, aside in told:
        assert aside.status == DONE
        assert agreed.status == DONE or refused(agreed, "confirm"), agreed.text
    everything_agrees(app)
    first = {ref for ref, (agreed, _aside) in zip(refs, told, strict=True) if agreed.status == DONE}
    assert set(decided(app)) == first
    said = select(Application.ref).join(Declaration, Declaration.application_id == Application.id)
    aside = said.where(Declaration.person_id == getattr(world, who).id, Declaration.has_interest)
    assert set(rows(app, aside)) == set(refs)
    fell = select(Application.ref).join(Proposal, Proposal.application_id == Application.id).where(Proposal.fell)
    assert set(rows(app, fell)) == (set(refs) - first if who == "giang" else set())


def test_one_score_saved_from_two_tabs(app, world):
    Files(world, State.IN_REVIEW).write(1)
    left, right = (
        post("/reviews/{ref}/scores/TN-05", mark=mark, rationale=f"{side} {{n}}", version="{n}", then="stay")
        for side, mark in (("Trái", "2"), ("Phải", "1"))
    )
    told = Race(app, ["HS-2026-0001"] * ROUNDS).run((world.dung, left), (world.dung, right))
    first = 0
    for number, (one, other) in enumerate(told):
        assert sorted((one.status, other.status)) == [DONE, 409], (one.status, other.status)
        loser = other if one.status == DONE else one
        assert refused(loser, "save")
        for side in ("Trái", "Phải"):  # both texts are shown, and nothing is lost
            assert f"{side} {number}" in html.unescape(loser.text)
        first += one.status == DONE
    everything_agrees(app)
    (score,) = rows(app, select(Score))
    assert score.version == ROUNDS
    assert score.rationale == ("Trái" if told[-1][0].status == DONE else "Phải") + f" {ROUNDS - 1}"


def test_one_review_made_final_from_two_tabs(app, world):
    refs = Files(world, State.IN_REVIEW, scored=True).write(ROUNDS)
    told = Race(app, refs).run((world.dung, FINISH), (world.dung, FINISH))
    one_of_two(app, refs, told, ("finish", "finish"))
    final = rows(app, select(Review).where(Review.final_at.is_not(None)))
    assert {one.reviewer_id for one in final} == {world.dung.id}
    assert len(final) == ROUNDS


def test_the_last_two_reviewers_finish_at_once(app, world):
    refs = Files(world, State.IN_REVIEW, scored=True).write(ROUNDS)
    told = Race(app, refs).run((world.dung, FINISH), (world.ha, FINISH))
    assert {answer.status for both in told for answer in both} == {DONE}
    everything_agrees(app)
    assert set(states(app).values()) == {State.CONSENSUS}


@pytest.fixture
def fresh(world: World) -> User:
    """A reviewer who can take somebody's place."""
    found = User(email="quan@club.example", name="Quân", password_hash="x")
    world.session.add(found)
    world.session.flush()
    world.session.add(UserRole(user_id=found.id, role=Role.REVIEWER))
    world.session.add_all([*competences(found, world.chi), *calibrated(found)])
    world.session.commit()
    return found


def replacing(app, world, person):
    """Put somebody in Hà's place, whichever review that is."""
    reviews = dict(
        rows(
            app,
            select(Application.ref, Review.id)
            .join(Review, Review.application_id == Application.id)
            .where(Review.reviewer_id == world.ha.id),
        )
    )

    def press(hand, ref, _number):
        given = {"person": str(person.id), "reason": "Ốm dài ngày."}
        return hand.send(f"/assignments/{ref}/reviewers/{reviews[ref]}/replace", given)

    return press


def test_replaced_while_making_the_review_final(app, world, fresh):
    refs = Files(world, State.IN_REVIEW, scored=True).write(ROUNDS)
    told = Race(app, refs).run((world.ha, FINISH), (world.chi, replacing(app, world, fresh)))
    final = one_of_two(app, refs, told, ("finish", "replace"))
    active = select(Application.ref, Review).join(Review, Review.application_id == Application.id)
    found = rows(app, active.where(Review.voided_at.is_(None), Review.letter != "A"))
    assert {ref for ref, one in found if one.reviewer_id == world.ha.id and one.final_at} == final
    assert {ref for ref, one in found if one.reviewer_id == fresh.id} == set(refs) - final


def test_replaced_while_scoring(app, world, fresh):
    """The replacement counts every time; a score is kept where it came before, and never afterwards."""
    refs = Files(world, State.IN_REVIEW).write(ROUNDS)
    save = post("/reviews/{ref}/scores/TN-05", mark="2", rationale="Thử {n}", version="0", then="stay")
    told = Race(app, refs).run((world.ha, save), (world.chi, replacing(app, world, fresh)))
    for saved, replaced in told:
        assert replaced.status == DONE, replaced.text
        assert saved.status == DONE or refused(saved, "save"), saved.text
    everything_agrees(app)
    kept = select(Application.ref).join(Review, Review.application_id == Application.id)
    found = rows(app, kept.join(Score, Score.review_id == Review.id))
    assert set(found) == {ref for ref, (saved, _replaced) in zip(refs, told, strict=True) if saved.status == DONE}
