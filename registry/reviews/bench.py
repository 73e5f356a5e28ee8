"""What the bench shows: the criteria beside the claim, the evidence and the rubric, read in a few statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments import profile
from assessments.clock import legal_day, now, today
from assessments.errors import N_, NotFound, WrongState
from assessments.models import AgreedScore, Application, Review, Score, Submission
from assessments.profile import Profile
from assessments.queries import consensus, questions, reviews
from assessments.queries.consensus import Row
from assessments.queries.notes import Written, of_team
from assessments.queries.questions import due_with_pause
from assessments.queries.reading import shows_pictures
from assessments.queries.submissions import latest
from assessments.queries.test_access import count_of
from assessments.reviews import mark_of
from assessments.states import State
from criteria import store
from criteria.model import Criterion, Edition, Group
from registry import db, marks
from registry.reviews.pieces import Piece, pieces

EVERYTHING, OPEN, MARKED, LATER = "", "open", "marked", "later"  # what the list of criteria shows
SHOWS = (EVERYTHING, OPEN, MARKED, LATER)


@dataclass(frozen=True)
class Bench:
    """One application as one reviewer may see it; `scores` holds only what may be seen."""

    application: Application
    edition: Edition
    submission: Submission | None
    criteria: tuple[Criterion, ...]
    team: tuple[Review, ...]
    mine: Review
    scores: reviews.Marks
    test_accounts: int = 0  # how many the vendor gave

    @property
    def vendor(self) -> str:
        """The company's name as it was handed in."""
        name: str = self.submission.content["vendor"]["name"] if self.submission else ""
        return name

    @property
    def member(self) -> bool:
        """Whether the company was a member of the club when it handed in."""
        return bool(self.submission and self.submission.content["vendor"].get("club_member"))

    @property
    def product(self) -> Profile:
        """The product as it was handed in."""
        return profile.from_dict(self.submission.content["profile"] if self.submission else self.application.profile)

    @property
    def own(self) -> dict[str, Score]:
        """One's own scores by criterion."""
        return self.scores[self.mine.id]

    @property
    def done(self) -> int:
        """How many criteria one has marked."""
        return sum(1 for one in self.criteria if one.code in self.own and self.own[one.code].marked)

    @property
    def open_codes(self) -> list[str]:
        """The criteria one has not marked."""
        return [one.code for one in self.criteria if one.code not in self.own or not self.own[one.code].marked]

    @property
    def everybody_final(self) -> bool:
        """Whether others' scores may be seen."""
        return reviews.all_final(self.team)

    @property
    def late_days(self) -> int:
        """Whole legal days since the due date; 0 when it is not late."""
        if self.mine.final_at is not None or self.due_at >= now():
            return 0
        return (today() - legal_day(self.due_at)).days

    @property
    def days_left(self) -> int:
        """Legal days until the due date."""
        return max(0, (legal_day(self.due_at) - today()).days)

    @property
    def due_at(self) -> datetime:
        """Until when; later by every day that the company is waited for."""
        return due_with_pause(self.application, self.mine.due_at)

    def groups(self, show: str = EVERYTHING) -> list[tuple[Group, list[Criterion]]]:
        """The criteria that apply, group by group; `show`: only those a filter lets through."""
        chosen = self.chosen(show)
        found = [(group, [one for one in chosen if one.group == group.code]) for group, _all in self.edition.by_group()]
        return [(group, criteria) for group, criteria in found if criteria]

    def chosen(self, show: str) -> list[Criterion]:
        """The criteria that a filter lets through: all, not marked, marked, or to come back to."""
        return [one for one in self.criteria if show in _shown_under(self.own.get(one.code))]

    def progress(self) -> dict[str, tuple[int, int]]:
        """Group code -> how many of its criteria one has marked, and how many there are."""
        marked = {one.code for one in self.chosen(MARKED)}
        return {
            group.code: (sum(one.code in marked for one in criteria), len(criteria))
            for group, criteria in self.groups()
        }

    def next_open(self, code: str) -> Criterion | None:
        """The next criterion one has not marked after another, from the beginning again after the last one."""
        place = [one.code for one in self.criteria].index(code)
        unmarked = set(self.open_codes) - {code}
        order = (*self.criteria[place + 1 :], *self.criteria[:place])
        return next((one for one in order if one.code in unmarked), None)

    def criterion(self, code: str) -> Criterion:
        """The criterion asked for, the first one not marked when none is; refuses others (NotFound)."""
        wanted = code or next(iter(self.open_codes), self.criteria[0].code)
        for one in self.criteria:
            if one.code == wanted:
                return one
        raise NotFound

    def neighbour(self, code: str, step: int, show: str = EVERYTHING) -> Criterion | None:
        """The criterion before (-1) or after (1) another, of those a filter lets through."""
        fits = {one.code for one in self.chosen(show)}
        place = [one.code for one in self.criteria].index(code)
        order = self.criteria[place + 1 :] if step > 0 else self.criteria[:place][::-1]
        return next((one for one in order if one.code in fits), None)

    def ordered(self, rows: list[Row]) -> list[tuple[Group, list[Row]]]:
        """The rows of the consensus, group by group."""
        return [
            (group, [row for row in rows if row.criterion.group == group.code]) for group, _criteria in self.groups()
        ]

    def pieces(self, code: str) -> list[Piece]:
        """The evidence the vendor handed in for a criterion."""
        shows = shows_pictures(self.submission.content["profile"]) if self.submission else True
        return pieces(self.application.ref, self.edition, self.answer(code), shows=shows)

    @property
    def notes(self) -> list[Written]:
        """One's own notes on pages of evidence, and everybody's once all are final; asked for when they are shown."""
        return of_team(db.session(), self.team, self.mine.reviewer_id)

    @property
    def waited_for(self) -> list[str]:
        """The criteria of which one still waits for an answer to a question of one's own; asked for when shown."""
        waits = questions.waiting_of(db.session(), self.mine)
        return [one.code for one in self.criteria if one.code in {question.criterion for question in waits}]

    def answer(self, code: str) -> dict[str, Any]:
        """What the vendor handed in about a criterion."""
        answers: dict[str, Any] = self.submission.content.get("answers", {}) if self.submission else {}
        found: dict[str, Any] = answers.get(code, {})
        return found


