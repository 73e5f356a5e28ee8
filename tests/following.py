"""A person who only follows pages: links by their words, forms as they stand there; an address is never typed.

What a page does not offer cannot be done: an unknown link, button, field or choice fails the test that wants it.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"input", "br", "meta", "link", "img", "hr", "use", "path", "progress"}
CHOSEN = {"checkbox", "radio"}
Attributes = Mapping[str, str]


@dataclass
class Control:
    """Something of a form that carries a value; `options` are those of a list, `words` what a button says."""

    kind: str
    name: str
    value: str
    given: bool = True  # whether it is sent as the page came: ticked, chosen, or plainly a text
    options: list[tuple[str, bool]] = field(default_factory=list)
    words: str = ""
    action: str = ""


@dataclass
class Form:
    """A form of a page with its controls, also those that stand elsewhere and name it."""

    id: str
    action: str
    method: str
    multipart: bool
    controls: list[Control] = field(default_factory=list)


class Page(HTMLParser):
    """The links, forms and words of a page."""

    def __init__(self, url: str, source: str) -> None:
        super().__init__()
        self.url, self.source = url, source
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.lang = ""
        self._parts: list[str] = []
        self._main: list[str] = []
        self._inside = self._strange = 0  # depth: in <main>; in <script> or <style>
        self._open: list[tuple[str, Any, int]] = []  # links, buttons, lists and texts that have not ended
        self._form: Form | None = None
        self._elsewhere: list[tuple[str, Control]] = []
        self.feed(source)
        for form_id, control in self._elsewhere:
            next(one for one in self.forms if one.id == form_id).controls.append(control)

    @property
    def text(self) -> str:
        """The words of the main part."""
        return squeezed("".join(self._main))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside += tag == "main"
        self._strange += tag in {"script", "style"}
        handler = getattr(self, f"_begin_{tag}", None)
        if handler:
            handler(given)
        self._say(" " if tag in {"p", "li", "td", "th", "br", "div", "h1", "h2", "h3", "dt", "dd", "option"} else "")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "main"
        self._strange -= tag in {"script", "style"}
        if tag == "form":
            self._form = None
        if self._open and self._open[-1][0] == tag:
            _tag, ended, start = self._open.pop()
            self._end(tag, ended, "".join(self._parts[start:]))

    def handle_data(self, data: str) -> None:
        if not self._strange:
            self._say(data)

    def _say(self, text: str) -> None:
        self._parts.append(text)
        if self._inside:
            self._main.append(text)

    def _begin_html(self, given: Attributes) -> None:
        self.lang = given["lang"]

    def _begin_a(self, given: Attributes) -> None:
        self._open.append(("a", given.get("href", ""), len(self._parts)))

    def _begin_form(self, given: Attributes) -> None:
        multipart = given.get("enctype") == "multipart/form-data"
        action = urljoin(self.url, given.get("action", ""))
        self._form = Form(given.get("id", ""), action, given.get("method", "get").lower(), multipart)
        self.forms.append(self._form)

    def _begin_input(self, given: Attributes) -> None:
        kind = given.get("type", "text")
        standing = given.get("value", "on" if kind in CHOSEN else "")
        self._keep(Control(kind, given.get("name", ""), standing, kind not in CHOSEN or "checked" in given), given)

    def _begin_button(self, given: Attributes) -> None:
        action = urljoin(self.url, given["formaction"]) if "formaction" in given else ""
        button = Control("button", given.get("name", ""), given.get("value", ""), given=False, action=action)
        if given.get("type") == "submit" and "hidden" not in given:
            self._keep(button, given)
        self._open.append(("button", button, len(self._parts)))

    def _begin_textarea(self, given: Attributes) -> None:
        self._open.append(
            ("textarea", self._keep(Control("textarea", given.get("name", ""), ""), given), len(self._parts))
        )

    def _begin_select(self, given: Attributes) -> None:
        self._open.append(("select", self._keep(Control("select", given["name"], ""), given), len(self._parts)))

    def _begin_option(self, given: Attributes) -> None:
        self._open[-1][1].options.append((given.get("value", ""), "selected" in given))

    def _keep(self, control: Control, given: Attributes) -> Control:
        if "form" in given:
            self._elsewhere.append((given["form"], control))
        elif self._form is not None:
            self._form.controls.append(control)
        return control

    def _end(self, tag: str, ended: Any, words: str) -> None:
        if tag == "a":
            self.links.append((squeezed(words), urljoin(self.url, ended)))
        elif tag == "button":
            ended.words = squeezed(words)
        elif tag == "textarea":
            ended.value = words.strip("\n")
        else:
            chosen = [value for value, selected in ended.options if selected]
            ended.value = chosen[0] if chosen else ended.options[0][0]


class Person:
    """Somebody at a browser; `page` is what they see, `status` how it was answered."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser
        self.page = Page("/", "")
        self.status = 0

    def open(self, url: str) -> None:
        """Type an address: how a way begins."""
        self._see(self.browser.get(url, follow_redirects=True))

    def follow(self, words: str) -> None:
        """Press the first link that says these words, else the first that begins with them."""
        found = [url for text, url in self.page.links if text == words]
        found += [url for text, url in self.page.links if text.startswith(words)]
        assert found, f"no link “{words}” on {self.page.url}: {[text for text, _url in self.page.links]}"
        self.open(found[0].partition("#")[0])

    def download(self, words: str, **fields: Any) -> bytes:
        """Press a link or a button that brings a file; the page stays."""
        links = [url for text, url in self.page.links if text.startswith(words)]
        answer = self.browser.get(links[0]) if links else self._post(words, fields)
        assert answer.status_code == 200, f"{words}: {answer.status_code}"
        return answer.data

    def press(self, words: str, **fields: Any) -> None:
        """Fill in the form that has a button of these words, and press it; other fields are sent as they stand.

        A list ticks exactly these boxes; a pair (bytes, name) is a file.
        """
        answer = self._post(words, fields)
        self._see(self._led_on(answer))

    def sees(self, *words: str) -> None:
        """Fail unless all of this stands in the main part of the page."""
        missing = [one for one in words if squeezed(one) not in self.page.text]
        assert not missing, f"{missing} not on {self.page.url}: {self.page.text[:1500]}"

    def _led_on(self, answer: TestResponse) -> TestResponse:
        return self.browser.get(answer.location, follow_redirects=True) if answer.location else answer

    def _post(self, words: str, fields: Mapping[str, Any]) -> TestResponse:
        form, button = self._button(words)
        sent: dict[str, list[Any]] = {}
        for name, value in _standing(form):
            sent.setdefault(name, []).append(value)
        for name, value in fields.items():
            sent[name] = _filled(form, name, value)
        if button.name:
            sent[button.name] = [button.value]
        assert form.method == "post", f"“{words}” on {self.page.url} is no posting form"
        data = {name: [_file(one) for one in values] for name, values in sent.items() if values}
        kind = {"content_type": "multipart/form-data"} if form.multipart else {}
        return self.browser.post(button.action or form.action, data=data, **kind)

    def _button(self, words: str) -> tuple[Form, Control]:
        buttons = [(form, one) for form in self.page.forms for one in form.controls if one.kind == "button"]
        found = [pair for pair in buttons if pair[1].words == words]
        found += [pair for pair in buttons if pair[1].words.startswith(words)]
        assert found, f"no button “{words}” on {self.page.url}: {[one.words for _form, one in buttons]}"
        return found[0]

    def offers(self, words: str) -> bool:
        """Whether the page has a button that says these words, or begins with them."""
        return any(one.words.startswith(words) for form in self.page.forms for one in form.controls)

    def choices(self, name: str) -> list[str]:
        """The values that a list, boxes or buttons of that name offer, without the empty one."""
        found = [one for form in self.page.forms for one in form.controls if one.name == name]
        values = [one.value for one in found if one.kind in CHOSEN]
        return [one for one in [*values, *(v for f in found for v, _chosen in f.options)] if one]

    def fields(self, beginning: str) -> list[str]:
        """The names of the fields that begin so, each once."""
        names = [one.name for form in self.page.forms for one in form.controls if one.name.startswith(beginning)]
        return list(dict.fromkeys(names))

    def _see(self, answer: TestResponse) -> None:
        self.status = answer.status_code
        self.page = Page(answer.request.path, answer.text)


def squeezed(text: str) -> str:
    """A text with single blanks."""
    return re.sub(r"\s+", " ", text).strip()


def _standing(form: Form) -> list[tuple[str, str]]:
    sent = [one for one in form.controls if one.name and one.given and one.kind not in {"file", "button"}]
    return [(one.name, one.value) for one in sent]


def _filled(form: Form, name: str, value: Any) -> list[Any]:
    """What a field is sent with; fails when the form has no such field, or does not offer such a choice."""
    found = [one for one in form.controls if one.name == name]
    assert found, f"no field {name} in {form.action}: {sorted({one.name for one in form.controls})}"
    values = value if isinstance(value, list) else [value]
    offered = {one.value for one in found if one.kind in CHOSEN} | {v for one in found for v, _chosen in one.options}
    assert not offered or set(values) <= offered | {""}, f"{name} offers {sorted(offered)}, not {values}"
    return [one for one in values if one != "" or not offered]


def _file(value: Any) -> Any:
    return (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
