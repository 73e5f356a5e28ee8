"""What a company leaves behind when its account is closed: texts, versions, files under way, test accounts."""

import hashlib

from sqlmodel import select

from assessments import answers, applications, clock, evidence, renewals, test_access
from assessments.answers import Draft
from assessments.evidence import Facts
from assessments.models import (
    Answer,
    AnswerEvidence,
    AnswerText,
    Basis,
    Confirmation,
    Evidence,
    EvidenceAccess,
    EvidenceChange,
    EvidenceWarning,
    ProfileText,
    Receipt,
    Replacement,
    StoredFile,
    Submission,
    TestAccess,
    TestAccessReading,
    Upload,
)
from assessments.queries.renewals import later_of
from assessments.states import ScanState
from assessments.test_access import Account, Contents
from registry import fsck, jobs, sealed, storage
from tests.drafting import ready
from tests.registry.evidence import desk, samples, sender
from tests.renewing import answered_certificate, begun
from tests.rows import row, rows

PAGE = "/company/close"
NAME = "Công ty CP Hạt Nắng"
DRAFT_TABLES = (Basis, Confirmation, ProfileText, TestAccess, TestAccessReading)


def close(browser):
    assert browser.press(PAGE, PAGE, name=NAME).headers["Location"] == "/company/closed"


def sound(app):
    with app.app_context():
        return list(fsck.findings(fsck.Asked()))


def of(found):
    """The digest of bytes."""
    return hashlib.sha256(found).hexdigest()


def piece_of(app, world, content, title):
    return desk.keep(app, world.session, world.an, content, title=title)


def test_a_renewal_that_was_only_a_draft_leaves_no_text(app, world, session, browser):
    certificate = answered_certificate(world)
    renewal = begun(world, certificate)
    renewals.confirm(session, world.an, renewal, later_of(session, renewal).again[0].code)
    answers.save(session, world.an, renewal, "HN-01", Draft("Chữ mới của chúng tôi.", version=1))
    link = session.exec(select(Evidence)).first()
    answers.detach(session, world.an, renewal, "HN-01", link.id)
    seen = applications.seen(renewal, ["version"])
    applications.save_profile(session, world.an, renewal, {"version": "6.0"}, seen)
    with app.app_context():
        given = Account("Tài khoản thử", Contents(password="chim-yen"))
        ring = sealed.ring(sealed.TEST_ACCESS)
        account = test_access.add(session, world.an, renewal, given, ring.seal)
        session.flush()
        test_access.reveal(session, world.an, renewal, account.id, ring.open)
    session.commit()
    assert all(rows(app, select(table)) for table in (*DRAFT_TABLES, EvidenceChange))

    browser.sign_in(world.an)
    close(browser)
    assert [table.__name__ for table in (*DRAFT_TABLES, EvidenceChange) if rows(app, select(table))] == []
    assert rows(app, select(Answer).where(Answer.application_id == renewal.id)) == []
    kept = rows(app, select(AnswerText).join(Answer).where(Answer.application_id == certificate.application_id))
    assert len(kept) > 20
    assert world.again(renewal).profile == {}
    session.commit()
    assert [one for one in sound(app) if renewal.ref in one] == []


def test_versions_of_evidence_go_but_for_the_one_that_was_handed_in(app, world, session, browser):
    handed, newer, newest = (piece_of(app, world, b"%PDF " + bytes([n]), f"Bản {n}") for n in (1, 2, 3))
    submitted = ready(world, handed, ref="HS-2026-0002")
    applications.submit(session, world.an, submitted)
    session.commit()
    evidence.replace(session, world.an, handed.id, newer)
    evidence.replace(session, world.an, newer.id, newest)
    draft = world.application(ref="HS-2026-0003")
    answers.attach(session, world.an, draft, "HN-01", newest)
    session.add(EvidenceWarning(evidence_id=newest.id, stage="expired", valid_until=clock.today()))
    session.add(EvidenceAccess(evidence_id=newest.id, person_id=world.an.id, window=1))
    session.commit()
    browser.sign_in(world.an)
    close(browser)
    assert [one.id for one in rows(app, select(Evidence))] == [handed.id]
    assert (
        rows(app, select(Replacement)) == rows(app, select(EvidenceWarning)) == rows(app, select(EvidenceAccess)) == []
    )
    assert {one.evidence_id for one in rows(app, select(AnswerEvidence))} == {handed.id}
    with app.app_context():
        names = set(storage.current().names())
        jobs.turn()
        receipt = row(app, select(Receipt))
        assert set(storage.current().names()) == {of(b"%PDF \x01"), receipt.sha256}
    assert names == {of(b"%PDF \x01")}
    assert row(app, select(Submission)).application_id == submitted.id
    assert sound(app) == []


def test_a_file_in_quarantine_stays_for_the_office_until_its_time(app, world, session, browser):
    found = piece_of(app, world, samples.TEXT, "Có hại")
    file = session.get_one(StoredFile, found.file_id)
    file.scan, file.signature, file.scanned_at = ScanState.QUARANTINED, "Eicar", clock.now()
    draft = world.application()
    answers.attach(session, world.an, draft, "HN-01", found)
    session.commit()
    browser.sign_in(world.an)
    close(browser)
    assert row(app, select(Evidence)).removed_at is not None
    assert rows(app, select(AnswerEvidence)) == []
    assert row(app, select(StoredFile)).scan is ScanState.QUARANTINED
    with app.app_context():
        assert storage.current().exists(of(samples.TEXT))
    assert sound(app) == []


def test_uploads_under_way_end_at_once_and_the_worker_takes_their_bytes(app, world, browser):
    browser.sign_in(world.anh)
    half = sender.begun(browser)
    sender.patch(browser, half, sender.CONTENT[:50_000])
    whole = sender.begun(browser, len(samples.PDF))
    sender.patch(browser, whole, samples.PDF)
    owner = app.test_client()
    owner.sign_in(world.an)
    close(owner)
    assert sender.patch(browser, half, sender.CONTENT[50_000:], 50_000).status_code in {403, 404}
    assert {one.received for one in rows(app, select(Upload))} == {50_000, len(samples.PDF)}
    with app.app_context():
        jobs.turn()
        assert list(storage.current().unfinished.begun()) == []
    assert rows(app, select(Upload)) == []
    assert desk.stored(app) == []
    assert sound(app) == []


def test_a_piece_edited_meanwhile_stays_gone(app, world, session, browser):
    found = piece_of(app, world, samples.PDF, "Bản nháp")
    evidence.edit(session, world.an, world.hat_nang.id, found.id, Facts("DOC", "Tên mới"))
    session.commit()
    browser.sign_in(world.an)
    close(browser)
    assert rows(app, select(Evidence)) == rows(app, select(StoredFile)) == []
