"""Hostile text in forms: refused in words with what was typed kept, or stored as it is and shown as text everywhere."""

import html
from urllib.parse import urljoin, urlsplit

import pytest

from tests.hostile.cast import DRAFT, Target, grown
from tests.hostile.filling import ANYBODY, found, send
from tests.hostile.wire import FORM, Line, form

MARK = "giulaizq"  # stands in everything that is typed
ACTIVE = ("<script>alert", "<img src=x", "<svg/onload", 'javascript:alert(1)"', 'href="javascript', "{{49}}", ">49<")
TEXTS = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" autofocus onfocus=alert(1) x=\"' onmouseover='alert(1)",
    "picture": "<img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "end of the field": "</textarea></title></style><script>alert(1)</script>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "template": "{{7*7}} {% print 7*7 %} ${7*7}",
    "format": "%s%n%(password)s {0.__class__.__mro__} {config} %",
    "SQL": "'; DROP TABLE application; -- ' OR ''='",
    "formula": "=cmd|' /C calc'!A0 +1 @SUM(1) -1\t=1",
    "mail headers": "a\r\nBcc: evil@evil.example\r\nSubject: evil\r\n\r\nevil",
    "direction": "\u202egnp.exe\u202c \u2066x\u2069 \u200f",
    "hidden": "a\u200bb\u2060c\ufeff\u00ad\U000e0041",
    "zero": "a\0b\x01\x02\x1b[31m",
    "no UTF-8": "a\udcff\udcfe\udcc0\udcaf",
    "marks on marks": "Z" + "\u0301\u0489" * 200,
    "beyond the plane": "👨‍👩‍👧‍👦𝔘𝔫𝔦\U0010fffd",
    "huge": "ậ" * 60_000,
    "many lines": "\n" * 9_000 + "x",
    "brackets": "[" * 4_000 + "](" * 500,
    "path": "../../../../etc/passwd\\..\\..",
}


# Page, where its form goes, who, and which fields the text goes into.
FORMS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "sign-up": ("/sign-up", "/sign-up", "", ("name", "email")),
    "sign-in": ("/sign-in", "/sign-in", "", ("email", "next", "carried")),
    "concern": ("/concerns/write", "/concerns", "", ("text", "about", "contact")),
    "misuse": ("/misuse", "/misuse", "", ("place", "about", "text", "contact")),
    "complaint": ("/complaints/new", "/complaints", "", ("text", "about", "contact")),
    "subscription": ("/subscriptions/new", "/subscriptions", "", ("product", "email", "url")),
    "own details": ("/account/details", "/account/details", "bao", ("name",)),
    "company": ("/company/facts", "/company/facts", "bao", ("name", "address", "representative", "website")),
    "invitation": ("/company/invite", "/company/invite", "bao", ("email", "name")),
    "product": ("/applications/new", "/applications", "bao", ("product", "name_vi", "name_en")),
    "evidence": ("/evidence/link", "/evidence/link", "bao", ("title", "url", "note", "issuer")),
    "claim": (
        f"/applications/{DRAFT}/criteria/TL-01",
        f"/applications/{DRAFT}",
        "an",
        ("claim", "not_applicable_reason"),
    ),
    "interest": ("/account/interests/new", "/account/interests/new", "lan", ("organisation", "note", "since")),
    "person": ("/people/invite", "/people/invite", "minh", ("email", "name")),
    "round": ("/rounds/new", "/rounds/new", "chi", ("code", "opens_on", "closes_on", "name_vi")),
    "laboratory": ("/laboratories/new", "/laboratories/new", "chi", ("name", "website", "scope", "accreditation")),
    "member": ("/members/new", "/members/new", "chi", ("name", "website", "since", "consent_on")),
    "guide": ("/guides/office/new", "/guides/office/new", "chi", ("slug", "title_vi", "text_vi", "reviewed_on")),
    "risk": ("/impartiality/risks/new", "/impartiality/risks/new", "chi", ("source", "text", "measure", "likelihood")),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", TEXTS)
def test_a_form_takes_hostile_text_as_text(target: Target, name: str, kind: str) -> None:
    page, action, who, fields = FORMS[name]
    before = target.rows()
    typed = f"{MARK} {TEXTS[kind]}"
    answer = send(target, who, page, action, dict.fromkeys(fields, typed))
    assert answer.status in {200, 302, 303, 400, 404, 413, 422}
    assert [word for word in ACTIVE if word in answer.text] == []
    assert "evil" not in str(answer.headers)
    if answer.status >= 400:
        assert grown(before, target.rows()) == {}
    if answer.status == 422:
        assert MARK in answer.text  # what was typed is not lost


@pytest.mark.parametrize(
    "kind", [one for one in TEXTS if one not in {"huge", "brackets", "many lines", "mail headers"}]
)
def test_what_was_stored_is_shown_as_it_was_typed(target: Target, kind: str) -> None:
    page = f"/applications/{DRAFT}/criteria/TL-02"
    answer = send(target, "an", page, f"/applications/{DRAFT}", {"claim": f"{MARK} {TEXTS[kind]}"})
    assert answer.status in {302, 303, 400}
    shown = target.ask(Line(target=page), "an").text
    assert [word for word in ACTIVE if word in shown] == []
    if kind in {"script", "attribute", "picture", "end of the field", "entities", "template", "format", "SQL"}:
        assert f"{MARK} {TEXTS[kind]}" in html.unescape(shown)


EXTRA = {
    "id",
    "user_id",
    "vendor_id",
    "state",
    "role",
    "roles",
    "is_admin",
    "password_hash",
    "email_verified_at",
    "level",
}


