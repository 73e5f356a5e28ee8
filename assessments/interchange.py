"""The document in which an application's words travel: written, read with every fault named, compared with a draft.

    {"format": "vcsc-application", "version": 1, "edition": "vcsc-2026",
     "profile": {the fields of Application.profile},
     "answers": {"RT-01": {"claim": "...", "not_applicable": false, "not_applicable_reason": "", "self_score": 3}},
     "links": [{"criterion": "RT-01", "url": "https://...", "title": "...", "kind": "LINK"}],
     "notes": [{"about": "...", "text": "..."}]}

Every key but format and version may be left out. What is empty says nothing: it never takes anything away.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assessments.answers import LONGEST, LONGEST_REASON
from assessments.errors import N_, Invalid
from assessments.evidence import LANGUAGES, MAX_TITLE, checked_url
from assessments.fields import DATA, FLAGS, NOT_A_LIST, NOT_A_ROW, Reader, Remark, is_true, text
from assessments.profile import DENIED
from criteria import store
from criteria.model import Edition

FORMAT = "vcsc-application"
VERSION = 1
LINK = "LINK"  # the kind of evidence that every web address is, whatever else it might be
MOST_BYTES = 1_500_000  # of a document as JSON: the longest application in Vietnamese is a third of it
MOST_DEEP = 12  # lists and groups within each other
MOST_LINKS = 200
MOST_NOTES = 100
LONGEST_NOTE = 5_000
HIGHEST_SCORE = 4

NOT_JSON = N_("Tệp không đọc được: chưa đúng dạng JSON.")
TOO_LONG = N_("Tệp dài quá: nội dung nhiều nhất %(max)d KB.")
OTHER_FORMAT = N_("Đây không phải tệp hồ sơ của trang này, cũng không phải tệp thông tin sản phẩm.")


class Change(StrEnum):
    """How one part of a document stands to a draft."""

    NEW = "new"  # the draft has nothing there
    CHANGED = "changed"
    SAME = "same"
    NOT_OPEN = "not_open"  # the draft may not be changed there now


@dataclass(frozen=True)
class Given:
    """What a document, or a draft, says about one criterion."""

    claim: str = ""
    not_applicable: bool = False
    not_applicable_reason: str = ""
    self_score: int | None = None  # for the vendor's own eyes; no application keeps it

    @property
    def words(self) -> tuple[str, bool, str]:
        """What an application keeps of it."""
        return self.claim, self.not_applicable, self.not_applicable_reason


@dataclass(frozen=True)
class Link:
    """A public address that is offered as evidence; without a criterion it is for the library alone."""

    criterion: str
    url: str
    title: str
    kind: str = LINK
    language: str = LANGUAGES[0]  # of the page; who may open it is asked for nowhere in a document


@dataclass(frozen=True)
class Note:
    """A text that belongs to no field: whoever reads it decides where it goes."""

    about: str
    text: str


@dataclass(frozen=True)
class Document:
    """A document as it was read: what can be used, and a remark for everything that cannot."""

    edition: str
    profile: Mapping[str, Any]
    answers: Mapping[str, Given]
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The document again, without what was left out."""
        answers = {code: asdict(given) for code, given in self.answers.items()}
        written = document(self.edition, self.profile, answers, [asdict(link) for link in self.links])
        return written | ({"notes": [asdict(note) for note in self.notes]} if self.notes else {})


@dataclass(frozen=True)
class Present:
    """What a draft holds now, and where it may be changed."""

    profile: Mapping[str, Any]
    answers: Mapping[str, Given]
    links: Collection[tuple[str, str]] = ()  # (criterion, address) in use; ("", address) for all of the library
    profile_open: bool = True
    open_answers: Collection[str] | None = None  # None: all of them


@dataclass(frozen=True)
class Difference:
    """One part of a document beside the draft: where it goes, how it stands, and both values.

    `place` is "profile:<field>", "answer:<code>" or "link:<number>".
    """

    place: str
    change: Change
    old: Any
    new: Any


