"""Guides of the demonstration: one that the coordinator published in place of a shipped one, and one still a draft."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from assessments import guides
from assessments.clock import today
from assessments.guide_checks import GuideContent, Site
from assessments.guide_kinds import GuideAudience, GuideTag
from registry import articles
from registry.demonstration.stage import Stage

ANEW = "talking"
DRAFT = "ky-nghi-he"
MORE_VI = """

## Một việc cho tối nay

Hỏi con: hôm nay trên mạng có gì vui nhất? Rồi chỉ nghe."""
MORE_EN = """

## One thing for tonight

Ask your child what was the best thing online today. Then only listen."""
SUMMER = GuideContent(
    title_vi="Kỳ nghỉ hè và chiếc điện thoại",
    title_en="The summer holidays and the phone",
    lead_vi="Nghỉ hè, con ở nhà nhiều hơn và cầm máy lâu hơn. Vài thỏa thuận trước giúp cả nhà dễ thở.",
    body_vi="""## Đặt giờ trước ngày nghỉ

Cùng con chọn giờ nghỉ máy cho ngày thường và cuối tuần. Viết ra giấy.

## Việc không cần màn hình

Mỗi tuần con tự chọn hai việc: bơi, nấu ăn, thăm bạn.""",
    audience=GuideAudience.PARENTS,
    tags=(GuideTag.SCREEN_TIME.value, GuideTag.TALKING.value),
    related=("talking",),
)


def scenes(stage: Stage) -> Iterator[tuple[int, Callable[[], None]]]:
    """What happened, and how many days ago."""
    yield 21, partial(_begin, stage)
    yield 20, partial(_publish, stage)
    yield 4, partial(_draft, stage)


def _begin(stage: Stage) -> None:
    guides.start(stage.session, stage.people["coordinator"], ANEW, replace(_shipped(), checked_on=today()))


def _publish(stage: Stage) -> None:
    """With one section more; the person who wrote it publishes it, and both names are in its history."""
    shipped, office = _shipped(), stage.people["coordinator"]
    longer = replace(shipped, body_vi=shipped.body_vi + MORE_VI, body_en=shipped.body_en + MORE_EN, checked_on=today())
    guides.save(stage.session, office, ANEW, longer, seen=1)
    every = Site(lambda _path: True, frozenset(), frozenset(articles.shipped()))
    guides.publish(stage.session, office, ANEW, 2, every)


def _draft(stage: Stage) -> None:
    guides.start(stage.session, stage.people["coordinator"], DRAFT, replace(SUMMER, checked_on=today()))


def _shipped() -> GuideContent:
    return articles.shipped()[ANEW]
