"""Rounds as a company meets them: where a draft goes, and the second at which a round closes."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from assessments import applications, clock, corrections
from assessments.clock import now
from assessments.errors import NotReady
from assessments.models import Application, HistoryEntry, Member, Round, Submission
from assessments.queries import rounds
from assessments.states import State
from tests.assessments.test_corrections import in_correction, with_notice
from tests.drafting import ready
from tests.rows import letters, rows

URL = "/applications/HS-2026-0001"
SECOND = timedelta(microseconds=1)


@pytest.fixture
def closing(world):
    """The round of the tests closes tomorrow at 17:00 in Viet Nam."""
    day = clock.today() + timedelta(days=1)
    at = datetime(day.year, day.month, day.day, 17, 0, tzinfo=clock.VIETNAM).astimezone(UTC)
    world.round.closes_at = at
    world.session.add(world.round)
    world.session.commit()
    return at


def another(world, code="2027-dot-1", **fields):
    opened = Round(**{"code": code, "edition_id": "vcsc-2026", "opens_at": now() + timedelta(days=5), **fields})
    world.session.add(opened)
    world.session.commit()
    return opened


def page(world, browser, at):
    with clock.at(at):
        browser.sign_in(world.an)
        return browser.get(URL).text


# --- the closing second ---


def test_the_last_moment_before_closing_is_in_time(world, session, closing):
    application = ready(world)
    with clock.at(closing - SECOND):
        applications.submit(session, world.an, application)
    assert (application.state, application.round_id) == (State.SUBMITTED, world.round.id)


def test_the_closing_second_itself_is_too_late(world, session, closing):
    application = ready(world)
    with clock.at(closing), pytest.raises(NotReady) as refusal:
        applications.submit(session, world.an, application)
    assert [one.place for one in refusal.value.missing] == ["round"]
    session.rollback()
    assert session.exec(select(Submission)).all() == []


def test_a_round_is_open_from_its_first_moment(world, closing):
    assert rounds.is_open(world.round, world.round.opens_at)
    assert not rounds.is_open(world.round, world.round.opens_at - SECOND)


def test_the_moment_of_a_request_is_taken_once(app, world, closing, browser, monkeypatch):
    """The clock runs on while the request is judged; what counts is the moment at which it came."""
    ready(world)
    with clock.at(closing - timedelta(hours=1)):
        browser.sign_in(world.an)
        token = browser.token(f"{URL}/check")
    ticks = iter([closing - SECOND] + [closing + timedelta(seconds=n) for n in range(500)])
    real = clock.now

    def running():
        return clock._pinned.get() or next(ticks)

    monkeypatch.setattr(clock, "now", running)
    answer = browser.post(f"{URL}/submit", data={"csrf_token": token})
    monkeypatch.setattr(clock, "now", real)
    assert answer.status_code == 302
    submission = rows(app, select(Submission.submitted_at))
    step = rows(app, select(HistoryEntry.at).where(HistoryEntry.action == "submit"))
    moved = rows(app, select(Application.moved_at))
    assert submission == step == moved == [closing - SECOND]


def test_two_clicks_at_once_hand_in_once(app, world, closing):
    ready(world)
    answers, barrier = [], threading.Barrier(2)
    browsers = [app.test_client(), app.test_client()]
    tokens = []
    for one in browsers:
        one.sign_in(world.an)
        tokens.append(one.token(f"{URL}/check"))

    def click(one, token):
        barrier.wait()
        answers.append(one.post(f"{URL}/submit", data={"csrf_token": token}).status_code)

    threads = [threading.Thread(target=click, args=pair) for pair in zip(browsers, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 302]  # the second is led to what the first has done
    assert rows(app, select(Submission.number)) == [1]
    assert rows(app, select(HistoryEntry.action)) == ["submit"]
    assert [one.event.split(":")[1] for one in letters(app, world.an.email)] == ["submitted"]


def test_a_page_opened_before_closing_is_answered_in_words(world, browser, closing):
    application = ready(world)
    with clock.at(closing - timedelta(minutes=1)):
        browser.sign_in(world.an)
        token = browser.token(f"{URL}/check")
    with clock.at(closing + timedelta(seconds=1)):
        browser.sign_in(world.an)
        answer = browser.post(f"{URL}/submit", data={"csrf_token": token})
    assert (answer.status_code, "Đợt tiếp nhận đã đóng." in answer.text) == (422, True)
    assert world.again(application).state is State.DRAFT


# --- where a draft goes ---


def test_an_open_round_counts_down_in_viet_nam_time(world, browser, closing):
    world.application()
    text = page(world, browser, closing - timedelta(days=3, hours=4, minutes=2))
    assert "Hồ sơ sẽ nộp vào đợt 2026-thuong-xuyen." in text
    assert 'còn <strong class="num">3 ngày 4 giờ</strong>' in text
    assert f"17:00 ngày\u00a0{closing.astimezone(clock.VIETNAM):%d/%m/%Y}</time> (giờ Việt Nam)" in text
    assert f'data-countdown="{closing.isoformat()}"' in text
    assert "countdown.js" in text


def test_a_draft_moves_to_the_next_round_by_itself(world, session, browser, closing):
    application = ready(world)
    another(world, opens_at=closing + timedelta(days=2))
    text = page(world, browser, closing + timedelta(hours=1))
    assert (
        "Đợt 2026-thuong-xuyen đã đóng; hồ sơ nháp còn nguyên và sẽ nộp vào đợt 2027-dot-1, mở lúc 17:00 ngày" in text
    )
    text = page(world, browser, closing + timedelta(days=2))
    assert "Đợt 2026-thuong-xuyen đã đóng; hồ sơ nháp còn nguyên và sẽ nộp vào đợt 2027-dot-1." in text
    with clock.at(closing + timedelta(days=2)):
        applications.submit(session, world.an, application)
    assert session.get_one(Round, application.round_id).code == "2027-dot-1"


def test_nothing_open_says_so_and_what_can_be_done(world, browser, closing):
    world.application()
    text = page(world, browser, closing)
    assert "Đợt 2026-thuong-xuyen đã đóng; hồ sơ nháp còn nguyên." in text
    assert "Hiện không có đợt tiếp nhận nào cho hồ sơ này. Cứ soạn tiếp" in text
    assert "data-countdown" not in text


def test_a_round_that_closed_before_the_draft_began_was_not_missed(world, browser, closing):
    another(world, "2025-dot-1", opens_at=now() - timedelta(days=400), closes_at=now() - timedelta(days=300))
    application = world.application()
    found = rounds.outlook(world.session, application, now())
    assert (found.opened.code, found.missed, found.coming) == ("2026-thuong-xuyen", None, None)


def test_a_round_for_other_products_is_named_as_such(world, browser, closing):
    another(world, "2027-truong", opens_at=now() - timedelta(days=1), categories=["CM"])
    world.application()
    assert "Đợt 2027-truong đang mở nhưng chỉ nhận loại sản phẩm khác." in page(world, browser, closing)


def test_the_round_that_closes_first_takes_it(world, closing):
    another(world, "2027-som", opens_at=now() - timedelta(days=1), closes_at=closing - timedelta(hours=2))
    application = world.application()
    assert rounds.outlook(world.session, application, now()).opened.code == "2027-som"
    assert rounds.open_for(world.session, application, now()).code == "2027-som"


def test_an_expired_sign_in_comes_back_to_the_page(world, browser):
    ready(world)
    token = "x"
    answer = browser.post(f"{URL}/submit", data={"csrf_token": token})
    assert answer.status_code in {302, 401}
    assert "/sign-in" in (answer.location or answer.text)
    assert world.session.exec(select(Submission)).all() == []


# --- deadlines that the worker has not acted upon yet ---


@pytest.mark.parametrize("late", [False, True])
def test_a_returned_application_has_its_own_deadline(world, session, late):
    due = now() + timedelta(days=1)
    application = ready(world, state=State.RETURNED, due_at=due)
    with clock.at(due + SECOND if late else due):
        if late:
            with pytest.raises(NotReady):  # although a round is open
                applications.submit(session, world.an, application)
        else:
            applications.submit(session, world.an, application)
            assert application.state is State.SUBMITTED


def test_a_correction_is_too_late_before_the_worker_says_so(world, browser):
    application, (finding,) = in_correction(world, "HN-01")
    finding.answer = "Đã sửa"
    world.session.add(finding)
    world.session.commit()
    with clock.at(application.due_at + SECOND):
        with pytest.raises(NotReady):
            corrections.answer_correction(world.session, world.an, application)
        world.session.rollback()
        browser.sign_in(world.an)
        text = browser.get(f"{URL}/corrections").text
        assert "Đã quá hạn nên không gửi được nữa." in text
        assert "đã hết hạn; hồ sơ sắp đóng" in text
        assert "Gửi bản khắc phục?" not in text


def test_a_comment_is_too_late_too(world):
    application, _notice = with_notice(world)
    with clock.at(application.due_at + SECOND), pytest.raises(NotReady):
        corrections.comment_on_notice(world.session, world.an, application, "Muộn.")


def test_whoever_left_hands_nothing_in(app, world, browser):
    ready(world)
    browser.sign_in(world.an)
    token = browser.token(f"{URL}/check")
    member = world.session.get(Member, (world.hat_nang.id, world.an.id))
    member.left_at = now()
    world.session.add(member)
    world.session.commit()
    assert browser.post(f"{URL}/submit", data={"csrf_token": token}).status_code == 404
    assert rows(app, select(Submission)) == []
