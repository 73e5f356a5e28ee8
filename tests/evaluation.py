"""Applications on their way through the evaluation, made by the verbs themselves: for tests of later steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

from assessments import assignments, consensus, declarations, findings, intake, reviews, test_records
from assessments.clock import now, today
from assessments.findings import Wording
from assessments.models import AgreedScore, Application, Review, Score, ScoreVersion, Submission
from assessments.queries import consensus as consensus_queries
from assessments.queries.calibrations import standings
from assessments.queries.consensus import applicable_criteria
from assessments.queries.reviews import active, review_of, scores_of
from assessments.queries.submissions import digest_of
from assessments.readiness import CHECKLIST
from assessments.states import Basis, Severity, State
from criteria import store
from registry.accounts.models import User
from tests.world import EDITION, PROFILE, World, calibrated

PLAIN = {"0", "1", "2", "3"}  # marks that need nothing beside them
CLAIM = "Sáu đường vượt qua đã được thử trên 9 máy."


def handed_in(world: World, state: State = State.SUBMITTED, ref: str = "HS-2026-0001", **answers: Any) -> Application:
    """An application with a first submission; `answers` replaces the answer of a criterion (TN_05=...)."""
    application = world.application(state, ref)
    content = {
        "number": 1,
        "profile": application.profile,
        "vendor": {"name": world.hat_nang.name, "name_en": "", "club_member": False, "representative": "Đại"},
        "edition": {"id": application.edition_id, "digest": application.edition_digest},
        "agreement": {"version": "2026-11-01"},
        "answers": {},
    }
    for criterion in applicable_criteria(world.session, application):
        key = criterion.code.replace("-", "_")
        content["answers"][criterion.code] = {**answer(), **answers.get(key, {})}
    world.session.add(
        Submission(
            application_id=application.id,
            number=1,
            content=content,
            digest=digest_of(content),
            submitted_by=world.an.id,
        )
    )
    world.session.commit()
    return application


def answer() -> dict[str, Any]:
    """A claim with a link."""
    return {
        "claim": CLAIM,
        "not_applicable": False,
        "not_applicable_reason": "",
        "evidence": [
            {
                "id": "0b1f7a0e-58b4-4d2e-9a8e-3a5b6d8f1c11",
                "kind": "LINK",
                "title": "Trang công khai",
                "issued_on": None,
                "valid_until": None,
                "url": "https://dennha.example/gioi-han",
            }
        ],
    }


def accepted(world: World, **answers: Any) -> Application:
    """The office has accepted it."""
    application = handed_in(world, **answers)
    intake.accept(world.session, world.chi, application, CHECKLIST)
    world.session.commit()
    return application


def assigned(world: World, people: Sequence[User] = (), **answers: Any) -> Application:
    """Dũng leads, Hà reviews; neither was asked about interests yet."""
    application = accepted(world, **answers)
    chosen = tuple(one.id for one in people) or (world.dung.id, world.ha.id)
    due_on = today() + timedelta(days=28)
    untried = [one for one in people if not standings(world.session, EDITION, [one.id])[one.id].passed]
    world.session.add_all(attempt for one in untried for attempt in calibrated(one))
    assignments.assign(world.session, world.chi, application, assignments.Team(chosen, chosen[0], due_on))
    world.session.commit()
    return application


def in_review(world: World, people: Iterable[User] = (), **answers: Any) -> Application:
    """Everybody has declared no interest."""
    team = tuple(people) or (world.dung, world.ha)
    application = assigned(world, team, **answers)
    for person in team:
        declarations.declare(world.session, person, application, has_interest=False)
    world.session.commit()
    return application


def score_all(world: World, person: User, application: Application, mark: str = "3", **marks: str) -> None:
    """One reviewer scores everything; `marks` says otherwise for a criterion (TN_05="1").

    The first mark goes through the verb, which asks whether the person may; the plain ones after it are written as the
    verb writes them (see test_evaluation), since most tests only need them to be there.
    """
    first, *others = applicable_criteria(world.session, application)
    _score(world, person, application, first.code, _marking(person, first.code, mark, marks))
    review = review_of(world.session, application.id, person.id)
    assert review is not None
    scored = scores_of(world.session, [review])[review.id]
    for code in (criterion.code for criterion in others):
        marking = _marking(person, code, mark, marks)
        if marking.mark in PLAIN and code not in scored:
            world.session.add_all(_rows(review, code, marking))
        else:
            _score(world, person, application, code, marking)
    world.session.commit()


def _marking(person: User, code: str, mark: str, marks: Mapping[str, str]) -> reviews.Marking:
    given = marks.get(code.replace("-", "_"), mark)
    return reviews.Marking(
        given, Basis.OWN_TEST if given == "4" else None, "" if given == "3" else f"Lý do của {person.name}"
    )


def _score(world: World, person: User, application: Application, code: str, marking: reviews.Marking) -> None:
    reviews.save_score(world.session, person, application, code, marking, 0)
    if marking.basis is Basis.OWN_TEST:
        test_records.add(world.session, person, application, tested(code))


def _rows(review: Review, code: str, marking: reviews.Marking) -> list[SQLModel]:
    """What the first save of a plain mark leaves in the tables."""
    score = Score(review_id=review.id, criterion=code, value=int(marking.mark), rationale=marking.rationale, version=1)
    return [score, ScoreVersion(score_id=score.id, version=1, content=marking.content, saved_at=score.saved_at)]


def tested(*codes: str) -> test_records.Facts:
    """What a reviewer writes down of a test of their own."""
    line = "Điện thoại A54", "Android 14", "5.2", today()
    return test_records.Facts(codes, *line, "Cài bản mới, đặt giờ rồi đổi ngày.", "Máy vẫn khóa đúng giờ.")


def finish(world: World, person: User, application: Application, mark: str = "3", **marks: str) -> None:
    """One reviewer scores everything and makes it final."""
    score_all(world, person, application, mark, **marks)
    reviews.finish(world.session, person, application)
    world.session.commit()


def in_consensus(
    world: World, first: dict[str, str] | None = None, second: dict[str, str] | None = None, **handed: Any
) -> Application:
    """Dũng's and Hà's scores are final: 3 everywhere but where said otherwise; `handed` as for handed_in()."""
    application = in_review(world, **handed)
    finish(world, world.dung, application, **(first or {}))
    finish(world, world.ha, application, **(second or {}))
    return application


def agree_all(world: World, application: Application, mark: str = "3") -> None:
    """The lead agrees on the same mark everywhere, with a reconciliation; written as score_all() writes."""
    settled = consensus_queries.agreed(world.session, application.id)
    words = consensus.Agreement(mark, "Đã bàn và thống nhất.")
    first, *others = [one.code for one in applicable_criteria(world.session, application)]
    consensus.agree(world.session, world.dung, application, first, words, 0)
    for code in others:
        if mark in PLAIN and code not in settled:
            world.session.add(agreed_row(world, application, code, words))
        else:
            consensus.agree(world.session, world.dung, application, code, words, 0)
    world.session.commit()


def agreed_row(world: World, application: Application, code: str, words: consensus.Agreement) -> AgreedScore:
    """What the lead's first word on a plain mark leaves in the table."""
    return AgreedScore(
        application_id=application.id,
        criterion=code,
        value=int(words.mark),
        reconciliation=words.reconciliation,
        saved_by=world.dung.id,
        version=1,
    )


