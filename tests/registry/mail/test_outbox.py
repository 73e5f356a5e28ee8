"""Letters: written once with the change, rendered in the reader's language, and tried again with patience."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from assessments import clock
from registry import db
from registry.mail import outbox
from registry.mail.models import Letter

TEMPLATES = Path(__file__).parents[3] / "templates" / "mail"
MAIL = outbox.Mail(
    event="1:office_submitted:chi",
    recipient="chi@club.example",
    language="vi",
    template="office_submitted",
    values={"name": "Phạm Linh Chi", "ref": "HS-2026-0001", "date": clock.today(), "url": "https://x.example/a"},
)


@pytest.fixture
def context(app):
    with app.app_context():
        yield app


def test_a_letter_is_written_in_vietnamese_with_its_frame(context, session):
    letter = outbox.write(session, MAIL)
    session.commit()

    assert letter.subject == "Hồ sơ HS-2026-0001 chờ kiểm tra"
    assert letter.body.startswith("Kính gửi anh/chị Phạm Linh Chi,\n")
    assert "https://x.example/a" in letter.body
    assert letter.body.rstrip().endswith("Câu lạc bộ không bao giờ hỏi mật khẩu qua thư.")


def test_the_same_event_is_told_once(context, session):
    outbox.write(session, MAIL)
    assert outbox.write(session, MAIL) is None
    session.commit()
    assert len(session.exec(select(Letter)).all()) == 1


def test_a_letter_of_a_change_that_fails_is_never_sent(context, session):
    outbox.write(session, MAIL)
    session.rollback()
    assert session.exec(select(Letter)).all() == []


def test_every_letter_exists_in_both_languages_and_begins_with_its_subject():
    names = {path.name.split(".")[0] for path in TEMPLATES.glob("*.txt")}
    assert {path.name for path in TEMPLATES.glob("*.txt")} == {
        f"{n}.{lang}.txt" for n in names for lang in ("vi", "en")
    }
    for path in TEMPLATES.glob("*.txt"):
        if not path.name.startswith("frame."):
            first, second, *_ = path.read_text("utf-8").split("\n")
            assert first.startswith("Subject: "), path.name
            assert second == "", path.name


def test_no_subject_tells_a_result_or_a_product():
    for path in TEMPLATES.glob("*.txt"):
        subject = path.read_text("utf-8").split("\n")[0]
        assert "product" not in subject, path.name
        assert "level" not in subject, path.name


def test_a_failure_waits_longer_each_time_and_ends_after_a_day(context, session):
    letter = outbox.write(session, MAIL)
    waits = []
    while letter.given_up_at is None:
        with clock.at(letter.due_at):
            outbox.failed(letter, OSError("no route to host"))
            waits.append(letter.due_at - clock.now())

    assert waits[:5] == list(outbox.BACKOFF)
    assert sum(waits, timedelta()) > outbox.GIVE_UP_AFTER
    assert letter.last_error == "OSError: no route to host"


def test_what_is_due_comes_oldest_first_and_sent_letters_rest(context, session):
    first = outbox.write(session, MAIL)
    second = outbox.write(session, outbox.Mail("2:x", "a@b.example", "en", "office_submitted", MAIL.values))
    second.due_at = first.due_at + timedelta(milliseconds=1)
    db.commit(session)
    with clock.at(clock.now() + timedelta(seconds=5)):
        assert [one.event for one in outbox.due(session)] == [MAIL.event, "2:x"]
        outbox.sent(first)
        session.commit()
        assert [one.event for one in outbox.due(session)] == ["2:x"]
