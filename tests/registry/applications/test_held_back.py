"""A result that waits for its day is told by nothing a company can see or try, whichever way it was decided."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, decisions, renewals
from assessments.decisions import Proposing
from assessments.errors import NotFound
from assessments.models import Answer, AnswerEvidence, Application, EvidenceWarning, Product
from assessments.queries import lapsing
from assessments.queries.certificates import certificate_of
from assessments.queries.offers import offers_of
from assessments.renewals import Wish
from assessments.states import Kind, Outcome, State
from registry import db, jobs
from tests.deciding import ISSUER, in_decision
from tests.drafting import piece
from tests.renewing import answered_certificate, begun
from tests.rows import rows
from tests.world import EDITION

DAY = clock.today() + timedelta(days=10)
MIDNIGHT = clock.start_of_day(DAY)
BEFORE = MIDNIGHT - timedelta(microseconds=1)
GRANTED, DECLINED = "HS-2026-0001", "HS-2026-0002"


@pytest.fixture
def decided(app, world):
    """Two products of Hạt Nắng, one granted and one declined, to be announced in ten days."""
    world.round.announce_on = DAY
    world.session.add(world.round)
    world.session.commit()
    return _decided(app, world, GRANTED, State.CERTIFIED), _decided(app, world, DECLINED, State.DECLINED)


def _decided(app, world, ref, state):
    application, session = in_decision(world, ref), world.session
    if state is State.DECLINED:  # the notice before it is told of elsewhere
        application.state, application.announce_at = state, MIDNIGHT
        session.add(application)
        session.commit()
        return application
    proposal = decisions.propose(session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    with app.app_context():
        decisions.confirm(session, world.hung, application, proposal.number, ISSUER)
        db.commit(session)
    return application


def lines(page):
    """The page about each of the two, without what is different of itself: references and ids."""
    return re.sub(r"[0-9a-f-]{36}|HS-2026-\d{4}|den-nha-\d{4}|\bp\d+\b|value=\"[^\"]{20,}\"", "·", page)


def offers(world):
    return {one.product.slug[-4:]: one for one in offers_of(world.session, world.hat_nang.id)}


def test_what_can_be_begun_is_the_same_for_both_until_midnight(decided, world):
    with clock.at(BEFORE):
        both = offers(world)
        for ref in (GRANTED, DECLINED):
            one = both[ref[-4:]]
            assert (one.certificate, one.may_begin, one.may_change, one.may_renew) == (None, False, False, False)
            assert {kind: held.ref for kind, held in one.running.items()} == {Kind.INITIAL: ref}
    with clock.at(MIDNIGHT):
        both = offers(world)
        granted, declined = both[GRANTED[-4:]], both[DECLINED[-4:]]
        assert (granted.certificate is None, granted.may_begin, granted.may_change) == (False, False, True)
        assert (declined.certificate, declined.may_begin, declined.running) == (None, True, {})


def test_the_pages_say_the_same_of_both(decided, world, browser):
    number = certificate_of(world.session, decided[0].id).number
    world.session.commit()
    with clock.at(BEFORE):
        browser.sign_in(world.an)
        for path in ("/company", "/applications/new"):
            page = browser.get(path).text
            assert number not in page
            items = [lines(one) for one in re.findall(r'<li class="flow">.*?</li>', page, re.DOTALL)]
            assert len(items) == 2
            assert items[0] == items[1]
        assert number not in browser.get("/company/close").text
    with clock.at(MIDNIGHT):
        browser.sign_in(world.an)
        assert all(number in browser.get(path).text for path in ("/company", "/applications/new", "/company/close"))


@pytest.mark.parametrize("place", [0, 1])
def test_beginning_anew_leads_to_the_application_that_waits(decided, world, browser, place):
    application = decided[place]
    data = {"product": str(application.product_id), "name_vi": "", "name_en": ""}
    with clock.at(BEFORE):
        browser.sign_in(world.an)
        answer = browser.press("/applications", "/applications/new", **data)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/applications/{application.ref}")
    assert len(world.session.exec(select(Application)).all()) == 2


def test_a_number_that_waits_is_an_unknown_one(decided, world, browser):
    number = certificate_of(world.session, decided[0].id).number
    for kind in (Kind.RENEWAL, Kind.CHANGE):
        with clock.at(BEFORE), pytest.raises(NotFound):
            renewals.require_offered(world.session, world.an, world.hat_nang.id, kind, number)
    with clock.at(BEFORE):
        browser.sign_in(world.an)
        assert browser.get(f"/applications/new/change/{number}").status_code == 404
    with clock.at(MIDNIGHT):
        browser.sign_in(world.an)
        assert browser.get(f"/applications/new/change/{number}").status_code == 200


def test_a_renewal_that_waits_leaves_the_old_certificate_as_it_was(app, world, browser):
    old = answered_certificate(world)
    renewal = begun(world, old)
    renewal.state, renewal.announce_at = State.CERTIFIED, MIDNIGHT
    world.session.add(renewal)
    world.session.commit()
    with clock.at(BEFORE):
        (one,) = offers_of(world.session, world.hat_nang.id)
        assert (one.certificate.number, one.running[Kind.RENEWAL].ref) == (old.number, renewal.ref)
        browser.sign_in(world.an)
        path = f"/applications/new/renewal/{old.number}"
        assert path not in browser.get("/company").text
        answer = browser.press(path, path, note="")
        assert answer.headers["Location"] == f"/applications/{renewal.ref}"
    assert len(rows(app, select(Application))) == 2


def test_evidence_that_lapses_is_told_for_both_or_neither(app, decided, world):
    session = world.session
    for application in decided:
        evidence = piece(session, world, application.ref, valid_until=DAY + timedelta(days=5))
        answer = Answer(application_id=application.id, criterion="HN-01", claim="Có.", version=1)
        session.add(answer)
        session.flush()
        session.add(AnswerEvidence(answer_id=answer.id, evidence_id=evidence.id))
    session.commit()
    with clock.at(BEFORE):
        assert {one.title for one in lapsing.due(session, clock.today())} == {GRANTED, DECLINED}
    with clock.at(MIDNIGHT):
        assert {one.title for one in lapsing.due(session, clock.today())} == {GRANTED}
    session.rollback()
    with app.app_context(), clock.at(BEFORE):
        jobs.turn()
    assert len(rows(app, select(EvidenceWarning))) == 2


def test_lists_steps_and_files_say_nothing(decided, world, browser):
    number = certificate_of(world.session, decided[0].id).number
    world.session.commit()
    with clock.at(BEFORE):
        browser.sign_in(world.an)
        for path in ("", "/messages", "/changes", "/export.json", "/receipt"):
            pages = [browser.get(f"/applications/{ref}{path}") for ref in (GRANTED, DECLINED)]
            assert {page.status_code for page in pages} <= {200, 404}
            assert pages[0].status_code == pages[1].status_code
            for page in pages:
                assert number not in page.text
                assert "Quyết định cấp" not in page.text
                assert "Quyết định không cấp" not in page.text
        rings = re.findall(r"Đã quyết định, chờ ngày công bố", browser.get("/applications").text)
        assert len(rings) == 2


def test_starting_by_the_verb_is_refused_for_a_product_that_waits(decided, world):
    product = world.session.get_one(Product, decided[0].product_id)
    wish = Wish(Kind.CHANGE, certificate_of(world.session, decided[0].id).number)
    with clock.at(BEFORE), pytest.raises(NotFound):
        renewals.start(world.session, world.an, product.vendor_id, EDITION, wish)
