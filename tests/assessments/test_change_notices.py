"""What vendors say has changed, how the office judges it, and what follows from a major change."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import change_notices, clock
from assessments.change_notices import Judged, Told
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.lifecycle import ChangeSize, Trigger
from assessments.models import ChangeNotice, HistoryEntry, Surveillance
from assessments.queries import change_notices as questions
from assessments.states import CertificateStep, ChangeKind, Kind, State
from tests.deciding import certified
from tests.renewing import answered_certificate
from tests.renewing import begun as begun_later

DAY = timedelta(days=1)


def told(**other):
    found = {"changes": {ChangeKind.DATA}, "effective_on": clock.today(), "text": "Giữ lịch sử thêm 7 ngày."}
    return Told(**{**found, **other})


def given(world, certificate):
    notice = change_notices.give(world.session, world.an, certificate.number, told())
    world.session.commit()
    return notice


def judged(world, certificate, size=ChangeSize.MAJOR, days=30):
    notice = given(world, certificate)
    apply_by = clock.today() + timedelta(days=days)
    change_notices.judge(
        world.session, world.chi, certificate.number, notice.number, Judged(size, "Dữ liệu của trẻ.", apply_by)
    )
    world.session.commit()
    return notice


def test_the_owner_tells(world):
    certificate = certified(world)
    notice = given(world, certificate)
    assert (notice.number, notice.changes, notice.size, notice.given_by) == (1, ["data"], None, world.an.id)
    last = world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq.desc())).first()
    assert (last.action, last.certificate_id) == (CertificateStep.GIVE_CHANGE_NOTICE, certificate.id)


@pytest.mark.parametrize(("who", "refusal"), [("bao", NotFound), ("anh", NotAllowed), ("chi", NotFound)])
def test_others_do_not_tell(world, who, refusal):
    certificate = certified(world)
    with pytest.raises(refusal):
        change_notices.give(world.session, getattr(world, who), certificate.number, told())


@pytest.mark.parametrize(
    "wrong",
    [
        {"changes": set()},
        {"text": " "},
        {"text": "x" * 2_001},
        {"version": "1" * 41},
        {"effective_on": clock.today() + timedelta(days=400)},
    ],
)
def test_what_says_nothing_is_refused(world, wrong):
    certificate = certified(world)
    with pytest.raises(Invalid):
        change_notices.give(world.session, world.an, certificate.number, told(**wrong))


def test_a_minor_change_is_covered(world):
    certificate = certified(world)
    judged(world, certificate, ChangeSize.MINOR)
    assert world.session.exec(select(Surveillance)).all() == []
    assert questions.told(world.session, certificate) == [
        {"on": clock.today().isoformat(), "version": "", "changes": ["data"], "size": "minor"}
    ]
    assert world.session.exec(select(ChangeNotice)).one().apply_by is None


def test_a_major_change_asks_for_an_application_and_plans_a_surveillance(world):
    certificate = certified(world)
    notice = judged(world, certificate)
    one = world.session.exec(select(Surveillance)).one()
    assert (one.trigger, one.due_on, one.notice_id) == (Trigger.CHANGE_NOTICE, notice.apply_by, notice.id)
    assert questions.unanswered(world.session, certificate.id) == [notice]


def test_the_change_application_answers_it_once_it_is_handed_in(world):
    certificate = answered_certificate(world, days_left=300)
    notice = judged(world, certificate)
    application = begun_later(world, certificate, Kind.CHANGE)
    assert world.again(notice).application_id == application.id
    line = questions.line_of(world.session, certificate.number, 1)
    assert (line.answered, line.overdue(notice.apply_by + DAY)) == (False, True)
    application.state = State.SUBMITTED
    world.session.add(application)
    world.session.commit()
    line = questions.line_of(world.session, certificate.number, 1)
    assert (line.answered, line.overdue(notice.apply_by + DAY)) == (True, False)


def test_one_that_runs_already_answers_it(world):
    certificate = answered_certificate(world, days_left=300)
    application = begun_later(world, certificate, Kind.CHANGE)
    assert judged(world, certificate).application_id == application.id


def test_it_is_judged_once(world):
    certificate = certified(world)
    judged(world, certificate)
    with pytest.raises(WrongState):
        change_notices.judge(world.session, world.chi, certificate.number, 1, Judged(ChangeSize.MINOR, "Nghĩ lại."))


@pytest.mark.parametrize(
    "wrong",
    [Judged(ChangeSize.MINOR, " "), Judged(ChangeSize.MAJOR, "Lớn."), Judged(ChangeSize.MAJOR, "Lớn.", clock.today())],
)
def test_a_judgement_needs_its_reason_and_its_day(world, wrong):
    certificate = certified(world)
    given(world, certificate)
    with pytest.raises(Invalid):
        change_notices.judge(world.session, world.chi, certificate.number, 1, wrong)


@pytest.mark.parametrize(("who", "refusal"), [("bao", NotFound), ("an", NotAllowed), ("giang", NotAllowed)])
def test_others_do_not_judge(world, who, refusal):
    certificate = certified(world)
    given(world, certificate)
    with pytest.raises(refusal):
        change_notices.judge(
            world.session, getattr(world, who), certificate.number, 1, Judged(ChangeSize.MINOR, "Nhỏ.")
        )
