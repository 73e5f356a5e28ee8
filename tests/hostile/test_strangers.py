"""Every address of another company's things, with every method, for Bảo who owns another one, and for nobody."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from registry import access
from tests.hostile.cast import DRAFT, REVIEWED, Target, grown
from tests.hostile.wire import FORM, Line, form

GROUPS = 8
OURS = re.compile(r"^(application|vendor|role|appeal|upload)")
ANY_ID = "00000000-0000-4000-8000-000000000000"


def addresses(target: Target) -> Iterator[tuple[str, str]]:
    """(method, address) of every route that is not for everybody, filled with the ids of what is not Bảo's."""
    with target.app.app_context():
        for rule in sorted(target.app.url_map.iter_rules(), key=lambda one: one.rule):
            if OURS.match(access.declared(rule.endpoint) or ""):
                for values in fillings(rule, target):
                    path = target.app.url_map.bind("localhost").build(rule.endpoint, values)
                    yield from ((method, path) for method in (rule.methods or set()) - {"OPTIONS", "HEAD"})


def fillings(rule: Rule, target: Target) -> Iterator[dict[str, object]]:
    """What can stand in an address: the files and pieces of Hạt Nắng, and the people of the club."""
    known = {"person_id": target.ids["dung"], "evidence_id": target.ids["evidence"], "code": "TL-01", "number": 1}
    for ref in (DRAFT, REVIEWED) if "ref" in rule.arguments else ("",):
        yield {name: _value(name, ref, known, rule) for name in rule.arguments}


def _value(name: str, ref: str, known: dict[str, object], rule: Rule) -> object:
    if name == "ref":
        return ref
    if rule.endpoint.startswith(("evidence.page", "evidence.own_page", "decisions.minutes")) and name == "number":
        return 1
    if name == "number":
        return "VCSC-26-0101-X"
    if name in {"year", "place", "index"}:
        return 2026 if name == "year" else 1
    return known.get(name, ANY_ID if name.endswith("_id") and name != "edition_id" else "vcsc-2026")


@pytest.mark.parametrize("who", ["bao", "nobody"])
@pytest.mark.parametrize("group", range(GROUPS))
def test_a_stranger_meets_nothing_behind_any_address(target: Target, who: str, group: int) -> None:
    before = target.rows()
    given = list(addresses(target))[group::GROUPS]
    assert len(given) > 30
    fields = form(
        {"csrf_token": target.token(), "claim": "x", "reason": "x", "text": "x", "name": "x", "role": "owner"}
    )
    for method, path in given:
        body = b"" if method == "GET" else fields
        answer = target.ask(Line(method, path, (FORM,) if body else (), body), who)
        shown = answer.status == 200 and who == "bao" and not OF_OTHERS.search(path)
        assert shown or answer.status in {302, 303, 400, 401, 403, 404, 405, 409, 411, 412, 415, 422}, (method, path)
        if answer.status in {302, 303} and who == "nobody":
            assert "/sign-in" in answer.header("Location"), path
    assert grown(before, target.rows()).keys() <= OWN_BUSINESS


# What is another's: files, pieces, people and everything of the office. Bảo's own pages have no id in them.
OF_OTHERS = re.compile(r"HS-\d{4}-\d{4}|[0-9a-f]{8}-[0-9a-f-]{27}|^/(?:people|triage|intake|audit|reviews|decisions)")
OWN_BUSINESS = {"company_export", "export", "job", "letter", "history_entry", "history_text"}  # of Bờ Tre, by Bảo
