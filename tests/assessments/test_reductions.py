"""Reducing what a certificate is for, by two deciders; and ending it at its company's wish."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import (
    CertificateEvent,
    CertificateRevision,
    HistoryEntry,
    Listing,
    ListingFacet,
    Surveillance,
)
from assessments.queries.certificates import events_of, status, waiting
from assessments.reductions import Reduction
from assessments.states import CertificateAction, CertificateStatus, CertificateStep, State
from tests.deciding import certified
from tests.surveying import begun, remaining

WHY = ("Bản iOS chưa chặn được.", "The iOS version does not block.")


def proposed(world, certificate, **less):
    change = Change(*WHY, reduction=remaining(certificate, **less))
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.REDUCE, change)
    world.session.commit()
    return event


def reduced(world, certificate, **less):
    event = proposed(world, certificate, **less)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    return world.again(certificate)


def facets(world, name):
    found = world.session.exec(select(ListingFacet).where(ListingFacet.facet == name)).all()
    return {one.value for one in found}


# --- reducing ---


def test_nothing_changes_before_the_second_person(world):
    certificate = certified(world)
    proposed(world, certificate, platforms=("android",))
    certificate = world.again(certificate)
    assert (certificate.revision, certificate.content["profile"]["platforms"]) == (1, ["android", "ios"])
    assert world.session.exec(select(CertificateRevision)).all() == []


def test_a_revision_keeps_the_content_before_and_after(world):
    certificate = certified(world)
    before = certificate.content
    certificate = reduced(world, certificate, platforms=("android",), ages=("7-11",))
    row = world.session.exec(select(CertificateRevision)).one()
    assert (certificate.revision, row.number, row.effective_on) == (2, 2, clock.today())
    assert (row.before, row.after) == (before, certificate.content)
    assert certificate.content["profile"]["ages"] == ["7-11"]
    assert status(certificate, clock.today()) is CertificateStatus.ACTIVE


def test_the_catalogue_follows_at_once(world):
    certificate = certified(world)
    assert facets(world, "platform") == {"android", "ios"}
    reduced(world, certificate, platforms=("android",))
    assert facets(world, "platform") == {"android"}
    assert world.session.exec(select(Listing)).one().content["profile"]["platforms"] == ["android"]


def test_a_second_reduction_is_another_revision(world):
    certificate = reduced(world, certified(world), platforms=("android",))
    certificate = reduced(world, certificate, ages=("7-11",))
    rows = world.session.exec(select(CertificateRevision).order_by(CertificateRevision.number)).all()
    assert [row.number for row in rows] == [2, 3]
    assert rows[0].after == rows[1].before


@pytest.mark.parametrize(
    "less",
    [
        {},
        {"platforms": ()},
        {"platforms": ("android", "windows")},
        {"ages": ("0-6",)},
        {"level": "L9"},
        {"level": "L2"},
    ],
)
def test_what_is_no_reduction(world, less):
    certificate = certified(world)
    with pytest.raises(Invalid):
        proposed(world, certificate, **less)


def test_an_empty_one_is_none_either(world):
    certificate = certified(world)
    with pytest.raises(Invalid):
        certificates.propose(
            world.session,
            world.giang,
            certificate.number,
            CertificateAction.REDUCE,
            Change(*WHY, reduction=Reduction()),
        )


def test_whoever_proposed_does_not_confirm(world):
    certificate = certified(world)
    event = proposed(world, certificate, platforms=("android",))
    with pytest.raises(NotAllowed):
        certificates.confirm(world.session, world.giang, certificate.number, event.number)


@pytest.mark.parametrize(("who", "refusal"), [("khanh", NotFound), ("bao", NotFound), ("chi", NotAllowed)])
def test_others_do_not_reduce(world, who, refusal):
    certificate = certified(world)
    change = Change(*WHY, reduction=remaining(certificate, platforms=("android",)))
    with pytest.raises(refusal):
        certificates.propose(world.session, getattr(world, who), certificate.number, CertificateAction.REDUCE, change)


# --- ending it at the company's wish ---


def test_the_owner_ends_it_at_once(world):
    certificate = certified(world)
    event = certificates.terminate(world.session, world.an, certificate.number, "Ngừng sản phẩm.")
    world.session.commit()
    assert status(world.again(certificate), clock.today()) is CertificateStatus.TERMINATED
    assert (event.action, event.decided_by, event.confirmed_by) == (CertificateAction.TERMINATE, world.an.id, None)
    assert waiting(events_of(world.session, certificate.id)) is None
    assert world.session.exec(select(Listing)).one().state.value == "terminated"
    last = world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq.desc())).first()
    assert last.action == CertificateStep.TERMINATE


@pytest.mark.parametrize(("who", "refusal"), [("bao", NotFound), ("anh", NotAllowed), ("giang", NotFound)])
def test_others_do_not_end_it(world, who, refusal):
    certificate = certified(world)
    with pytest.raises(refusal):
        certificates.terminate(world.session, getattr(world, who), certificate.number, "")


def test_it_ends_once(world):
    certificate = certified(world)
    certificates.terminate(world.session, world.an, certificate.number, "")
    with pytest.raises(WrongState):
        certificates.terminate(world.session, world.an, certificate.number, "")


def test_what_waits_about_it_is_closed(world):
    certificate = certified(world)
    suspension = Change(*WHY, "Sửa.", "Mend.", clock.today() + timedelta(days=30))
    certificates.suspend(world.session, world.giang, certificate.number, suspension)
    certificates.terminate(world.session, world.an, certificate.number, "")
    event = world.session.exec(select(CertificateEvent).where(CertificateEvent.number == 2)).one()
    assert event.dismissed_at is not None
    assert status(certificate, clock.today()) is CertificateStatus.TERMINATED


def test_a_running_surveillance_stops(world):
    certificate = certified(world)
    application = begun(world, certificate)
    certificates.terminate(world.session, world.an, certificate.number, "")
    assert world.again(application).state is State.WITHDRAWN
    assert world.session.exec(select(Surveillance)).one().ended_at is not None


def test_the_database_asks_for_a_second_person_of_everything_else(world):
    certificate = certified(world)
    for action in (CertificateAction.REDUCE, CertificateAction.WITHDRAW, CertificateAction.REINSTATE):
        event = CertificateEvent(
            certificate_id=certificate.id,
            number=2,
            action=action,
            decided_by=world.giang.id,
            effective_on=clock.today(),
        )
        world.session.add(event)
        with pytest.raises(IntegrityError):
            world.session.commit()
        world.session.rollback()
