"""What fsck says of surveillance, change notices, changes of scope, endings and editions that do not fit."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from assessments import certificates, change_notices, clock
from assessments.change_notices import Judged, Told
from assessments.lifecycle import ChangeSize, Measure
from assessments.models import (
    CertificateRevision,
    ChangeNotice,
    EditionPublication,
    Surveillance,
)
from assessments.recourse import Ruling
from assessments.states import CertificateState, ChangeKind
from registry import fsck
from registry.certificates.checks import lasting
from tests import appealing
from tests.deciding import certified
from tests.surveying import begun, decided, evaluated, measured


def found(session):
    session.expire_all()
    return list(lasting(session))


def test_it_is_one_of_the_checks():
    assert lasting in fsck.CHECKS


def test_a_life_by_the_rules_is_sound(world):
    others = appealing.others(world)
    application, certificate = appealing.reduced(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    decided(world, evaluated(world, certificate), measured(Measure.REDUCE, certificate, platforms=("android",)))
    told = Told((ChangeKind.DATA,), clock.today(), "Gửi dữ liệu đi nơi khác.")
    notice = change_notices.give(world.session, world.an, certificate.number, told)
    judged = Judged(ChangeSize.MAJOR, "Đổi cách dùng dữ liệu.", clock.today() + timedelta(days=20))
    change_notices.judge(world.session, world.chi, certificate.number, notice.number, judged)
    certificates.terminate(world.session, world.an, certificate.number, "Ngừng bán.")
    world.session.commit()
    assert found(world.session) == []


def test_a_state_that_nobody_decided(world):
    certificate = certified(world)
    certificate.state = CertificateState.WITHDRAWN
    world.session.commit()
    assert f"{certificate.number} is withdrawn, its decisions make it active." in found(world.session)


def test_a_scope_that_nobody_decided(world):
    _application, certificate = appealing.reduced(world)
    facts = {**certificate.content["profile"], "platforms": ["android", "ios"]}
    certificate.content = {**certificate.content, "profile": facts}
    world.session.add(certificate)
    world.session.commit()
    assert found(world.session) == [f"Revision 2 of {certificate.number} does not say what came after it."]


def test_a_revision_that_is_lost(world):
    _application, certificate = appealing.reduced(world)
    world.session.delete(world.session.exec(select(CertificateRevision)).one())
    world.session.commit()
    assert found(world.session) == [
        f"{certificate.number} is at revision 2 and has 0 changes of scope.",
        f"The changes of scope of {certificate.number} are not those that were decided.",
    ]


def test_an_end_that_was_not_the_companys(world):
    certificate = certified(world)
    event = certificates.terminate(world.session, world.an, certificate.number, "")
    event.decided_by = world.giang.id
    world.session.commit()
    assert found(world.session) == [f"{certificate.number} was ended by somebody who never belonged to its company."]


def test_criteria_that_no_seed_draws(world):
    certificate = certified(world)
    application = begun(world, certificate)
    application.asked = application.asked[1:]
    world.session.add(application)
    world.session.commit()
    assert found(world.session) == [
        f"Surveillance 1 of {certificate.number} asks for other criteria than its seed draws."
    ]


def test_a_measure_without_its_decision(world):
    certificate = certified(world)
    decided(world, evaluated(world, certificate), measured(Measure.KEEP, certificate))
    one = world.session.exec(select(Surveillance)).one()
    one.measure = Measure.SUSPEND
    world.session.commit()
    assert found(world.session) == [
        f"Surveillance 1 of {certificate.number} led to suspend, and nothing was decided so on that day."
    ]


@pytest.mark.parametrize("lost", ["surveillance", "vendor"])
def test_notices_that_do_not_fit(world, lost):
    certificate = certified(world)
    told = Told((ChangeKind.DATA,), clock.today(), "Gửi dữ liệu đi nơi khác.")
    notice = change_notices.give(world.session, world.an, certificate.number, told)
    judged = Judged(ChangeSize.MAJOR, "Đổi cách dùng dữ liệu.", clock.today() + timedelta(days=20))
    change_notices.judge(world.session, world.chi, certificate.number, notice.number, judged)
    notice = world.session.exec(select(ChangeNotice)).one()
    if lost == "vendor":
        notice.vendor_id = world.bo_tre.id
    else:
        world.session.exec(select(Surveillance)).one().notice_id = None
    world.session.commit()
    name = f"Change notice 1 about {certificate.number}"
    said = {
        "vendor": f"{name} is another company's.",
        "surveillance": f"{name} is about a major change, and no surveillance was planned because of it.",
    }
    assert found(world.session) == [said[lost]]


def test_an_edition_whose_files_have_changed(world):
    publication = world.session.exec(select(EditionPublication)).first()
    world.session.execute(text("UPDATE edition_publication SET digest = 'sha256:0'"))
    world.session.commit()
    assert found(world.session) == [f"The files of edition {publication.edition_id} are not those that were published."]


def test_an_edition_that_one_person_published(world):
    publication = world.session.exec(select(EditionPublication)).first()
    publication.proposed_by, publication.published_by = world.chi.id, world.giang.id
    world.session.commit()
    assert found(world.session) == [
        f"Edition {publication.edition_id} was published without a proposal that two people agreed on."
    ]
