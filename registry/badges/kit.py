"""What a company takes away: for each language and theme the address of the picture, and the code for a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.badges.drawing import HEIGHT, THEMES
from registry.badges.status import Badge
from registry.i18n import LANGUAGES, words
from registry.links import absolute
from registry.templating import sentence


@dataclass(frozen=True)
class Piece:
    """One badge: its language and theme, where it is, and the code."""

    language: str
    theme: str
    address: str
    code: str

    @property
    def id(self) -> str:
        """Its name in the page."""
        return f"{self.language}-{self.theme}"


def pieces(badge: Badge) -> Iterator[Piece]:
    """Every badge of a certificate."""
    for language in LANGUAGES:
        for theme in THEMES:
            yield Piece(language, theme, address(badge, language, theme), code(badge, language, theme))


def address(badge: Badge, language: str, theme: str) -> str:
    """Where the picture is."""
    return f"{absolute('badges.picture', number=badge.number)}?theme={theme}&lang={language}"


def code(badge: Badge, language: str, theme: str) -> str:
    """A picture in a link to the page of the certificate.

    The alternative text names what does not change, for it is written once; what changes is said by the picture and
    by the page. The picture is asked for without saying from which page.
    """
    with force_locale(language):
        told = _(
            "%(mark)s VCSC số %(number)s: xem tình trạng hôm nay", mark=sentence(words()["mark"]), number=badge.number
        )
    page = absolute("certificates.show", language, number=badge.number)
    picture = escape(address(badge, language, theme))
    return (
        f'<a href="{escape(page)}" rel="noopener" hreflang="{language}"><img src="{picture}" alt="{escape(told)}" '
        f'height="{HEIGHT}" loading="lazy" decoding="async" referrerpolicy="no-referrer"></a>'
    )
