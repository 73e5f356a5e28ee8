"""Everything back: asked for once, made by the worker whatever happens to it, whole, and without the club's secrets."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from assessments import answers, applications, clock, evidence, history, intake, questions
from assessments.clock import now
from assessments.models import (
    Answer,
    AnswerText,
    Application,
    ConsensusRemark,
    EvidenceAccess,
    Finding,
    HistoryEntry,
    Member,
    Note,
    Participation,
    Receipt,
    Recommendation,
    Score,
    StoredFile,
)
from assessments.people import MemberRole, Part
from assessments.queries.exported_evidence import readings
from assessments.queries.reviews import active
from assessments.states import Action, Event, PeopleEvent, RefusalReason, ScanState, Severity
from registry import db, jobs, notices, storage
from registry.company import exports
from registry.company.models import Export, ExportReading, ExportState
from registry.documents import takeaways
from registry.mail.models import Letter
from tests import appealing, evaluation
from tests.deciding import certified, in_decision
from tests.drafting import piece, ready
from tests.rows import letters, row, rows

PAGE = "/company/export"
REF = "HS-2026-0001"
SECRETS = ("Bí-mật-của-nhóm", "Ghi-chú-của-hội-đồng", "Phát-hiện-chưa-hỏi")


@pytest.fixture(autouse=True)
def canaries(world, session):
    """Names of the club's people that stand nowhere else."""
    for login in ("chi", "dung", "ha", "giang", "hung", "lan"):
        person = getattr(world, login)
        person.name = f"Chim-hoàng-yến-{login}"
        session.add(person)
    session.commit()


def stored(app, world, session, data=b"%PDF-1.4 kiem thu", name="Báo cáo độ lọc.pdf"):
    """A file of Hạt Nắng with its bytes in the storage."""
    with app.app_context(), storage.current().begin() as incoming:
        incoming.write(data)
        sha256, size = incoming.keep()
    file = StoredFile(
        vendor_id=world.hat_nang.id,
        sha256=sha256,
        size=size,
        media_type="application/pdf",
        name=name,
        uploaded_by=world.an.id,
    )
    session.add(file)
    session.commit()
    return piece(session, world, "Báo cáo", kind="LAB", file_id=file.id, url=None)


def asked(app, browser, world):
    """An has asked for everything."""
    browser.sign_in(world.an)
    assert browser.press(PAGE, PAGE).headers["Location"] == PAGE
    return row(app, select(Export).where(Export.state != ExportState.OVER))


def work(app):
    with app.app_context():
        jobs.turn()


