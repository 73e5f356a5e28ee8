"""Whoever has a part or an interest is refused three times: by the policy, by the workflow, and by the database.

Each test switches the two other layers off: the policy is asked with a forged standing, the workflow is called with a
policy that lets everybody through, and rows are put into the tables without either.
"""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import workflow
from assessments.clock import now
from assessments.errors import NotAllowed
from assessments.models import Application, Decision, Declaration, Interest, Member, Participation, Proposal, Review
from assessments.people import InterestKind, MemberRole, Part, Role
from assessments.policy import Permission, Standing, allows
from assessments.states import Action, Outcome, State

PERMISSIONS = {  # what each part is asked for
    Part.COORDINATOR: (Permission.INTAKE, Permission.ASSIGN),
    Part.REVIEWER: (Permission.REVIEW, Permission.LEAD),
    Part.PROPOSER: (Permission.PROPOSE,),
    Part.CONFIRMER: (Permission.CONFIRM,),
}
STEPS = {  # a step of each part, and a state it starts from
    Part.COORDINATOR: ((Action.ACCEPT, State.SUBMITTED), (Action.ASSIGN, State.ACCEPTED)),
    Part.REVIEWER: ((Action.FINISH_REVIEW, State.IN_REVIEW), (Action.RECOMMEND, State.CONSENSUS)),
    Part.PROPOSER: ((Action.PROPOSE, State.IN_DECISION), (Action.SEND_BACK, State.IN_DECISION)),
    Part.CONFIRMER: ((Action.REJECT_PROPOSAL, State.IN_DECISION), (Action.CERTIFY, State.IN_DECISION)),
}
OTHERS = [(prior, wanted) for prior in Part for wanted in PERMISSIONS if prior is not wanted]


def forged(prior: Part | None, **facts: object) -> Standing:
    """Everything that could speak for a person, but for what is under test."""
    said: dict[str, object] = {
        "state": State.IN_DECISION,
        "submitted": True,
        "roles": frozenset(Role),
        "part": prior,
        "declared": False,
        "reviewing": True,
        "lead": True,
    }
    return Standing(**{**said, **facts})  # type: ignore[arg-type]  # the fields by name


@pytest.mark.parametrize(("prior", "wanted"), OTHERS)
def test_the_policy_alone_refuses_another_part(prior, wanted):
    assert [allows(forged(prior), permission) for permission in PERMISSIONS[wanted]] == [False] * len(
        PERMISSIONS[wanted]
    )
    assert [allows(forged(wanted), permission) for permission in PERMISSIONS[wanted]] == [True] * len(
        PERMISSIONS[wanted]
    )


@pytest.mark.parametrize("wanted", PERMISSIONS)
@pytest.mark.parametrize("facts", [{"has_interest": True}, {"declared": True}, {"member": MemberRole.CONTRIBUTOR}])
def test_the_policy_alone_refuses_an_interest(wanted, facts):
    assert not any(allows(forged(wanted, **facts), permission) for permission in PERMISSIONS[wanted])


@pytest.fixture
def no_policy(monkeypatch):
    """A policy that lets everybody do everything."""
    monkeypatch.setattr(workflow, "require", lambda *_: None)


def attempt(world, wanted):
    """Every step of a part, tried by Hà, who has something that stands in the way; the state must stay."""
    session = world.session
    application = session.exec(select(Application)).one()
    for action, state in STEPS[wanted]:
        application.state = state
        session.flush()
        with pytest.raises(NotAllowed):
            workflow.move(session, world.ha, application, action)
        assert application.state is state


@pytest.mark.parametrize(("prior", "wanted"), OTHERS)
def test_the_workflow_alone_refuses_another_part(world, no_policy, prior, wanted):
    application = world.application(State.SUBMITTED)
    world.session.add(Participation(application_id=application.id, person_id=world.ha.id, part=prior))
    world.session.flush()
    attempt(world, wanted)


