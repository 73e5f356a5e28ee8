"""What waits for a second person about a certificate is told to the other deciders, and to them alone."""

from datetime import timedelta

import pytest

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.lifecycle import Measure
from assessments.models import Interest
from assessments.people import InterestKind
from tests import appealing
from tests.deciding import certified
from tests.rows import letters
from tests.surveying import decided, evaluated, measured

WHY = {"reason_vi": "Có lỗ hổng.", "reason_en": "There is a hole."}


def told(app, person):
    return [one for one in letters(app, person.email) if "người thứ hai" in one.subject]


def suspend(browser, world, certificate):
    browser.sign_in(world.giang)
    page = f"/certificates/{certificate.number}"
    day = (clock.today() + timedelta(days=20)).isoformat()
    more = {"condition_vi": "Vá.", "condition_en": "Mend it.", "restore_by": day}
    assert browser.press(f"{page}/suspend", page, **WHY, **more).status_code == 302


def test_an_emergency_suspension_is_told_to_the_other_deciders(app, world, browser):
    others = appealing.others(world)
    certificate = certified(world)
    suspend(browser, world, certificate)
    (letter,) = told(app, world.hung)
    assert f"{clock.today() + timedelta(days=5):%d/%m/%Y}" in letter.body
    assert f"/certificates/{certificate.number}" in letter.body
    assert len(told(app, others.phuc)) == 1
    for person in (world.giang, world.an, world.dung):
        assert told(app, person) == []


def test_whoever_has_an_interest_is_not_written_to(app, world, session, browser):
    certificate = certified(world)
    session.add(
        Interest(
            person_id=world.hung.id,
            vendor_id=world.hat_nang.id,
            organisation="Hạt Nắng",
            kind=InterestKind.SHARES,
            since=clock.today(),
        )
    )
    session.commit()
    suspend(browser, world, certificate)
    assert told(app, world.hung) == []


@pytest.mark.parametrize(("action", "word"), [("withdraw", "thu hồi"), ("reinstate", "khôi phục")])
def test_a_proposal_is_told_too(app, world, session, browser, action, word):
    certificate = certified(world)
    if action == "reinstate":
        change = Change(*WHY.values(), "Vá.", "Mend it.", clock.today() + timedelta(days=20))
        event = certificates.suspend(session, world.giang, certificate.number, change)
        certificates.confirm(session, world.hung, certificate.number, event.number)
        session.commit()
    browser.sign_in(world.giang)
    page = f"/certificates/{certificate.number}"
    given = {"action": action, "why_vi": "Có lỗ hổng.", "why_en": "There is a hole."}
    assert browser.press(f"{page}/propose", page, **given).status_code == 302
    (letter,) = told(app, world.hung)
    assert word in letter.body


def test_what_the_committee_has_decided_waits_for_nobody(app, world):
    certificate = certified(world)
    decided(world, evaluated(world, certificate), measured(Measure.SUSPEND, certificate))
    assert told(app, world.hung) == []
