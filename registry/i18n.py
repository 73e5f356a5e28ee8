"""Which language a page is in, and where its sentences come from.

Vietnamese is the source: a msgid is the Vietnamese sentence. The English stands in
`translations/en/LC_MESSAGES/*.po`, read as it is when the app starts; there are no compiled files to forget.
English pages live under `/en`.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from flask_babel import gettext as _gettext

from assessments.clock import today
from registry import identity, wording

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
TIMEZONE = "Asia/Ho_Chi_Minh"
TRANSLATIONS = Path(__file__).parent / "translations"

# Where the middleware leaves what it found; nobody outside can set an environ key without HTTP_ before it.
LANGUAGE_KEY = "registry.language"
ROOT_KEY = "registry.root"


def init_app(app: Flask) -> None:
    """Gives the app its two languages and the `/en` prefix."""
    babel = Babel()
    babel.init_app(app, default_locale=DEFAULT_LANGUAGE, default_timezone=TIMEZONE, locale_selector=_chosen_language)
    babel.domain_instance = Spoken()
    for language in LANGUAGES:
        catalogue(language, "messages")
        catalogue(language, "wtforms")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Flask-Babel adds
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        newstyle=True,
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to wrap


class LanguagePrefix:
    """Turns `/en/...` into the same page with English chosen, so that `url_for` stays within the language."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path, root = environ.get("PATH_INFO", ""), environ.get("SCRIPT_NAME", "")
        environ[ROOT_KEY] = root
        environ[LANGUAGE_KEY] = DEFAULT_LANGUAGE
        if path == "/en" or path.startswith("/en/"):
            environ["SCRIPT_NAME"] = f"{root}/en"
            environ["PATH_INFO"] = path.removeprefix("/en") or "/"
            environ[LANGUAGE_KEY] = "en"
        return self.app(environ, start_response)


class Spoken(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Finds the sentences of the language that is spoken now at one look: a page asks some hundred times."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the current language."""
        return _catalogue()


def _chosen_language() -> str:
    """The signed-in person's own language where the page has set it, else the language of the address."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    own: str | None = getattr(g, "language", None)
    return own or request.environ.get(LANGUAGE_KEY, DEFAULT_LANGUAGE)


def lang() -> str:
    """The language of what is being written now: "vi" or "en"."""
    try:
        notes = g._get_current_object()  # what Flask-Babel has noted there, without its five looks to find it
    except RuntimeError:  # nothing is being answered
        return DEFAULT_LANGUAGE
    locale = getattr(notes.get("_flask_babel"), "babel_locale", None) or get_locale()
    return locale.language if locale else DEFAULT_LANGUAGE


def _catalogue() -> NullTranslations:
    return catalogue(lang(), "messages")


def words() -> dict[str, str]:
    """The words for "certified" and its kin in the current language, as the club says today."""
    return words_on()


def words_on(day: date | None = None, language: str = "") -> dict[str, str]:
    """The words of a legal day (today) in a language (the current one): a document keeps those of its day."""
    return wording.words(identity.row_of(day or today()).wording, language or lang())


def translate(message: str, **params: Any) -> str:
    """A msgid of the middle floor (Missing, Refused) as a sentence, its values and the wording filled in."""
    sentence: str = _gettext(message)
    return sentence % {**words(), **params} if "%(" in sentence else sentence


def form_translations() -> NullTranslations:
    """What WTForms asks for its own messages, in the current language."""
    return catalogue(lang(), "wtforms")


@cache
def catalogue(language: str, domain: str) -> NullTranslations:
    """One .po file as translations; a language without the file speaks in msgids."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        messages = read_po(source, locale=language, domain=domain)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled, domain=domain)
