"""Every text of the site has its English with the same values in it, and the catalogue holds nothing else."""

import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
ENGLISH = ROOT / "registry" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
VALUE = re.compile(r"%(?:\((\w+)\))?[#0+-]*\d*(?:\.\d+)?[sdfr]|%%")
WORDS = {"certificate", "certified", "certification", "renewal", "mark"}

Key = tuple[str | None, str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return what code and templates say, gathered the way `make texts` gathers it."""
    path = tmp_path_factory.mktemp("texts") / "messages.pot"
    subprocess.run([ROOT / ".ci" / "texts", path], check=True, cwd=ROOT)  # noqa: S603 - our own script
    return _read(path)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return _read(ENGLISH)


def test_every_text_has_its_english_and_nothing_is_left_over(written: Catalog, english: Catalog) -> None:
    translated = {_key(message) for message in _messages(english) if all(_forms(message.string))}
    assert translated == {_key(message) for message in _messages(written)}


def test_nothing_is_guessed_or_kept_for_later(english: Catalog) -> None:
    assert [message.id for message in _messages(english) if message.fuzzy] == []
    assert list(english.obsolete) == []


def test_plurals_are_plural_on_both_sides(written: Catalog, english: Catalog) -> None:
    ours = {_key(message): len(_forms(message.id)) for message in _messages(written)}
    assert ours == {_key(message): len(_forms(message.string)) for message in _messages(english)}


def test_both_languages_name_the_same_values(english: Catalog) -> None:
    differing = {
        _forms(message.id)[0]: _forms(message.string)
        for message in _messages(english)
        if all(_forms(message.string)) and not _same_values(message)
    }
    assert differing == {}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _key(message: Message) -> Key:
    return message.context, _forms(message.id)[0]


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def _same_values(message: Message) -> bool:
    """Tell whether the English takes what the Vietnamese gives; "one product" may leave out its number."""
    given, taken = _values(message.id), _values(message.string)
    return taken <= given and given - taken <= {"num"}


def _values(text: object) -> set[str]:
    """Return the names of the values in all plural forms; the settable words for "certified" count as one."""
    values = (value for form in _forms(text) for value in VALUE.finditer(form) if value.group(0) != "%%")
    names = {value.group(1) or value.group(0) for value in values}
    return names - WORDS | ({"wording"} if names & WORDS else set())
