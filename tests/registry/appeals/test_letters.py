"""Who is written to about an appeal, and that a company hears of what happens to its certificate at all."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from assessments import clock
from registry import db, jobs
from registry.mail.models import Letter
from tests import appealing


def letters(world):
    with Session(world.session.get_bind().execution_options(reading=True)) as session:
        return list(session.exec(select(Letter).order_by(Letter.written_at)))


@pytest.mark.parametrize(("made", "word"), [("suspended", "tạm đình chỉ"), ("withdrawn", "thu hồi")])
def test_the_company_learns_of_a_suspension_and_how_to_appeal(app, world, made, word):
    with app.test_request_context():
        session = world.session
        _, certificate = getattr(appealing, made)(
            world
        )  # by the verbs: the letters of its steps are still to be written
        entries = session.info.get("history", [])
        assert entries != []
        db.commit(session)
    found = [one for one in letters(world) if certificate.number in one.subject]
    assert {one.recipient for one in found} == {"an@hatnang.example"}
    assert [one for one in found if word in one.body and "yêu cầu xem xét lại trong 30 ngày" in one.body] != []


def test_hearers_and_office_are_reminded_once(app, world):
    others = appealing.others(world)
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    with app.app_context():
        with clock.at(appeal.decide_by - timedelta(days=6)):
            assert (jobs.remind_of_appeals(), jobs.remind_of_appeals()) == (1, 0)
        with clock.at(appeal.decide_by + timedelta(hours=1)):
            assert (jobs.remind_of_appeals(), jobs.remind_of_appeals()) == (1, 0)
    told = [
        (one.subject, one.recipient) for one in letters(world) if "Nhắc:" in one.subject or "Quá hạn" in one.subject
    ]
    assert sorted(told) == sorted(
        [
            (f"Nhắc: yêu cầu {appeal.number}", "phuc@club.example"),
            (f"Nhắc: yêu cầu {appeal.number}", "mai@club.example"),
            (f"Quá hạn: yêu cầu {appeal.number}", "phuc@club.example"),
            (f"Quá hạn: yêu cầu {appeal.number}", "mai@club.example"),
            (f"Quá hạn: yêu cầu {appeal.number}", "chi@club.example"),
            (f"Quá hạn: yêu cầu {appeal.number}", "thao@club.example"),
        ]
    )
