"""Surveillance on real tables: begun, put before the committee with scores, decided."""

from datetime import timedelta
from typing import Any

from assessments import decisions, surveillance
from assessments.clock import now, today
from assessments.decisions import Proposing
from assessments.lifecycle import Measure, Trigger
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
    Surveillance,
)
from assessments.people import Part
from assessments.queries.submissions import digest_of
from assessments.reductions import Reduction
from assessments.states import Outcome, State
from assessments.surveillance import Measured, Wanted
from criteria import store
from criteria.digest import digest
from tests.deciding import ISSUER, submitted_content
from tests.world import World

GOOD = {"value": 3}
WHY = ("Có phiên bản mới.", "A new version.")


def planned(world: World, certificate: Certificate, trigger: Trigger = Trigger.STORE_VERSION) -> Surveillance:
    """One more surveillance, planned by Chi because a store has a new version."""
    wanted = Wanted(trigger, "Cửa hàng có bản 6.0.", today() + timedelta(days=7))
    one = surveillance.plan(world.session, world.chi, certificate.number, wanted)
    world.session.commit()
    return one


def begun(world: World, certificate: Certificate) -> Application:
    """The draft in which Hạt Nắng answers it."""
    one = planned(world, certificate)
    reply_by = today() + timedelta(days=30)
    application = surveillance.begin(world.session, world.chi, certificate.number, one.number, reply_by)
    world.session.commit()
    return application


def evaluated(world: World, certificate: Certificate, **marks: dict[str, Any]) -> Application:
    """A surveillance in decision; marks by criterion ("TN_05"={"value": 2}), of the others asked 3.

    Dũng (A, lead) and Hà (B) reviewed; Giang and Hùng have declared that they have no interest.
    """
    application = begun(world, certificate)
    content = submitted_content(world, application.asked)
    about = {"application_id": application.id, "number": 1, "submitted_by": world.an.id}
    world.session.add(Submission(**about, content=content, digest=digest_of(content)))
    application.edition_digest = digest(store.load(application.edition_id))
    return reviewed(world, application, **marks)


def reviewed(world: World, application: Application, **marks: dict[str, Any]) -> Application:
    """The same for one that was handed in."""
    session = world.session
    for letter, person in (("A", world.dung), ("B", world.ha)):
        _review(world, application, letter, person.id, marks)
    session.add_all(
        AgreedScore(application_id=application.id, criterion=code, saved_by=world.dung.id, **_mark(code, marks))
        for code in application.asked
    )
    session.add(
        Recommendation(
            application_id=application.id,
            summary_vi="Vẫn như lúc cấp.",
            summary_en="Still as it was certified.",
            vendor_checked_at=now(),
        )
    )
    for decider in (world.giang, world.hung):
        session.add(Declaration(application_id=application.id, person_id=decider.id, has_interest=False))
    application.state, application.due_at = State.IN_DECISION, None
    session.add(application)
    session.commit()
    return application


def measured(measure: Measure, certificate: Certificate, **less: Any) -> Measured:
    """A measure with all that goes with it; `less`: what remains, where it is reduced."""
    if measure is Measure.SUSPEND:
        return Measured(measure, "Sửa lỗi.", "Mend it.", today() + timedelta(days=30))
    if measure is Measure.REDUCE:
        return Measured(measure, reduction=remaining(certificate, **less))
    return Measured(measure)


def remaining(certificate: Certificate, **less: Any) -> Reduction:
    """The scope of a certificate, but for what is named."""
    facts = certificate.content["profile"]
    kept = {part: tuple(facts[part]) for part in ("platforms", "categories", "ages")}
    return Reduction(**{**kept, **less})


def decided(world: World, application: Application, what: Measured) -> None:
    """Proposed by Giang and confirmed by Hùng; the company is heard where it has to be."""
    session = world.session
    proposing = Proposing(Outcome.CERTIFY, None, *WHY, measured=what)
    made = decisions.propose(session, world.giang, application, proposing)
    if what.outcome is Outcome.DECLINE:
        notice = decisions.give_notice(session, world.giang, application, made.number, WHY)
        notice.ended_at = now()
        application.state = State.IN_DECISION
        session.add_all([notice, application])
        session.commit()
        made = decisions.propose(session, world.giang, application, proposing)
    decisions.confirm(session, world.hung, application, made.number, ISSUER)
    session.commit()


def _review(world: World, application: Application, letter: str, person_id: Any, marks: dict[str, Any]) -> None:
    session = world.session
    session.add(Participation(application_id=application.id, person_id=person_id, part=Part.REVIEWER))
    session.add(Declaration(application_id=application.id, person_id=person_id, has_interest=False))
    session.flush()
    due, lead = now() + timedelta(days=7), letter == "A"
    review = Review(
        application_id=application.id, reviewer_id=person_id, letter=letter, lead=lead, due_at=due, final_at=now()
    )
    session.add(review)
    session.flush()
    session.add_all(
        Score(review_id=review.id, criterion=code, rationale=f"Lý do {letter} của {code}", **_mark(code, marks))
        for code in application.asked
    )


def _mark(code: str, marks: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = marks.get(code.replace("-", "_"), GOOD)
    return found
