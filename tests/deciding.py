"""Files that have come before the committee, on real tables: for tests of what happens from there."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from assessments import decisions, profile
from assessments.certificates import Issuer
from assessments.clock import now
from assessments.decisions import Proposing
from assessments.models import (
    AgreedScore,
    Application,
    Certificate,
    Declaration,
    Participation,
    Recommendation,
    Review,
    Score,
    Submission,
)
from assessments.people import Part, Role
from assessments.queries.certificates import certificate_of
from assessments.queries.submissions import digest_of
from assessments.states import Outcome, State
from criteria import applicability, store
from criteria.digest import digest
from registry.accounts import sessions
from registry.accounts.models import User, UserRole
from tests.world import PROFILE, World

ISSUER = Issuer("Câu lạc bộ VCSC", "VCSC Club")
GOOD = {"value": 3}


def submitted_content(world: World, codes: list[str]) -> dict[str, Any]:
    """The content of a submission, complete as the applications slice writes it."""
    vendor = world.hat_nang
    return {
        "number": 1,
        "profile": profile.from_dict(PROFILE).to_dict(),
        "vendor": {
            "name": vendor.name,
            "name_en": vendor.name_en,
            "address": vendor.address,
            "country": vendor.country,
            "registration_number": vendor.registration_number,
            "representative": vendor.representative,
            "website": vendor.website,
            "club_member": vendor.club_member,
        },
        "edition": {"id": "vcsc-2026", "digest": digest(store.load("vcsc-2026"))},
        "agreement": {},
        "answers": {
            code: {
                "claim": f"Phần trình bày của {code}.",
                "not_applicable": False,
                "not_applicable_reason": "",
                "evidence": [],
            }
            for code in codes
        },
    }


def in_decision(
    world: World, ref: str = "HS-2026-0001", *, edition_id: str = "vcsc-2026", **marks: dict[str, Any]
) -> Application:
    """A reviewed application of Hạt Nắng in decision; marks by criterion ("TN_05"={"value": 2}), others agreed 3.

    Dũng (A, lead) and Hà (B) reviewed; Giang and Hùng have declared that they have no interest.
    """
    edition = store.load(edition_id)
    applying = [a.criterion.code for a in applicability.applicable(edition, PROFILE["categories"], PROFILE["flags"])]
    told = {"edition_id": edition_id, "edition_digest": digest(edition), "round_id": world.round.id}
    application = world.application(State.IN_DECISION, ref, **told)
    session = world.session
    content = submitted_content(world, applying)
    submission = Submission(
        application_id=application.id,
        number=1,
        content=content,
        digest=digest_of(content),
        submitted_by=world.an.id,
    )
    session.add(submission)
    for letter, person in (("A", world.dung), ("B", world.ha)):
        session.add(Participation(application_id=application.id, person_id=person.id, part=Part.REVIEWER))
        session.add(Declaration(application_id=application.id, person_id=person.id, has_interest=False))
        session.flush()
        review = Review(
            application_id=application.id,
            reviewer_id=person.id,
            letter=letter,
            lead=letter == "A",
            due_at=now() + timedelta(days=7),
            final_at=now(),
        )
        session.add(review)
        session.flush()
        session.add_all(
            Score(review_id=review.id, criterion=code, rationale=f"Lý do {letter} của {code}", **_mark(code, marks))
            for code in applying
        )
    session.add_all(
        AgreedScore(application_id=application.id, criterion=code, saved_by=world.dung.id, **_mark(code, marks))
        for code in applying
    )
    session.add(
        Recommendation(
            application_id=application.id,
            summary_vi="Chặn tốt nội dung xấu và nói rõ giới hạn.",
            summary_en="Blocks harmful content well and states its limits.",
            limits=[{"vi": "Chưa thử trên máy tính.", "en": "Not tested on computers."}],
            vendor_checked_at=now(),
        )
    )
    for decider in (world.giang, world.hung):
        session.add(Declaration(application_id=application.id, person_id=decider.id, has_interest=False))
    session.commit()
    return application


def _mark(code: str, marks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return marks.get(code.replace("-", "_"), GOOD)


def decider(world: World, name: str, *declared: Application) -> User:
    """One more member of the committee, who has declared no interest in these applications."""
    found = User(email=f"{name}@club.example", name=name.title(), password_hash="x", email_verified_at=now())
    world.session.add(found)
    world.session.flush()
    world.session.add(UserRole(user_id=found.id, role=Role.DECIDER))
    for application in declared:
        world.session.add(Declaration(application_id=application.id, person_id=found.id, has_interest=False))
    world.session.commit()
    sessions.load_standing(world.session, found)
    world.session.commit()
    return found


def edition_with_quorum(place: Path, deciders: int) -> str:
    """A copy of the shipped edition whose decisions need so many to agree; CRITERIA_DIR has to name the place."""
    name = f"quorum-{deciders}"
    shutil.copytree(store.SHIPPED / "vcsc-2026", place / name)
    toml = place / name / "edition.toml"
    text = toml.read_text().replace('id = "vcsc-2026"', f'id = "{name}"')
    toml.write_text(text.replace("deciders = 1", f"deciders = {deciders}"))
    return name


def certified(world: World, ref: str = "HS-2026-0001") -> Certificate:
    """A certificate of Hạt Nắng, proposed by Giang and confirmed by Hùng today."""
    application = in_decision(world, ref)
    proposal = decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    decisions.confirm(world.session, world.hung, application, proposal.number, ISSUER)
    found = certificate_of(world.session, application.id)
    world.session.commit()
    assert found is not None
    return found
