"""Editions for new use: published, readable, and still what was published."""

import pytest

from assessments import editions
from assessments.errors import Invalid, WrongState
from criteria import store

EDITION = "vcsc-2026"


def test_publish_and_use(session, world):
    record = editions.publish(session, EDITION, by=world.minh.id)
    session.commit()
    assert record.published_by == world.minh.id
    assert editions.usable(session, EDITION) is store.load(EDITION)


def test_usable_without_a_record(session):
    assert editions.usable(session, EDITION) is store.load(EDITION)


def test_changed_edition_is_refused_for_new_use(session):
    editions.publish(session, EDITION, by=None).digest = "sha256:another"
    session.commit()
    with pytest.raises(WrongState) as refusal:
        editions.usable(session, EDITION)
    assert refusal.value.message == editions.CHANGED
    with pytest.raises(WrongState):
        editions.publish(session, EDITION, by=None)


def test_unknown_edition_is_refused(session):
    with pytest.raises(Invalid):
        editions.usable(session, "vcsc-1999")
    with pytest.raises(Invalid):
        editions.publish(session, "vcsc-1999", by=None)
