"""Where the club's people come from, who is named in public, and what the impartiality committee has before it."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, func, select

from assessments import committee, impartiality, interests
from assessments.impartiality import RiskText
from assessments.models import Application, Review
from assessments.people import InterestGroup, InterestKind
from assessments.queries.seats import statement_of
from assessments.states import State
from registry.demonstration.fiction import read
from registry.demonstration.stage import Stage


def play(stage: Stage) -> None:
    """Everything of the committee, today: every product has had its life."""
    fiction = read("committee")
    _people(stage, fiction["people"])
    _log(stage, fiction)
    _late(stage)


def _people(stage: Stage, people: list[dict[str, Any]]) -> None:
    for one in people:
        person = stage.people[one["login"]]
        represents = InterestGroup(one["represents"]) if "represents" in one else None
        origin = committee.Origin(one.get("affiliation", ""), one.get("outside", False), represents)
        committee.set_background(stage.session, stage.people["admin"], person.id, origin)
        if one.get("named"):
            committee.agree(stage.session, person, statement_of(stage.session, person.id).mark)


def _log(stage: Stage, fiction: dict[str, Any]) -> None:
    for one in fiction["risks"]:
        text = RiskText(one["title"], one["measure"], one["owner"], stage.today + timedelta(days=one["due"]))
        impartiality.write_risk(stage.session, stage.people["coordinator"], text)
    watcher = stage.people["impartiality1"]
    for one in fiction["meetings"]:
        impartiality.write_meeting(stage.session, watcher, stage.day(one["ago"]), one["present"], one["notes"])


def _late(stage: Stage) -> None:
    """An interest the office learned of after a decision, in a company whose only application is over."""
    alone = (
        select(Application.vendor_id)
        .group_by(col(Application.vendor_id))
        .having(func.count() == 1)
        .having(func.max(col(Application.state)) == State.CERTIFIED)
    )
    question = (
        select(Review.reviewer_id, Application.vendor_id)
        .join(Application, col(Application.id) == col(Review.application_id))
        .where(col(Application.vendor_id).in_(alone), Review.reviewer_id == stage.people["reviewer2"].id)
        .order_by(col(Application.ref))
    )
    found = stage.session.exec(question).first()
    if found is None:
        return
    entry = interests.Entry(InterestKind.FAMILY, stage.day(90), vendor_id=found[1])
    source = "Người này báo qua điện thoại: em gái vào làm ở đó"
    interests.report(stage.session, stage.people["coordinator"], found[0], entry, source)
