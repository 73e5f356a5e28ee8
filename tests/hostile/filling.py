"""Forms as a browser finds them on a page: where they go, and what stands in them before anything is typed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tests.hostile.cast import Target
from tests.hostile.wire import FORM, Answer, Line, form

Fields = dict[str, str]
OF_THIS_MOMENT = {"version", "seen", "ticket", "shown", "newest"}  # a form with one of these is fetched anew each time
_KNOWN: dict[tuple[int, str, str, str], "Found"] = {}


@dataclass
class Found:
    """One form of a page."""

    action: str
    method: str
    fields: Fields = field(default_factory=dict)


class Forms(HTMLParser):
    """Every form of a page; of choices the first is made, boxes stay empty."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Found] = []
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or one of its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Found(given.get("action", ""), given.get("method", "get")))
        elif self.forms and tag in {"input", "textarea", "select"} and "name" in given:
            self._field(tag, given)
        elif self.forms and tag == "option" and self._name and given.get("value"):
            self.forms[-1].fields[self._name] = self.forms[-1].fields[self._name] or given["value"]

    def _field(self, tag: str, given: Fields) -> None:
        self._name = given["name"] if tag == "select" else ""
        if given.get("type") not in {"checkbox", "file", "submit"}:
            self.forms[-1].fields.setdefault(given["name"], given.get("value", ""))


def found(target: Target, who: str, page: str, action: str) -> Found:
    """The form of a page that is sent to an address beginning like that."""
    key = (target.site.port, who, page, action)
    if key in _KNOWN:
        return _KNOWN[key]
    reader = Forms()
    reader.feed(target.ask(Line(target=page), who).text)
    chosen = next(one for one in reader.forms if (one.action or page).startswith(action) and one.method == "post")
    chosen.action = chosen.action or urlsplit(page).path
    if not chosen.fields.keys() & OF_THIS_MOMENT:
        _KNOWN[key] = chosen
    return chosen


def send(target: Target, who: str, page: str, action: str, typed: Fields) -> Answer:
    """Open a page, type into its form and send it as the browser that has the page."""
    chosen = found(target, who, page, action)
    fields = {**chosen.fields, **typed}
    if who or "csrf_token" in fields:
        fields["csrf_token"] = target.token()
    return target.ask(Line("POST", chosen.action, (FORM,), form(fields)), who or ANYBODY)


ANYBODY = "nobody"  # a browser with a session in which nobody is signed in