@pytest.mark.parametrize("name", ["own details", "company", "product", "claim", "sign-in"])
def test_fields_that_a_form_has_not_are_not_taken(target: Target, name: str) -> None:
    page, action, who, _fields = FORMS[name]
    typed = {**dict.fromkeys(EXTRA, "admin"), "roles": "admin", "state": "certified", "vendor_id": target.ids["vendor"]}
    send(target, who, page, action, typed)
    assert target.ask(Line(target="/people"), "bao").status == 404
    assert target.ask(Line(target=f"/applications/{DRAFT}"), "bao").status == 404
    assert "certified" not in target.ask(Line(target=f"/applications/{DRAFT}"), "an").text


SHAPES = {
    "every field twice": lambda fields: [*fields.items(), *fields.items()],
    "lists": lambda fields: [(f"{name}[]", text) for name, text in fields.items()],
    "numbered": lambda fields: [*fields.items(), *((f"{name}-{n}", "x") for name in fields for n in range(20))],
    "rows without end": lambda fields: [*fields.items(), *((f"data-{n}-kind", "x") for n in range(900))],
    "rows with strange numbers": lambda fields: [
        *fields.items(),
        ("data-²-kind", "x"),
        (f"data-{'9' * 5000}-kind", "x"),
    ],
    "too many": lambda fields: [*fields.items(), *((f"f{n}", "x") for n in range(1_100))],
    "nothing": lambda fields: [("csrf_token", fields["csrf_token"])],
    "names of names": lambda fields: [*fields.items(), ("__class__", "x"), ("csrf_token.__init__", "x"), ("", "x")],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["sign-up", "concern", "company", "claim", "product"])
def test_forms_of_another_shape_are_no_failure(target: Target, name: str, shape: str) -> None:
    page, action, who, _fields = FORMS[name]
    chosen = found(target, who, page, action)
    pairs = SHAPES[shape]({**chosen.fields, "csrf_token": target.token()})
    answer = target.ask(Line("POST", chosen.action, (FORM,), form(pairs)), who or ANYBODY)
    assert answer.status in {200, 302, 303, 400, 413, 422}


NUMBERS = ("-1", "0", "2147483648", "9223372036854775808", "9" * 400, "1e308", "NaN", "inf", "٣", "²", "0x10", "1_000")


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_out_of_range_are_told_not_stored(target: Target, number: str) -> None:
    before = target.rows()
    for page, action, who, typed in (
        (f"/applications/{DRAFT}/criteria/TL-01", f"/applications/{DRAFT}", "an", {"version": number, "claim": MARK}),
        ("/impartiality/meetings/new", "/impartiality/meetings/new", "lan", {"held_on": number}),
        ("/surveillance/plan/VCSC-26-0101-X", "", "chi", {"due_on": number}),
    ):
        if target.ask(Line(target=page), who).status == 200:
            answer = send(target, who, page, action, typed)
            assert answer.status in {200, 303, 400, 404, 409, 422}
    assert set(grown(before, target.rows())) <= {"answer", "answer_version", "history_entry", "history_text"}


ELSEWHERE = (
    *(
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        " //evil.example",
        "／／evil.example",
    ),
    *("https://evil.example", "https:evil.example", "http:///evil.example", "http://localhost.evil.example"),
    *("https://localhost@evil.example", "//localhost\\@evil.example", "%2f%2fevil.example", "/%09/evil.example"),
    *(
        "/\t/evil.example",
        "\x01//evil.example",
        "/a\r\nLocation: https://evil.example",
        "/.evil.example/../\\evil.example",
    ),
    *("javascript:alert(1)", "data:text/html,x", "/..//evil.example"),
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_to_this_site_only(target: Target, address: str) -> None:
    typed = {"email": "an@hatnang.example", "password": "một câu dài dễ nhớ", "next": address}
    answer = send(target, "", "/sign-in", "/sign-in", typed)
    assert answer.status in {302, 303, 422}
    location = answer.header("Location").replace("\\", "/")  # as browsers read it
    assert urlsplit(urljoin("http://localhost/sign-in", location))[:2] == ("http", "localhost")


UNKNOWN = {
    "/sign-in": ({"email": "an@hatnang.example", "password": "sai sai sai sai"}, {"email": "ai@hatnang.example"}),
    "/forgot-password": ({"email": "an@hatnang.example"}, {"email": "ai@hatnang.example"}),
    "/verify-email": ({"email": "an@hatnang.example"}, {"email": "ai@hatnang.example"}),
}


@pytest.mark.parametrize("place", UNKNOWN)
def test_known_and_unknown_accounts_are_told_the_same(target: Target, place: str) -> None:
    known, other = UNKNOWN[place]
    first = send(target, "", place, place, known)
    second = send(target, "", place, place, {**known, **other})
    assert first.status == second.status
    assert [name for name, _ in first.headers] == [name for name, _ in second.headers]
    told = [one.text.replace("an@hatnang", "x@hatnang").replace("ai@hatnang", "x@hatnang") for one in (first, second)]
    assert told[0].partition("csrf_token")[0] == told[1].partition("csrf_token")[0]


TWINS = (
    "AN@HATNANG.EXAMPLE",
    "an@hatnang.example ",
    "An@HatNang.Example",
    "an@hatnang.example\u200b",
    "\ufeffan@hatnang.example",
)


@pytest.mark.parametrize("email", TWINS)
def test_an_address_spelt_in_another_way_opens_no_second_account(target: Target, email: str) -> None:
    before = target.rows()
    secret = "thêm một câu thật dài"
    typed = {"name": "Kẻ giả danh", "email": email, "password": secret, "repeat": secret, "language": "vi"}
    answer = send(target, "", "/sign-up", "/sign-up", typed)
    assert answer.status in {302, 303, 422, 429}  # the last: all of them are counted as one
    assert grown(before, target.rows()).get("user", 0) == 0
