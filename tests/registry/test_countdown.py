"""The time left: cut to two units, never a minute too much, over at the very second."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments import clock
from registry.countdown import Countdown, countdown

AT = datetime(2026, 8, 28, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=4, minutes=59), "3 ngày 4 giờ"),
        (timedelta(days=1), "1 ngày"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 giờ 59 phút"),
        (timedelta(hours=2), "2 giờ"),
        (timedelta(minutes=1), "1 phút"),
        (timedelta(seconds=59), "chưa đến 1 phút"),
    ],
)
def test_what_is_left(app, left, words):
    with app.test_request_context("/"):
        assert Countdown(AT, AT - left).left == words


def test_in_english_one_is_one(app):
    with app.test_request_context("/", environ_overrides={"registry.language": "en"}):
        assert Countdown(AT, AT - timedelta(days=1, hours=2)).left == "1 day 2 hours"
        assert Countdown(AT, AT - timedelta(minutes=1)).left == "1 minute"


def test_it_is_over_at_the_second():
    with clock.at(AT):
        assert countdown(AT).over
    with clock.at(AT - timedelta(microseconds=1)):
        assert not countdown(AT).over
