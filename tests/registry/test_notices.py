"""Whoever is concerned gets a letter for each step, in their language, once, and nobody learns what is not theirs."""

from collections import defaultdict

import pytest
from sqlmodel import select

from assessments import (
    agreement,
    applications,
    assignments,
    clock,
    consensus,
    corrections,
    decisions,
    declarations,
    intake,
)
from assessments.readiness import CHECKLIST
from assessments.states import Outcome
from registry import db
from registry.mail.models import Letter
from tests import real_products

PRODUCT = real_products.load()["cboard"]


@pytest.fixture
def told(app, world):
    """Commit a step as a route does, and say who was told what by it: recipient -> templates."""
    seen: set[str] = set()

    def commit():
        db.commit(world.session)
        letters = defaultdict(set)
        for letter in world.session.exec(select(Letter)).all():
            if letter.event not in seen:
                seen.add(letter.event)
                letters[letter.recipient.split("@")[0]].add(letter.event.split(":")[1])
        world.session.commit()
        return dict(letters)

    with app.app_context():
        yield commit


def test_every_step_tells_whom_it_concerns(world, told):
    session = world.session
    application = real_products.draft(world, PRODUCT)
    assert told() == {}

    applications.submit(session, world.an, application)
    assert told() == {"an": {"submitted"}, "chi": {"office_submitted"}}

    intake.accept(session, world.chi, application, CHECKLIST)
    assert told() == {"an": {"accepted"}}

    team = assignments.Team((world.dung.id, world.ha.id), world.dung.id, clock.today())
    assignments.assign(session, world.chi, application, team)
    assert told() == {"dung": {"reviewer_assigned"}, "ha": {"reviewer_assigned"}}

    real_products.review(session, world.ha, application, "3")
    assert told() == {}
    real_products.review(session, world.dung, application, "3")
    assert told() == {"dung": {"consensus_opened"}}

    consensus.agree_where_equal(session, world.dung, application)
    texts = consensus.Texts("Tóm tắt.", "Summary.", ())
    consensus.write_recommendation(session, world.dung, application, texts, 0)
    consensus.ask_facts_check(session, world.dung, application)
    assert told() == {"an": {"facts_check"}}
    corrections.check_facts(session, world.an, application)
    assert told() == {"dung": {"facts_checked"}}
    consensus.recommend(session, world.dung, application)
    assert told() == {"giang": {"decision_waiting"}, "hung": {"decision_waiting"}}

    for decider in (world.giang, world.hung):
        declarations.declare(session, decider, application, has_interest=False)
    proposal = decisions.propose(session, world.giang, application, decisions.Proposing(Outcome.CERTIFY, "L1"))
    assert told() == {"hung": {"proposal_waiting"}}
    decisions.confirm(session, world.hung, application, proposal.number, real_products.ISSUER)
    assert told() == {"an": {"certified"}}


def test_no_letter_to_a_company_names_anybody_of_the_club(app, world):
    with app.app_context():
        real_products.carry(world, PRODUCT)
        db.commit(world.session)
        letters = world.session.exec(select(Letter).where(Letter.recipient == world.an.email)).all()
    club = [world.chi, world.dung, world.ha, world.giang, world.hung]
    told = [(letter.event, person.name) for letter in letters for person in club if person.name in letter.body]
    assert told == []
    assert len(letters) >= 4


def test_a_letter_speaks_the_language_of_its_reader(app, world):
    world.an.language = "en"
    world.session.add(world.an)
    with app.app_context():
        application = real_products.draft(world, PRODUCT)
        applications.submit(world.session, world.an, application)
        db.commit(world.session)
        letter = world.session.exec(select(Letter).where(Letter.recipient == world.an.email)).one()
    assert letter.subject == f"Application {application.ref} received"
    assert letter.body.startswith("Dear Nguyễn Thị An (Công ty CP Hạt Nắng),")
    assert f"/en/applications/{application.ref}" in letter.body
    assert agreement.current_version() not in letter.body


def test_a_step_that_is_undone_tells_nobody(app, world):
    with app.app_context():
        application = real_products.draft(world, PRODUCT)
        applications.submit(world.session, world.an, application)
        world.session.rollback()
        db.commit(world.session)
        assert world.session.exec(select(Letter)).all() == []
