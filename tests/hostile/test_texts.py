"""Hostile Markdown: whatever a stranger or a guide writes, nothing on the page runs, leads astray or takes long."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests.hostile.cast import Target
from tests.hostile.filling import send
from tests.hostile.wire import Line

LINKS = (
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "[a](//evil.example)",
    "[a](/\\evil.example)",
    '[a](https://evil.example" onmouseover="alert(1))',
    "[a](https://localhost@evil.example)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "![a](javascript:alert(1))",
    "![a](https://evil.example/x.png)",
    "[a](file:///etc/passwd)",
    "[a](https://evil.example 'x\" onclick=alert(1)')",
    "[a](\u202ehttps://evil.example)",
    "[a](http://evil.example)",
    "[a](mailto:x@y.z?bcc=evil@evil.example&body=%0d%0a)",
    'https://evil.example/"onmouseover=alert(1)',
    "[a](\x01javascript:alert(1))",
    "[\u202egnp](https://a.example)",
    "[a](https://а.example)",
    "[a](tel:113)",
    '[a](#x" onfocus=alert(1) autofocus=")',
)
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><animate onbegin=alert(1)>",
    "<math><mtext><script>alert(1)",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<form action=//evil.example><input name=csrf_token>",
    "<object data=//evil.example>",
    "<b style=position:fixed>x</b>",
    "<p id=csrf_token name=action>x</p>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><script>alert(1)</script>-->",
    "```\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr<script>ipt>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "**<script>**alert(1)**</script>**",
    "*[<img src=x onerror=alert(1)>](https://a.example)*",
    "{{7*7}}%(url)s{x.__class__}",
    "<table background=javascript:alert(1)><td onclick=alert(1)>",
    "<xmp><script>alert(1)</script></xmp>",
    "\u2028<script>alert(1)",
)
SLOW = (
    "[" * 4_900,
    "![" * 2_400,
    "](" * 2_400,
    "*" * 4_900,
    "**a" * 1_600,
    "_a_" * 1_600,
    "<" * 4_900,
    "<![CDATA[" * 500,
    "&" * 4_900,
    "- " * 2_400,
    "> " * 2_400,
    "1. " * 1_600,
    "`" * 4_900,
    "\\" * 4_900,
    "[a](" * 1_200,
    "https://" * 600,
    "a@" * 2_400,
    "\n\n" * 2_400,
    "[x](https://a" + "." * 4_000,
    "#" * 4_900,
    "|" * 4_900,
    ("\t" * 40 + "- a\n") * 100,
    "[a][" * 1_200,
    "ậ\u0301" * 2_400,
)


class Reader(HTMLParser):
    """What a browser would make of a page: its links, what starts by itself, and what would come from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what must not be on any page of ours."""
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "background"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action", "data", "formaction"} and not harmless(value or ""):
                self.found.append(f"{tag} {name} {value}")
        if tag in {"iframe", "object", "embed", "base", "style", "math"}:
            self.found.append(tag)
        if tag == "script" and not dict(attrs).get("src"):
            self.found.append(tag)


def harmless(address: str) -> bool:
    """An address of this site, or one that a reader sees through."""
    parts = urlsplit(address.strip())
    return (parts.scheme in {"", "https", "mailto", "tel", "data"} and "@" not in parts.netloc) and not (
        (parts.scheme == "" and parts.netloc) or address.startswith("data:text") or "\\" in address
    )


@pytest.mark.parametrize("text", [*LINKS, *MARKUP], ids=range(len(LINKS) + len(MARKUP)))
def test_a_page_shows_hostile_words_of_a_company_as_words(target: Target, text: str) -> None:
    claim = "/applications/HS-2026-0001/criteria/TL-03"
    assert send(target, "an", claim, "/applications/HS-2026-0001", {"claim": text}).status in {302, 303}
    for address, who in ((claim, "an"), ("/applications/HS-2026-0001/criteria/TL-03/history", "an")):
        shown = target.ask(Line(target=address), who)
        reader = Reader()
        reader.feed(shown.text)
        assert reader.found == []


@pytest.mark.parametrize("group", range(6))
def test_a_guide_shows_what_was_written_and_runs_nothing(target: Target, group: int) -> None:
    text = "\n\n".join([*LINKS, *MARKUP][group::6])
    typed = {"text_vi": text, "text_en": text, "title_vi": "Hướng dẫn thử", "title_en": "A guide on trial"}
    answer = send(
        target, "chi", "/guides/office/new", "/guides/office/new", {**typed, "slug": f"huong-dan-thu-{group}"}
    )
    assert answer.status in {200, 302, 303, 422}
    for address in (answer.header("Location") or "/guides/office", f"/guides/office/huong-dan-thu-{group}/preview"):
        reader = Reader()
        reader.feed(target.ask(Line(target=address), "chi").text)
        assert reader.found == []


@pytest.mark.parametrize("text", SLOW, ids=range(len(SLOW)))
def test_text_made_to_take_long_is_answered_all_the_same(target: Target, text: str) -> None:
    claim = "/applications/HS-2026-0001/criteria/TL-04"
    answer = send(target, "an", claim, "/applications/HS-2026-0001", {"claim": text})
    assert answer.status in {302, 303, 422}
    assert target.ask(Line(target=claim), "an").status == 200  # each within the guard of the socket