@pytest.mark.parametrize("wanted", PERMISSIONS)
@pytest.mark.parametrize("why", ["interest", "unregistered end", "member", "declared"])
def test_the_workflow_alone_refuses_an_interest(world, no_policy, why, wanted):
    application = world.application(State.SUBMITTED)
    about = {"person_id": world.ha.id, "vendor_id": world.hat_nang.id, "organisation": "Hạt Nắng"}
    rows = {
        "interest": Interest(**about, kind=InterestKind.SHARES, since=date(2020, 1, 1)),
        "unregistered end": Interest(
            **about, kind=InterestKind.SHARES, since=date(2020, 1, 1), until=date(2020, 1, 2), ended_on=now().date()
        ),
        "member": Member(vendor_id=world.hat_nang.id, user_id=world.ha.id, role=MemberRole.CONTRIBUTOR),
        "declared": Declaration(application_id=application.id, person_id=world.ha.id, has_interest=True),
    }
    world.session.add_all([rows[why], Participation(application_id=application.id, person_id=world.ha.id, part=wanted)])
    world.session.flush()
    attempt(world, wanted)


def test_the_workflow_lets_through_whoever_nothing_stands_in_the_way_of(world, no_policy):
    application = world.application(State.IN_DECISION)
    workflow.move(world.session, world.ha, application, Action.SEND_BACK)
    assert application.state is State.CONSENSUS


def doing(world, application, wanted):
    """The rows that doing something as a part leaves, with the participation it would need."""
    person, app = world.ha.id, application.id
    proposal = Proposal(application_id=app, number=7, proposer_id=person, outcome=Outcome.CERTIFY, level="L1")
    if wanted is Part.REVIEWER:
        return [Review(application_id=app, reviewer_id=person, letter="Q", due_at=now())]
    if wanted is Part.PROPOSER:
        return [proposal]
    if wanted is Part.CONFIRMER:
        made = world.session.exec(select(Proposal)).one()
        return [
            Decision(
                application_id=app,
                proposal_id=made.id,
                proposer_id=made.proposer_id,
                confirmer_id=person,
                outcome=Outcome.CERTIFY,
                level="L1",
            )
        ]
    return [Participation(application_id=app, person_id=person, part=Part.COORDINATOR)]


def before_the_committee(world, prior):
    """A file on which Hà has a part and Giang's proposal was closed."""
    session, application = world.session, world.application(State.IN_DECISION)
    about = {"application_id": application.id}
    session.add(Participation(**about, person_id=world.ha.id, part=prior))
    session.add(Participation(**about, person_id=world.giang.id, part=Part.PROPOSER))
    session.flush()
    session.add(
        Proposal(**about, proposer_id=world.giang.id, outcome=Outcome.CERTIFY, level="L1", closed_at=now()),
    )
    session.commit()
    return application


def put_in(session, rows):
    for row in rows:
        session.add(row)
        session.flush()


@pytest.mark.parametrize("with_participation", [False, True])
@pytest.mark.parametrize(("prior", "wanted"), OTHERS)
def test_the_database_alone_refuses_another_part(world, prior, wanted, with_participation):
    """Rows put straight into the tables, also with a second participation beside the first."""
    session, application = world.session, before_the_committee(world, prior)
    rows = doing(world, application, wanted)
    if with_participation and wanted is not Part.COORDINATOR:
        rows.insert(0, Participation(application_id=application.id, person_id=world.ha.id, part=wanted))
    session.expunge_all()
    with pytest.raises(IntegrityError):
        put_in(session, rows)
    session.rollback()
    held = session.exec(select(Participation).where(Participation.person_id == world.ha.id)).all()
    assert [one.part for one in held] == [prior]


@pytest.mark.parametrize(("prior", "wanted"), [pair for pair in OTHERS if pair[1] is not Part.COORDINATOR])
def test_the_database_alone_refuses_work_under_the_name_of_another_part(world, prior, wanted):
    """The part in the row itself is forged to fit the participation the person has."""
    session, application = world.session, before_the_committee(world, prior)
    (row,) = doing(world, application, wanted)
    row.part = prior
    with pytest.raises(IntegrityError):
        put_in(session, [row])
    session.rollback()
