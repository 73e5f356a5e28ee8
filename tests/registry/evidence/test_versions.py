"""GET /evidence/<id> and its kin: facts, versions, where each is used, who of the club may open it, and what lapses."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from assessments import clock, evidence
from assessments.errors import NotFound
from assessments.models import (
    Answer,
    AnswerEvidence,
    Application,
    Declaration,
    Evidence,
    EvidenceWarning,
    Participation,
    Replacement,
    Review,
    StoredFile,
)
from assessments.people import Audience, Part
from assessments.queries import lapsing
from assessments.queries.answers import library_of
from assessments.states import CertificateState, State
from registry import jobs
from tests.conftest import Browser
from tests.listings import Shop
from tests.registry.evidence import desk, samples
from tests.rows import letters, rows
from tests.world import World


def replace(browser: Browser, old: Evidence, content: bytes = samples.PNG, name: str = "Mới.png") -> Any:
    """Send the next version of a piece."""
    return desk.send(browser, content, name, page=f"/evidence/new?replaces={old.id}", title="Chính sách mới")


def attached(app: Flask) -> set[tuple[Any, Any]]:
    """Which application uses which evidence."""
    question = select(Answer.application_id, AnswerEvidence.evidence_id).join(
        AnswerEvidence, AnswerEvidence.answer_id == Answer.id
    )
    return set(rows(app, question))


def test_a_new_version_replaces_the_old_in_drafts_only(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    old = desk.keep(app, session, world.an, title="Chính sách cũ")
    draft = world.application(ref="HS-2026-0001")
    locked = world.application(State.IN_REVIEW, ref="HS-2026-0002")
    for application in (draft, locked):
        desk.attach(session, application, old)
    desk.hand_in(session, locked, old)
    browser.sign_in(world.anh)
    assert 'value="Chính sách cũ"' in browser.get(f"/evidence/new?replaces={old.id}").text
    answer = replace(browser, old)
    assert (answer.status_code, answer.location) == (303, "/evidence")
    new = session.exec(select(Evidence).where(Evidence.id != old.id)).one()
    link = session.exec(select(Replacement)).one()
    session.commit()
    assert (link.old_id, link.new_id, link.replaced_by) == (old.id, new.id, world.anh.id)
    assert attached(app) == {(draft.id, new.id), (locked.id, old.id)}
    assert [piece.evidence.id for piece in library_of(session, world.hat_nang.id)] == [new.id]
    session.commit()
    library = browser.get("/evidence").text
    assert "Chính sách mới" in library
    assert "Chính sách cũ" not in library
    page = browser.get(f"/evidence/{new.id}").text
    assert "Bản hiện nay" in page
    assert re.search(r"Đang soạn:\s+<a [^>]+>TN-01 \(HS-2026-0001\)</a>", page)
    assert "Bản trước" in page
    assert re.search(r"Đang dùng:\s+<a [^>]+>TN-01 \(HS-2026-0002\)</a>", page)
    assert "Đã nộp: hồ sơ HS-2026-0002, lần 1" in page
    assert browser.get(f"/evidence/{old.id}/file", buffered=True).data == samples.PDF
    assert browser.get(f"/evidence/{old.id}").status_code == 404
    browser.sign_in(world.chi)
    assert browser.get(f"/evidence/HS-2026-0002/{old.id}", buffered=True).data == samples.PDF
    assert browser.get(f"/evidence/HS-2026-0002/{new.id}", buffered=True).status_code == 404


def test_a_correction_takes_new_versions_where_it_is_open(app: Flask, world: World, session: Session) -> None:
    old = desk.keep(app, session, world.an)
    application = world.application(State.CORRECTION, correction_round=1)
    desk.attach(session, application, old)
    new = desk.keep(app, session, world.an, samples.PNG)
    evidence.replace(session, world.an, old.id, new)
    session.commit()
    assert attached(app) == {(application.id, old.id)}  # no finding names the criterion


def test_a_version_is_replaced_once(app: Flask, browser: Browser, world: World, session: Session) -> None:
    old = desk.keep(app, session, world.an)
    browser.sign_in(world.an)
    url = desk.action(browser, f"/evidence/new?replaces={old.id}")
    assert replace(browser, old).status_code == 303
    assert browser.post(url, data=desk.filled(samples.TEXT, "a.txt")).status_code == 404
    assert len(rows(app, select(Evidence))) == 2
    with pytest.raises(NotFound):
        evidence.replace(session, world.an, old.id, desk.keep(app, session, world.an, samples.JPEG))


def test_others_replace_and_edit_nothing(app: Flask, browser: Browser, world: World, session: Session) -> None:
    old = desk.keep(app, session, world.an)
    for who in ("bao", "chi", "dung"):
        browser.sign_in(getattr(world, who))
        for path in (f"/evidence/{old.id}", f"/evidence/{old.id}/edit", f"/evidence/new?replaces={old.id}"):
            assert browser.get(path).status_code == 404
        assert browser.press(f"/evidence/{old.id}/edit", page="/account", title="x").status_code == 404
    browser.sign_in(world.an)
    assert browser.post(f"/evidence/{old.id}/edit", data={"title": "x"}).status_code == 400
    assert browser.get("/evidence/new?replaces=x").status_code == 404


def test_the_same_file_is_no_new_version(app: Flask, browser: Browser, world: World, session: Session) -> None:
    old = desk.keep(app, session, world.an)
    browser.sign_in(world.an)
    assert replace(browser, old, samples.PDF, "a.pdf").status_code == 422
    assert rows(app, select(Replacement)) == []


def test_removing_takes_the_versions_along(app: Flask, browser: Browser, world: World, session: Session) -> None:
    old = desk.keep(app, session, world.an)
    browser.sign_in(world.an)
    replace(browser, old)
    new = session.exec(select(Replacement.new_id)).one()
    session.commit()
    assert browser.press(f"/evidence/{new}/remove", page=f"/evidence/{new}/remove").status_code == 303
    assert rows(app, select(Evidence)) == rows(app, select(StoredFile)) == rows(app, select(Replacement)) == []
    assert desk.stored(app) == []


def test_a_version_that_was_handed_in_is_only_hidden(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    old = desk.keep(app, session, world.an)
    application = world.application(State.SUBMITTED)
    desk.hand_in(session, application, old)
    browser.sign_in(world.an)
    replace(browser, old)
    new = session.exec(select(Replacement.new_id)).one()
    session.commit()
    browser.press(f"/evidence/{new}/remove", page=f"/evidence/{new}/remove")
    left = rows(app, select(Evidence))
    assert [(one.id, one.removed_at is not None) for one in left] == [(old.id, True)]
    assert browser.get(f"/evidence/HS-2026-0001/{old.id}", buffered=True).data == samples.PDF


FACTS = {
    "title": "Báo cáo 2026",
    "kind": "LAB",
    "issued_on": "2026-01-02",
    "valid_until": "2027-01-02",
    "language": "en",
    "audience": "reviewers",
}


def test_facts_are_edited(app: Flask, browser: Browser, world: World, session: Session) -> None:
    found = desk.keep(app, session, world.an)
    browser.sign_in(world.anh)
    place = f"/evidence/{found.id}/edit"
    answer = browser.press(place, page=place, **FACTS)
    assert (answer.status_code, answer.location) == (303, f"/evidence/{found.id}")
    now = world.again(found)
    assert (now.title, now.kind, now.language, now.audience) == ("Báo cáo 2026", "LAB", "en", Audience.REVIEWERS)
    assert (str(now.issued_on), str(now.valid_until), now.attested_by) == ("2026-01-02", "2027-01-02", world.an.id)
    session.commit()
    page = browser.get(f"/evidence/{found.id}").text
    assert "Tiếng Anh" in page
    assert "Nguyễn Thị An cam đoan không có dữ liệu của trẻ em thật" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Nhập tên bằng chứng."),
        ({"kind": "X"}, "Lựa chọn này không còn trong danh sách."),
        ({"valid_until": "2025-01-01"}, "Ngày hết hạn phải từ ngày lập trở đi."),
        ({"language": "fr"}, "Lựa chọn này không còn trong danh sách."),
        ({"audience": "everybody"}, "Lựa chọn này không còn trong danh sách."),
    ],
)
def test_facts_that_cannot_be_come_back(
    app: Flask, browser: Browser, world: World, session: Session, fields: dict[str, str], sentence: str
) -> None:
    found = desk.keep(app, session, world.an)
    browser.sign_in(world.an)
    place = f"/evidence/{found.id}/edit"
    answer = browser.press(place, page=place, **{**FACTS, **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert world.again(found).title == "Chính sách"


def test_language_and_audience_come_with_the_file(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    desk.send(browser, language="other", audience="reviewers")
    assert rows(app, select(Evidence.language, Evidence.audience)) == [("other", Audience.REVIEWERS)]


@pytest.mark.parametrize(
    ("who", "status"), [("an", 200), ("dung", 200), ("lan", 200), ("chi", 403), ("ha", 403), ("bao", 404)]
)
def test_what_is_for_reviewers_the_office_does_not_open(
    app: Flask, browser: Browser, world: World, session: Session, who: str, status: int
) -> None:
    piece = desk.keep(app, session, world.an, audience=Audience.REVIEWERS)
    page = desk.link(session, world.an)
    page.audience = Audience.REVIEWERS
    session.add(page)
    application = world.application(State.IN_REVIEW)
    desk.hand_in(session, application, piece)
    for letter, person in (("A", world.dung), ("B", world.ha)):
        session.add(Participation(application_id=application.id, person_id=person.id, part=Part.REVIEWER))
        session.flush()
        session.add(Review(application_id=application.id, reviewer_id=person.id, letter=letter, due_at=clock.now()))
    session.add(Participation(application_id=application.id, person_id=world.lan.id, part=Part.AUDITOR))
    for person in (world.dung, world.lan):
        session.add(Declaration(application_id=application.id, person_id=person.id, has_interest=False))
    session.commit()
    browser.sign_in(getattr(world, who))
    answer = browser.get(f"/evidence/HS-2026-0001/{piece.id}", buffered=True)
    assert answer.status_code == status
    assert (answer.data == samples.PDF) is (status == 200)
    if who == "chi":
        assert "Đơn vị chỉ cho người đánh giá và hội đồng mở bằng chứng này." in answer.text


def test_the_library_is_searched(app: Flask, browser: Browser, world: World, session: Session) -> None:
    day = clock.today()
    used = desk.keep(app, session, world.an, title="Đường dây nóng", kind="LAB", valid_until=day + timedelta(days=5))
    desk.keep(app, session, world.an, samples.PNG, title="Ảnh chụp", kind="SHOT", name="man-hinh.png")
    desk.attach(session, world.application(), used)
    browser.sign_in(world.an)

    def shown(query: str) -> list[str]:
        return re.findall(r'<a href="/evidence/[0-9a-f-]{36}">([^<]+)</a>', browser.get(f"/evidence?{query}").text)

    assert shown("") == ["Ảnh chụp", "Đường dây nóng"]
    assert shown("q=duong") == ["Đường dây nóng"]
    assert shown("q=man-hinh") == ["Ảnh chụp"]
    assert shown("kind=SHOT") == ["Ảnh chụp"]
    assert shown("state=unused") == ["Ảnh chụp"]
    assert shown("state=lapsing") == ["Đường dây nóng"]
    assert shown("state=lapsing&kind=SHOT") == []
    assert shown("state=nonsense") == ["Ảnh chụp", "Đường dây nóng"]
    assert "Bỏ bớt điều kiện tìm." in browser.get("/evidence?q=khongco").text


def test_the_answer_warns_of_what_lapses(app: Flask, browser: Browser, world: World, session: Session) -> None:
    day = clock.today()
    application = world.application()
    desk.attach(session, application, desk.keep(app, session, world.an, valid_until=day - timedelta(days=1)))
    browser.sign_in(world.an)
    assert "đã hết hạn, cần bản mới" in browser.get("/applications/HS-2026-0001/criteria/TN-01").text
    assert "1 bằng chứng đang dùng sắp hết hạn hoặc đã hết hạn." in browser.get("/evidence").text


def test_owners_are_told_once_before_and_once_after(app: Flask, world: World, session: Session) -> None:
    day = clock.today()
    found = desk.keep(app, session, world.an, title="Giấy phép", valid_until=day + timedelta(days=30))
    desk.keep(app, session, world.an, samples.PNG, title="Không dùng", valid_until=day)
    later = desk.keep(app, session, world.an, samples.JPEG, title="Còn lâu", valid_until=day + timedelta(days=31))
    application = world.application()
    desk.attach(session, application, found)
    answer = session.exec(select(AnswerEvidence.answer_id)).one()
    session.add(AnswerEvidence(answer_id=answer, evidence_id=later.id))
    session.commit()
    with app.app_context():
        for _ in range(2):
            jobs.turn()
        assert [one.subject for one in letters(app, "an@hatnang.example")] == ["Bằng chứng sắp hết hạn: Giấy phép"]
        assert letters(app, "anh@hatnang.example") == []
        with clock.at(clock.now() + timedelta(days=31)):
            jobs.turn()
            jobs.turn()
    told = [one.subject for one in letters(app, "an@hatnang.example")]
    assert told == ["Bằng chứng sắp hết hạn: Giấy phép", "2 bằng chứng sắp hết hạn hoặc đã hết hạn"]
    assert set(rows(app, select(EvidenceWarning.evidence_id, EvidenceWarning.stage))) == {
        (found.id, "expiring"),
        (found.id, "expired"),
        (later.id, "expiring"),
    }


def test_nobody_is_told_of_what_is_over_or_replaced(app: Flask, world: World, session: Session) -> None:
    day = clock.today()
    old = desk.keep(app, session, world.an, valid_until=day)
    desk.attach(session, world.application(State.WITHDRAWN), old)
    assert lapsing.due(session, day) == []
    desk.attach(session, world.application(State.IN_REVIEW, ref="HS-2026-0002"), old)
    assert [one.title for one in lapsing.due(session, day)] == ["Chính sách"]
    evidence.replace(session, world.an, old.id, desk.keep(app, session, world.an, samples.PNG))
    session.commit()
    assert lapsing.due(session, day) == []


def test_evidence_of_a_running_certificate_is_watched(app: Flask, world: World, session: Session) -> None:
    day = clock.today()
    piece = desk.keep(app, session, world.an, valid_until=day)
    certificate = Shop(world).publish()
    desk.attach(session, session.get_one(Application, certificate.application_id), piece)
    assert [one.evidence_id for one in lapsing.due(session, day)] == [piece.id]
    certificate.state = CertificateState.WITHDRAWN
    session.add(certificate)
    session.commit()
    assert lapsing.due(session, day) == []
