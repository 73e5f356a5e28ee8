"""The procedure, from a draft to a listing, on real products with their real public evidence."""

import pytest
from sqlmodel import select

from assessments.certificates import status
from assessments.clock import today
from assessments.models import Certificate, HistoryEntry, Listing, Participation, Submission
from assessments.queries import catalogue
from assessments.states import CertificateStatus, State
from tests import real_products

PRODUCTS = real_products.load()


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_a_real_product_goes_the_whole_way(world, product):
    decision = real_products.carry(world, product)
    world.session.commit()

    certificate = world.session.exec(select(Certificate)).one()
    assert certificate.decision_id == decision.id
    assert status(certificate, today()) is CertificateStatus.ACTIVE
    submission = world.session.exec(select(Submission)).one()
    assert certificate.submission_digest == submission.digest
    links = {one["url"] for answer in submission.content["answers"].values() for one in answer["evidence"]}
    assert links == set(product.links)
    listing = world.session.exec(select(Listing)).one()
    assert (listing.number, listing.content["profile"]["name_vi"]) == (certificate.number, product.name)


def test_the_way_is_written_down_and_nobody_had_two_parts(world):
    real_products.carry(world, PRODUCTS["cboard"])
    world.session.commit()

    steps = [entry.to_state for entry in world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()]
    moves = [state for state in dict.fromkeys(steps) if state]
    assert moves == [
        State.DRAFT,
        State.SUBMITTED,
        State.ACCEPTED,
        State.IN_REVIEW,
        State.CONSENSUS,
        State.IN_DECISION,
        State.CERTIFIED,
    ]
    parts = {row.person_id: row.part.value for row in world.session.exec(select(Participation)).all()}
    assert parts == {
        world.chi.id: "coordinator",
        world.dung.id: "reviewer",
        world.ha.id: "reviewer",
        world.giang.id: "proposer",
        world.hung.id: "confirmer",
    }


def test_a_parent_finds_it_without_accents(world):
    real_products.carry(world, PRODUCTS["storyweaver"])
    world.session.commit()
    by_name = catalogue.search(world.session, catalogue.Search(text="storyw"), today())
    assert [one.slug for one in by_name.cards] == ["storyweaver"]