def bench(session: Session, application: Application, person_id: UUID) -> Bench:
    """The bench of one reviewer, in four statements; refuses who has no review that counts (NotFound)."""
    team = reviews.active(session, application.id)
    mine = next((one for one in team if one.reviewer_id == person_id), None)
    if mine is None:
        raise NotFound
    submission = latest(session, application.id)
    edition = store.load(application.edition_id)
    applies = {one.code for one in consensus.criteria_of(application, submission)}
    ordered = tuple(one for _group, criteria in edition.by_group() for one in criteria if one.code in applies)
    scores = reviews.visible_scores(session, team, person_id)
    accounts = count_of(session, application.id)
    return Bench(application, edition, submission, ordered, tuple(team), mine, scores, accounts)


def common(session: Session, application: Application, person_id: UUID) -> Bench:
    """The bench for the time after everybody is final; refuses before (WrongState)."""
    found = bench(session, application, person_id)
    if not found.everybody_final:
        raise WrongState(N_("Điểm của người khác hiện ra sau khi mọi người đã chốt phần của mình."))
    return found


def settled(session: Session, found: Bench) -> list[Row]:
    """Every criterion with everybody's scores, which the bench has, and what is agreed: one statement."""
    agreed = consensus.agreed(session, found.application.id)
    return consensus.rows_of(found.criteria, found.team, found.scores, agreed)


def settling(found: Bench) -> bool:
    """Whether this person may settle now: the lead reviewer, during the consensus."""
    return found.mine.lead and found.application.state is State.CONSENSUS


def _shown_under(score: Score | None) -> set[str]:
    """The filters that let a criterion with this score through."""
    marked = score is not None and score.marked
    later = {LATER} if score is not None and score.later else set()
    return {EVERYTHING, MARKED if marked else OPEN} | later


def figure(score: Score | AgreedScore | None) -> str:
    """The mark of a score as one sign."""
    return marks.figure(mark_of(score) if score else "")


def spoken(score: Score | AgreedScore | None) -> str:
    """The mark of a score in words, for those who hear the page."""
    return marks.spoken(mark_of(score) if score else "")
