"""Who opened a company's evidence: its own people by name, the club's by what they were; the log misses nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from assessments.clock import now
from assessments.models import Evidence, EvidenceAccess, Participation
from assessments.people import Part
from assessments.states import State
from tests.counting import statements

ROOT = Path(__file__).parent.parent.parent
PROVEN = {  # what is read -> the test that asks for the row of its log
    "evidence": "registry/evidence/test_reading.py",
    "pages of evidence": "registry/evidence/test_viewer.py",
    "offline packs": "registry/reviews/test_packs.py",
    "test accounts": "registry/applications/test_trying_out.py",
    "exports": "registry/company/test_export.py",
    "case files": "registry/audit/test_cases.py",
    "contacts of complaints": "registry/complaints/test_complaints.py",
    "contacts of concerns": "registry/concerns/test_openings.py",
}
ASKS = ("EvidenceAccess", "TestAccessReading", "ExportReading", "CaseReading", "open_complaint_contact", "shown_at")


@pytest.mark.parametrize("path", PROVEN.values(), ids=PROVEN)
def test_each_kind_of_reading_has_its_test(path):
    assert any(word in (ROOT / path).read_text("utf-8") for word in ASKS)


@pytest.fixture
def piece(world):
    found = Evidence(
        vendor_id=world.hat_nang.id,
        kind="LAB",
        title="Báo cáo thử nghiệm",
        url="https://a.example/report",
        attested_by=world.an.id,
    )
    world.session.add(found)
    world.session.commit()
    return found


def read(world, piece, person, application=None, window=1, at=None):
    row = EvidenceAccess(
        evidence_id=piece.id,
        person_id=person.id,
        application_id=application.id if application else None,
        window=window,
        at=at or now(),
    )
    world.session.add(row)


def test_the_company_sees_who_by_role(world, piece, browser):
    application = world.application(State.IN_REVIEW)
    world.session.add(Participation(application_id=application.id, person_id=world.dung.id, part=Part.REVIEWER))
    read(world, piece, world.an)
    read(world, piece, world.dung, application)
    read(world, piece, world.chi, application)
    world.session.commit()
    browser.sign_in(world.anh)
    page = browser.get("/company/readings").text
    assert page.count("Báo cáo thử nghiệm") == 3
    assert "Nguyễn Thị An" in page
    assert "Người đánh giá" in page
    assert "Điều phối viên" in page
    for hidden in (world.dung.name, world.chi.name, str(world.dung.id)):
        assert hidden not in page
    assert 'href="/company/readings"' in browser.get("/company").text


def test_strangers_see_their_own_only(world, piece, browser):
    read(world, piece, world.an)
    world.session.commit()
    browser.sign_in(world.bao)
    assert "Chưa ai mở bằng chứng nào." in browser.get("/company/readings").text
    browser.sign_in(world.dung)
    assert browser.get("/company/readings").status_code == 404


def test_page_by_page_with_as_many_statements(app, world, piece, browser):
    for number in range(60):
        read(world, piece, world.an, window=number, at=now() - timedelta(hours=number))
    world.session.commit()
    browser.sign_in(world.an)
    browser.get("/company/readings")
    with statements(app) as many:
        first = browser.get("/company/readings").text
    with statements(app) as few:
        second = browser.get("/company/readings?page=2").text
    assert (first.count("Báo cáo thử nghiệm"), second.count("Báo cáo thử nghiệm")) == (50, 10)
    assert len(many) == len(few) <= 8
    assert "page=2" in first
    assert "page=3" not in second
    for strange in ("0", "-4", "x", "999999999999"):
        assert browser.get(f"/company/readings?page={strange}").status_code == 200
