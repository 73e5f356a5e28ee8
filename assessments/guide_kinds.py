"""The words in which guides are kept: for whom, about what, what happens to them, and how a publication ends."""

from enum import StrEnum


class GuideStep(StrEnum):
    """What history says of a guide."""

    START = "start_guide"
    PUBLISH = "publish_guide"
    WITHDRAW = "withdraw_guide"


class GuideAudience(StrEnum):
    """Whom a guide of the club is written for."""

    PARENTS = "parents"
    SCHOOLS = "schools"
    VENDORS = "vendors"
    REVIEWERS = "reviewers"


class GuideTag(StrEnum):
    """What a guide is about."""

    CHOOSING = "choosing"
    DEVICES = "devices"
    HOME_NETWORK = "home-network"
    GAMES = "games"
    SCREEN_TIME = "screen-time"
    TALKING = "talking"
    STRANGERS = "strangers"
    BULLYING = "bullying"
    PRIVACY = "privacy"
    HELP = "help"
    SCHOOL = "school"
    PROCEDURE = "procedure"


class GuideEnding(StrEnum):
    """How the publication of a guide ended."""

    REPLACED = "replaced"  # by a newer text
    SHIPPED = "shipped"  # withdrawn; the text that comes with the site stands again
    GONE = "gone"  # withdrawn; the page says so