def document(
    edition_id: str,
    profile: Mapping[str, Any],
    answers: Mapping[str, Mapping[str, Any]],
    links: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Profile, answers and links as one JSON-ready object.

    `profile` has fields of Application.profile, `answers` a claim, a "not applicable" or a self_score by the code of
    the criterion, `links` public addresses; every key of them may be left out.
    """
    written: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "edition": edition_id,
        "profile": dict(profile),
        "answers": {code: dict(answer) for code, answer in answers.items()},
    }
    found = [dict(link) for link in links]
    return written | ({"links": found} if found else {})


def parse(written: str) -> Any:
    """What a JSON text says. Refuses (Invalid) other text, longer text, and lists nested without sense.

    Halves of characters are left out, of names too: they could be written on no page.
    """
    if len(written.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise Invalid(TOO_LONG, max=MOST_BYTES // 1000)
    try:
        found = json.loads(written.removeprefix("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Invalid(NOT_JSON) from error
    if not _is_flat(found, MOST_DEEP):
        raise Invalid(NOT_JSON)
    return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "ignore"))


def is_document(raw: Any) -> bool:
    """Whether this claims to be a document of ours."""
    return isinstance(raw, Mapping) and raw.get("format") == FORMAT


def read(raw: Any, edition: Edition | None = None) -> Document:
    """A document as parse() gives it, read against an edition (the document's own, else the current one).

    Refuses (Invalid) other formats and versions. Everything else that is wrong is a remark with its place.
    """
    if not is_document(raw):
        raise Invalid(OTHER_FORMAT)
    if raw.get("version") != VERSION:
        raise Invalid(N_("Tệp thuộc phiên bản khác (%(found)s); trang này đọc phiên bản %(known)d."), **_versions(raw))
    against = edition or _edition_of(raw)
    reader = Reader(against)
    found = Document(
        edition=against.id,
        profile=reader.profile(raw.get("profile") or {}),
        answers=_answers(reader, raw.get("answers") or {}),
        links=_links(reader, raw.get("links") or []),
        notes=_notes(reader, raw.get("notes") or []),
    )
    return Document(**{**vars(found), "remarks": (*_other_edition(raw, against), *reader.remarks)})


def differences(given: Document, present: Present) -> tuple[Difference, ...]:
    """Every part of a document beside the draft, in the order of the document."""
    fields = (_field(name, given, present) for name in given.profile if name not in {DENIED, *FLAGS[2:], *DATA[1:]})
    answers = (_answer(code, one, present) for code, one in given.answers.items() if any(one.words))
    links = (_link(number, one, present) for number, one in enumerate(given.links))
    return (*fields, *answers, *links)


def fields_of(place: str) -> tuple[str, ...]:
    """The fields of the profile that change together at "profile:<field>"."""
    name = place.partition(":")[2]
    return next((group for group in (FLAGS, DATA) if name in group), (name,))


def fingerprint(given: Document, present: Present) -> str:
    """What the draft says wherever the document would change it: the same as long as nobody has written there."""
    found: list[Any] = [(one.place, str(one.change), _plain(one.old)) for one in differences(given, present)]
    if given.notes:  # a note may go to any answer
        found += sorted((code, one.words) for code, one in present.answers.items())
    return hashlib.sha256(json.dumps(found, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _no_number(_word: str) -> Any:
    raise ValueError("NaN and Infinity are no numbers of JSON")


def _is_flat(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return left > 0 and all(_is_flat(one, left - 1) for one in value)


def _versions(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {"found": str(raw.get("version"))[:20], "known": VERSION}


def _edition_of(raw: Mapping[str, Any]) -> Edition:
    named = str(raw.get("edition", ""))
    return store.load(named) if named in store.ids() else store.current()


def _other_edition(raw: Mapping[str, Any], edition: Edition) -> tuple[Remark, ...]:
    named = raw.get("edition", edition.id)
    if named == edition.id:
        return ()
    message = N_("Tệp viết theo bản tiêu chí “%(other)s”, hồ sơ này theo %(own)s: mã nào không có ở đây thì bỏ qua.")
    return (Remark(message, "edition", {"other": str(named)[:60], "own": edition.id}),)


def _answers(reader: Reader, raw: Any) -> dict[str, Given]:
    if not isinstance(raw, Mapping):
        reader.remark(Invalid(NOT_A_ROW), "answers")
        return {}
    found = {}
    for criterion in reader.edition.criteria:
        if criterion.code in raw:
            found[criterion.code] = _given(reader, criterion.code, raw[criterion.code], na_allowed=criterion.na_allowed)
    for code in raw:
        if code not in found:
            reader.remark(
                Invalid(N_("Bản tiêu chí này không có tiêu chí nào mang mã như vậy.")), f"answers.{code[:40]}"
            )
    return {code: given for code, given in found.items() if given != Given()}


def _given(reader: Reader, code: str, raw: Any, *, na_allowed: bool) -> Given:
    place = f"answers.{code}"
    if not isinstance(raw, Mapping):
        reader.remark(Invalid(NOT_A_ROW), place)
        return Given()
    excused = _part(reader, f"{place}.not_applicable", lambda: is_true(raw.get("not_applicable")), otherwise=False)
    if excused and not na_allowed:
        refusal = Invalid(N_("Tiêu chí %(code)s không nhận đề nghị “không áp dụng”."), code=code)
        reader.remark(refusal, f"{place}.not_applicable")
        excused = False
    claim = _part(reader, f"{place}.claim", lambda: _text(raw.get("claim"), LONGEST), otherwise="")
    reason = _part(reader, f"{place}.reason", lambda: _text(raw.get("not_applicable_reason"), LONGEST_REASON), "")
    return Given(claim, excused, reason if excused else "", _score(reader, place, raw.get("self_score")))


def _part(reader: Reader, place: str, read_part: Any, otherwise: Any) -> Any:
    try:
        return read_part()
    except Invalid as refusal:
        reader.remark(refusal, place)
        return otherwise


def _text(value: Any, longest: int) -> str:
    return "" if value is None else text(value, longest, lines=True)


def _score(reader: Reader, place: str, value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST_SCORE:
        return value
    reader.remark(Invalid(N_("Điểm tự chấm là số từ 0 đến %(max)d."), max=HIGHEST_SCORE), f"{place}.self_score")
    return None


def _links(reader: Reader, raw: Any) -> tuple[Link, ...]:
    found: dict[tuple[str, str], Link] = {}
    for number, one in enumerate(_counted(reader, raw, "links", MOST_LINKS)):
        try:
            link = _read_link(reader, one, f"links[{number}]")
        except Invalid as refusal:
            reader.remark(refusal, f"links[{number}]")
        else:
            found.setdefault((link.criterion, link.url), link)
    return tuple(found.values())


def _read_link(reader: Reader, raw: Any, place: str) -> Link:
    if not isinstance(raw, Mapping):
        raise Invalid(NOT_A_ROW)
    url = checked_url(text(raw.get("url", ""), 2000))
    criterion, kind = text(raw.get("criterion") or "", 40), text(raw.get("kind") or LINK, 40)
    if criterion and criterion not in {one.code for one in reader.edition.criteria}:
        reader.remark(Invalid(N_("Không có tiêu chí “%(code)s”: địa chỉ chỉ vào kho."), code=criterion), place)
        criterion = ""
    if kind not in {one.code for one in reader.edition.evidence_kinds}:
        reader.remark(Invalid(N_("Không có loại bằng chứng “%(code)s”: ghi là địa chỉ trang."), code=kind), place)
        kind = LINK
    title = text(raw.get("title") or "", MAX_TITLE) or title_of(url)
    language = text(raw.get("language") or "", 10)
    return Link(criterion, url, title, kind, language if language in LANGUAGES else LANGUAGES[0])


def title_of(url: str) -> str:
    """What to call an address that has no name: host and path."""
    return url.removeprefix("https://").rstrip("/")[:MAX_TITLE]


def _notes(reader: Reader, raw: Any) -> tuple[Note, ...]:
    found = []
    for number, one in enumerate(_counted(reader, raw, "notes", MOST_NOTES)):
        try:
            if not isinstance(one, Mapping):
                raise Invalid(NOT_A_ROW)  # noqa: TRY301  remarked like every other fault of this entry
            found.append(
                Note(text(one.get("about") or "", MAX_TITLE), text(one.get("text") or "", LONGEST_NOTE, lines=True))
            )
        except Invalid as refusal:
            reader.remark(refusal, f"notes[{number}]")
    return tuple(note for note in found if note.text)


def _counted(reader: Reader, raw: Any, place: str, most: int) -> list[Any]:
    if not isinstance(raw, list):
        reader.remark(Invalid(NOT_A_LIST), place)
        return []
    if len(raw) > most:
        reader.remark(Invalid(N_("Nhiều nhất %(most)d mục; các mục sau bị bỏ qua."), most=most), place)
    return raw[:most]


def _field(name: str, given: Document, present: Present) -> Difference:
    names = fields_of(f"profile:{name}")
    old = _together(names, present.profile)
    new = _together(names, given.profile)
    return Difference(f"profile:{name}", _change(old, new, is_open=present.profile_open), old, new)


def _together(names: tuple[str, ...], profile: Mapping[str, Any]) -> Any:
    if names == FLAGS:
        answered = bool(profile.get("flags_answered"))
        denied = () if answered else profile.get(DENIED) or ()  # once all are answered, the others are the denied
        return [sorted(profile.get("flags") or ()), sorted(denied), answered]
    if names == DATA:
        return [list(profile.get("data") or ()), bool(profile.get("data_answered"))]
    return profile.get(names[0])


def _answer(code: str, new: Given, present: Present) -> Difference:
    old = present.answers.get(code, Given())
    is_open = present.open_answers is None or code in present.open_answers
    return Difference(f"answer:{code}", _change(old.words, new.words, is_open=is_open), old, new)


def _link(number: int, link: Link, present: Present) -> Difference:
    place = f"link:{number}"
    if (link.criterion, link.url) in present.links:
        return Difference(place, Change.SAME, link, link)
    if link.criterion and present.open_answers is not None and link.criterion not in present.open_answers:
        return Difference(place, Change.NOT_OPEN, None, link)
    return Difference(place, Change.NEW, None, link)


def _change(old: Any, new: Any, *, is_open: bool) -> Change:
    if _plain(old) == _plain(new):
        return Change.SAME
    if not is_open:
        return Change.NOT_OPEN
    return Change.CHANGED if _says_something(old) else Change.NEW


def _says_something(value: Any) -> bool:
    return any(map(_says_something, value)) if isinstance(value, list | tuple) else bool(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Given):
        return value.words
    return asdict(value) if isinstance(value, Link) else ("" if value is None else value)