def archive(app):
    """The finished archive, opened; every entry is compared with the manifest first."""
    export = row(app, select(Export).where(Export.state == ExportState.READY))
    with app.app_context():
        path = exports.EXPORTS.folder() / export.file_name
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size) == (export.sha256, export.size)
    opened = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    manifest = json.loads(opened.read("manifest.json"))
    assert {one["name"] for one in manifest["entries"]} == set(opened.namelist()) - {"manifest.json"}
    for one in manifest["entries"]:
        data = opened.read(one["name"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["size"], one["sha256"])
    return opened


def read(opened, name):
    return json.loads(opened.read(name))


def test_asked_for_made_told_and_taken(app, world, session, browser):
    kept = stored(app, world, session)
    session.commit()
    export = asked(app, browser, world)
    assert (export.state, export.requested_by) == (ExportState.WAITING, world.an.id)
    assert "Đang chuẩn bị, yêu cầu lúc" in browser.get(PAGE).text
    assert row(app, select(HistoryEntry).where(HistoryEntry.action == PeopleEvent.ASK_EXPORT)).actor_id == world.an.id

    work(app)
    (letter,) = [one for one in letters(app, world.an.email) if "sẵn sàng" in one.subject]
    assert "/company/export" in letter.body
    page = browser.get(PAGE).text
    assert f'href="{PAGE}/{export.id}"' in page
    answer = browser.get(f"{PAGE}/{export.id}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=hat-nang-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert hashlib.sha256(answer.data).hexdigest() == row(app, select(Export)).sha256
    part = browser.get(f"{PAGE}/{export.id}", headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.data) == (206, answer.data[:100])
    answer.close()
    part.close()
    assert row(app, select(ExportReading)).person_id == world.an.id
    assert world.an.name in browser.get(PAGE).text
    told = read(archive(app), "evidence.json")
    assert told[0]["file"]["entry"] == f"files/{kept.id}/Báo cáo độ lọc.pdf"
    assert archive(app).read(told[0]["file"]["entry"]) == b"%PDF-1.4 kiem thu"


def test_a_double_click_asks_once(app, world, browser):
    asked(app, browser, world)
    assert browser.press(PAGE, PAGE).status_code == 302
    assert len(rows(app, select(Export))) == 1
    work(app)
    work(app)
    assert [one.state for one in rows(app, select(Export))] == [ExportState.READY]


def test_not_too_often_a_day(app, world, browser):
    browser.sign_in(world.an)
    for _n in range(5):
        assert browser.press(PAGE, PAGE).status_code == 302
        work(app)
    assert browser.press(PAGE, PAGE).status_code == 429
    assert len(rows(app, select(Export))) == 5
    assert [one.state for one in rows(app, select(Export).where(Export.state != ExportState.OVER))] == ["ready"]
    with app.app_context():
        assert len(list(exports.EXPORTS.folder().iterdir())) == 1


def test_other_people_get_nothing(app, world, browser):
    export = asked(app, browser, world)
    work(app)
    path = f"{PAGE}/{export.id}"
    browser.sign_in(world.anh)  # a contributor
    assert [browser.get(one).status_code for one in (PAGE, path)] == [403, 403]
    assert browser.press(PAGE, "/account").status_code == 403
    browser.sign_in(world.bao)  # another company's owner
    assert browser.get(path).status_code == 404
    for person in (world.dung, world.chi, world.minh):
        browser.sign_in(person)
        assert [browser.get(one).status_code for one in (PAGE, path)] == [404, 404]
        assert browser.press(PAGE, "/account").status_code == 404
    browser.sign_in(world.an)
    assert browser.post(PAGE).status_code == 400
    assert rows(app, select(ExportReading)) == []


def test_everything_of_the_company_is_in_it_and_nothing_of_another(app, world, session, browser):
    application = ready(world)
    answer = session.exec(
        select(Answer).where(Answer.application_id == application.id, Answer.criterion == "HN-01")
    ).one()
    session.add(AnswerText(answer_id=answer.id, version=1, claim="Bản đầu tiên.", saved_by=world.anh.id))
    piece(session, world, "Của Bờ Tre", vendor_id=world.bo_tre.id)
    session.commit()
    asked(app, browser, world)
    work(app)
    opened = archive(app)
    assert read(opened, "company.json")["registration_number"] == "0100000001"
    assert {one["email"] for one in read(opened, "members.json")} == {world.an.email, world.anh.email}
    told = read(opened, f"applications/{application.ref}.json")
    assert told["profile"]["name_vi"] == "Đèn Nhà"
    assert told["answers"]["HN-01"]["texts"][0]["claim"] == "Bản đầu tiên."
    assert told["answers"]["HN-01"]["texts"][0]["saved_by"] == world.anh.name
    assert told["agreements"][0]["accepted_name"] == world.an.name
    assert [one["title"] for one in read(opened, "evidence.json")] == ["Báo cáo lọc nội dung"]
    assert all("Bờ Tre" not in opened.read(name).decode(errors="replace") for name in opened.namelist())


def secrets_of_reviews(session):
    """What reviewers write for the panel only."""
    for score in session.exec(select(Score)).all():
        score.panel_only, score.rationale = SECRETS[0], SECRETS[0]
        session.add(score)


def secrets_of_file(world, session, application):
    """Steps of the club's people with notes, a finding nobody has asked yet and one that was, and who read what."""
    for actor, action in (
        (world.chi, Action.ACCEPT),
        (world.dung, Action.FINISH_REVIEW),
        (world.ha, Event.DECLARE_NO_INTEREST),
        (world.giang, Action.SEND_BACK),
        (world.hung, Action.REJECT_PROPOSAL),
    ):
        history.record(session, actor, history.Step(action, note=SECRETS[1]), application)
    finding = {"application_id": application.id, "severity": Severity.MINOR, "raised_by": world.dung.id}
    session.add(Finding(criterion="HN-01", text=SECRETS[2], **finding))
    session.add(Finding(criterion="HN-02", text="Hỏi đơn vị.", correction_round=1, **finding))
    read_piece = piece(session, world, f"Của {application.ref}")
    for person, at in ((world.dung, application.id), (world.lan, application.id), (world.anh, None)):
        session.add(EvidenceAccess(evidence_id=read_piece.id, person_id=person.id, application_id=at, window=1))


def secrets_in_letters(world, session, seq):
    """Letters to An: one of the company's, one she got as a reviewer would, one with a secret of her account."""
    for event in (f"{seq}:reviewer_assigned:x", f"{seq}:submitted:y", "password_reset:Mã-bí-mật"):
        session.add(Letter(event=event, recipient=world.an.email, subject=event, body=f"Thư {event}"))


def test_no_name_of_the_club_no_score_and_no_word_of_a_panel(app, world, session, browser):
    certificate = certified(world)
    waiting = in_decision(world, "HS-2026-0002")
    secrets_of_reviews(session)
    secrets_of_file(world, session, waiting)
    secrets_of_file(world, session, session.get_one(Application, certificate.application_id))
    summary = session.get_one(Recommendation, waiting.id)
    summary.summary_vi = SECRETS[1]  # not sent to the vendor yet
    session.add(summary)
    seq = session.exec(select(HistoryEntry.seq).where(HistoryEntry.application_id == waiting.id)).first()
    secrets_in_letters(world, session, seq)
    session.commit()

    asked(app, browser, world)
    work(app)
    opened = archive(app)
    everything = "\n".join(opened.read(name).decode(errors="replace") for name in opened.namelist())
    hidden = (*SECRETS, "Chim-hoàng-yến", "Mã-bí-mật", "reviewer_assigned", "Lý do A của")
    assert [one for one in (*hidden, str(world.dung.id), str(world.hung.id)) if one in everything] == []
    told = read(opened, f"applications/{waiting.ref}.json")
    assert (told["decision"], told["public_summary"]) == (None, None)
    assert [one["text"] for one in told["findings"]] == ["Hỏi đơn vị."]
    assert {one["by"] for one in told["timeline"]["vi"]} == {"Câu lạc bộ", "Người đánh giá A"}
    readers = {json.dumps(one["by"], ensure_ascii=False) for one in read(opened, "evidence-readings.json")}
    assert readers == {'{"club": "reviewer"}', '{"club": "auditor"}', f'{{"company": "{world.anh.name}"}}'}
    assert [one["body"] for one in read(opened, "letters.json")] == [f"Thư {seq}:submitted:y"]
    decided = read(opened, "applications/HS-2026-0001.json")["decision"]
    assert decided["outcome"] == "certify"
    assert set(decided) == {"outcome", "level", "reasons", "decided_at", "conditions"}
    assert read(opened, "certificates.json")[0]["content"]["summary"]["vi"].startswith("Chặn tốt")


def test_questions_and_appeals_are_in_it_and_nothing_reviewers_wrote_for_themselves(app, world, session, browser):
    application = evaluation.in_review(world)
    asked_one = questions.ask(session, world.dung, application, "TN-05", "Máy nào?")
    questions.answer(session, world.an, application, asked_one.id, "Máy A54.")
    evaluation.score_all(world, world.dung, application, "4")  # with a record of a test of each
    review = next(one for one in active(session, application.id) if one.reviewer_id == world.dung.id)
    session.add(ConsensusRemark(application_id=application.id, review_id=review.id, criterion="TN-05", text=SECRETS[0]))
    page = piece(session, world, "Có ghi chú")
    session.add(Note(review_id=review.id, evidence_id=page.id, page=1, criterion="TN-05", text=SECRETS[1]))
    refused = evaluation.handed_in(world, ref="HS-2026-0002")
    intake.refuse(session, world.chi, refused, RefusalReason.OUT_OF_SCOPE, "Ngoài phạm vi.")
    appeal = appealing.lodged(world, refused)
    asked(app, browser, world)
    work(app)
    opened = archive(app)
    (told,) = read(opened, f"applications/{REF}.json")["asked"]
    letter = (told["reviewer"], told["text"], told["answer"], told["answered_by"])
    assert letter == (review.letter, "Máy nào?", "Máy A54.", world.an.name)
    (lodged,) = read(opened, "appeals.json")
    assert (lodged["number"], lodged["text"]) == (appeal.number, appealing.LODGING.text)
    everything = "".join(opened.read(name).decode(errors="replace") for name in opened.namelist())
    tested = evaluation.tested("TN-05")
    assert [one for one in (*SECRETS, "Chim-hoàng-yến", tested.steps, "Lý do của") if one in everything] == []


def test_whoever_hears_an_appeal_is_told_by_that(world, session):
    application = evaluation.in_review(world)
    session.add(Participation(application_id=application.id, person_id=world.hung.id, part=Part.HEARER))
    read_piece = piece(session, world, "Được đọc")
    session.add(
        EvidenceAccess(evidence_id=read_piece.id, person_id=world.hung.id, application_id=application.id, window=1)
    )
    session.commit()
    assert [one["by"] for one in readings(session, world.hat_nang.id, {})] == [{"club": "hearer"}]


def test_what_a_certificate_says_waits_for_its_announcement(app, world, session, browser):
    world.round.announce_on = clock.today() + timedelta(days=9)
    session.add(world.round)
    certificate = certified(world)
    midnight = clock.start_of_day(world.round.announce_on)
    found = []
    for moment in (midnight - timedelta(seconds=1), midnight):
        with clock.at(moment):
            asked(app, browser, world)
            work(app)
            opened = archive(app)
            found.append((read(opened, "certificates.json"), read(opened, f"applications/{REF}.json")))
            everything = "".join(opened.read(name).decode(errors="replace") for name in opened.namelist())
            assert (certificate.number in everything) is (moment == midnight)
            assert ("Quyết định cấp" in everything) is (moment == midnight)
        with app.app_context(), clock.at(moment), db.writing() as writing:
            exports.give_up(writing, world.hat_nang.id)
    (certificates_before, before), (certificates_after, after) = found
    assert (certificates_before, before["state"], before["decision"]) == ([], "in_decision", None)
    assert [(one["number"], one["status"]) for one in certificates_after] == [(certificate.number, "active")]
    assert (after["state"], after["decision"]["outcome"]) == ("certified", "certify")


def test_letters_about_results_and_deadlines_are_in_it(app, world, session, browser):
    with app.app_context():
        certificate = certified(world)
        notices.certificate_published(session, certificate)
        db.commit(session)
    asked(app, browser, world)
    work(app)
    told = read(archive(app), "letters.json")
    assert [one["application"] for one in told] == [REF]
    assert certificate.number in told[0]["body"]


def test_the_same_data_makes_the_same_bytes(app, world, session, browser):
    ready(world)
    stored(app, world, session)
    hashes = []
    for _n in range(2):
        browser.sign_in(world.an)
        browser.press(PAGE, PAGE)
        work(app)
        hashes.append(row(app, select(Export).where(Export.state == ExportState.READY)).sha256)
    assert hashes[0] == hashes[1]


def test_a_file_whose_bytes_are_gone_is_named_and_the_rest_is_packed(app, world, session, browser):
    kept = stored(app, world, session)
    sha256 = session.exec(select(StoredFile.sha256)).one()
    session.commit()
    with app.app_context():
        storage.current().remove(sha256)
    asked(app, browser, world)
    work(app)
    opened = archive(app)
    assert read(opened, "manifest.json")["missing"] == [f"files/{kept.id}/Báo cáo độ lọc.pdf"]
    assert "company.json" in opened.namelist()


# --- workers that die, and two at once ---


def test_what_a_dead_worker_left_is_made_by_another_and_only_once(app, world, browser):
    export = asked(app, browser, world)
    with app.app_context():
        left = exports.EXPORTS.hold()  # a worker takes it, writes a part and dies
        exports.EXPORTS.folder().mkdir(parents=True)
        (exports.EXPORTS.folder() / f"{left.file_name}.part").write_bytes(b"half")
        assert exports.make_all() == 0  # it is held
        with clock.at(now() + takeaways.HELD + timedelta(seconds=1)):
            assert exports.make_all() == 1
            assert exports.make_all() == 0
            exports.sweep()
        made = row(app, select(Export))
        assert (made.id, made.state, made.tries) == (export.id, ExportState.READY, 2)
        assert [one.name for one in exports.EXPORTS.folder().iterdir()] == [made.file_name]
    assert len([one for one in letters(app, world.an.email) if "sẵn sàng" in one.subject]) == 1


def test_a_slow_worker_that_lost_it_throws_its_own_away(app, world, browser):
    asked(app, browser, world)
    with app.app_context():
        slow = exports.EXPORTS.hold()
        with clock.at(now() + takeaways.HELD + timedelta(seconds=1)):
            assert exports.make_all() == 1
        assert exports.make(slow) is False
        made = row(app, select(Export))
        assert made.holder != slow.holder
        assert [one.name for one in exports.EXPORTS.folder().iterdir()] == [made.file_name]
        with clock.at(now() + takeaways.HELD), pytest.raises(takeaways.Lost):
            slow.say_alive()
    assert len([one for one in letters(app, world.an.email) if "sẵn sàng" in one.subject]) == 1


def test_a_worker_that_goes_on_holds_it_longer(app, world, browser):
    asked(app, browser, world)
    with app.app_context():
        hold = exports.EXPORTS.hold()
        before = row(app, select(Export)).held_until
        hold.say_alive()
        assert row(app, select(Export)).held_until == before
        with clock.at(now() + takeaways.SAY_SO_EVERY):
            hold.say_alive()
        assert row(app, select(Export)).held_until > before


def test_what_fails_again_and_again_is_given_up_and_said(app, world, browser, settings):
    asked(app, browser, world)
    with app.app_context():
        exports.EXPORTS.folder().parent.joinpath("exports").write_bytes(b"a file where the folder should be")
        for turn in range(takeaways.MOST_TRIES + 1):
            with clock.at(now() + turn * (takeaways.HELD + timedelta(seconds=1))):
                assert exports.make_all() == 0
    assert row(app, select(Export)).state is ExportState.FAILED
    page = browser.get(PAGE).text
    assert "chưa làm được" in page
    assert "Chuẩn bị dữ liệu" in page


def test_after_its_days_it_is_swept_and_cannot_be_taken(app, world, browser):
    export = asked(app, browser, world)
    work(app)
    with clock.at(now() + timedelta(days=takeaways.KEPT_DAYS + 1)):
        browser.sign_in(world.an)
        assert browser.get(f"{PAGE}/{export.id}").status_code == 404
        work(app)
    assert row(app, select(Export)).state is ExportState.OVER
    with app.app_context():
        assert list(exports.EXPORTS.folder().iterdir()) == []


def test_memory_stays_the_same_whatever_the_size(app, world, session, browser):
    with app.app_context(), storage.current().begin() as incoming:
        for number in range(24):
            incoming.write(bytes([number]) * 1024 * 1024)
        sha256, size = incoming.keep()
    file = StoredFile(
        vendor_id=world.hat_nang.id, sha256=sha256, size=size, media_type="x", name="a.bin", uploaded_by=world.an.id
    )
    session.add(file)
    session.commit()
    piece(session, world, "Bản dựng", kind="DEMO", file_id=file.id, url=None)
    asked(app, browser, world)
    tracemalloc.start()
    work(app)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert row(app, select(Export)).size > size
    assert most < 12 * 1024 * 1024


def test_who_asked_and_left_gets_no_letter(app, world, session, browser):
    asked(app, browser, world)
    with Session(app.extensions["engine"]) as other:
        other.get_one(Member, (world.hat_nang.id, world.an.id)).left_at = now()
        other.get_one(Member, (world.hat_nang.id, world.anh.id)).role = MemberRole.OWNER
        other.commit()
    work(app)
    assert [one for one in rows(app, select(Letter)) if "sẵn sàng" in one.subject] == []


# --- what the other parts keep beside an application ---


def test_texts_versions_and_receipts_are_in_it(app, world, session, browser):
    old = stored(app, world, session)
    application = ready(world, old, ref=REF)
    seen = applications.seen(application, ["version"])
    applications.save_profile(session, world.anh, application, {"version": "5.3"}, seen)
    link = piece(session, world, "Chính sách")
    answers.attach(session, world.anh, application, "HN-01", link)
    answers.detach(session, world.anh, application, "HN-01", link.id)
    applications.submit(session, world.an, application)
    session.commit()
    new = stored(app, world, session, b"%PDF-1.4 ban moi")
    evidence.replace(session, world.an, old.id, new)
    session.commit()
    work(app)
    asked(app, browser, world)
    work(app)
    opened = archive(app)
    told = read(opened, f"applications/{REF}.json")
    versions = [(one["content"]["version"], one["saved_by"]) for one in told["profile_texts"]["version"]]
    assert versions == [("5.2", world.an.name), ("5.3", world.anh.name)]
    moved = [(one["title"], one["attached"], one["by"]) for one in told["evidence_changes"]]
    assert moved == [("Chính sách", True, world.anh.name), ("Chính sách", False, world.anh.name)]
    pieces = {one["id"]: one for one in read(opened, "evidence.json")}
    assert (pieces[str(old.id)]["replaced_by"], pieces[str(new.id)]["replaced_by"]) == (str(new.id), None)
    assert (pieces[str(new.id)]["language"], pieces[str(new.id)]["audience"]) == ("vi", "club")
    kept = row(app, select(Receipt))
    assert hashlib.sha256(opened.read(f"receipts/{REF}-1.pdf")).hexdigest() == kept.sha256


@pytest.mark.parametrize("scan", [ScanState.WAITING, ScanState.QUARANTINED])
def test_what_the_scanner_has_not_passed_is_named_and_not_packed(app, world, session, browser, scan):
    evidence_id = stored(app, world, session).id
    file = session.exec(select(StoredFile)).one()
    file.scan = scan
    session.commit()
    asked(app, browser, world)
    work(app)
    opened = archive(app)
    entry = f"files/{evidence_id}/Báo cáo độ lọc.pdf"
    assert read(opened, "manifest.json")["missing"] == [entry]
    assert entry not in opened.namelist()
    assert read(opened, "evidence.json")[0]["file"]["scan"] == scan
    assert all(b"kiem thu" not in opened.read(name) for name in opened.namelist())