def recommended(world: World) -> Application:
    """Everything is there, the vendor has checked the facts, and the committee has the file."""
    return recommend(world, in_consensus(world))


def recommend(world: World, application: Application) -> Application:
    """Take an application from the consensus to the committee."""
    agree_all(world, application)
    texts = consensus.Texts("Bản tóm tắt.", "The summary.", (("Chưa thử trên iPhone.", "Not tried on iPhone."),))
    row = consensus.write_recommendation(world.session, world.dung, application, texts, 0)
    consensus.ask_facts_check(world.session, world.dung, application)
    row.vendor_checked_at, row.vendor_checked_by = now(), world.an.id
    consensus.recommend(world.session, world.dung, application)
    world.session.commit()
    return application


def review_by(world: World, application: Application, person: User) -> Review:
    """A person's review, as the database has it now; the transaction is over, so that pages can be asked for."""
    review = next(one for one in active(world.session, application.id) if one.reviewer_id == person.id)
    world.session.refresh(review)
    world.session.commit()
    return review


def finish_only(world: World, person: User, application: Application) -> None:
    """One reviewer makes final what is scored already."""
    reviews.finish(world.session, person, application)
    world.session.commit()


def correction(world: World, application: Application, code: str) -> None:
    """The lead asks the vendor to correct something: comments are released with it."""
    findings.raise_finding(world.session, world.dung, application, code, Wording(Severity.MINOR, "Thiếu ngày đo."))
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()


def heavy(world: World, people: Iterable[User], patch: pytest.MonkeyPatch) -> Application:
    """An application to which every criterion applies, with sixty files behind TN-05, before these reviewers."""
    edition = store.load(EDITION)
    patch.setitem(PROFILE, "categories", [one.code for one in edition.categories])
    patch.setitem(PROFILE, "flags", [one.code for one in edition.flags])
    return in_review(world, people, TN_05={"evidence": sixty_files()})


def sixty_files() -> list[dict[str, Any]]:
    """Documents of an answer, as a snapshot holds them."""
    piece = {name: value for name, value in answer()["evidence"][0].items() if name != "url"}
    file = {"sha256": "ab" * 32, "size": 912_000, "media_type": "application/pdf", "name": "bao-cao-thu-nghiem.pdf"}
    ids = [f"0b1f7a0e-58b4-4d2e-9a8e-3a5b6d8f1c{n:02d}" for n in range(60)]
    return [{**piece, "id": one, "title": f"Báo cáo thử nghiệm {n}", "file": file} for n, one in enumerate(ids)]
