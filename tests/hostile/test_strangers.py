"""Every address of another company's things, with every method, for Bảo who owns another one, and for nobody."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import IntegerConverter, Rule

from registry import access
from tests.hostile.cast import DRAFT, REVIEWED, Target, grown
from tests.hostile.wire import FORM, Line, form

GROUPS = 8
MILD = {"OPTIONS", "HEAD"}
OWN = ("vendor:", "upload:vendor")  # asks for a company, whichever it is
OURS = re.compile(r"^(application|vendor|role|appeal|upload)")
ANY_ID = "00000000-0000-4000-8000-000000000000"


def addresses(target: Target) -> Iterator[tuple[str, str, str]]:
    """(what it asks for, method, address) of every route that is for somebody else, filled with ids that are not Bảo's.

    What a company does without naming anything is Bảo's own business, and left out.
    """
    with target.app.app_context():
        for rule in sorted(target.app.url_map.iter_rules(), key=lambda one: one.rule):
            asked = access.declared(rule.endpoint) or ""
            if OURS.match(asked) and (rule.arguments or not asked.startswith(OWN)):
                for values in fillings(rule, target):
                    path = target.app.url_map.bind("localhost").build(rule.endpoint, values)
                    yield from ((asked, method, path) for method in sorted(rule.methods or set()) if method not in MILD)


def fillings(rule: Rule, target: Target) -> Iterator[dict[str, object]]:
    """What can stand in an address: the files and pieces of Hạt Nắng, and the people of the club."""
    known = {"person_id": target.ids["dung"], "evidence_id": target.ids["evidence"], "code": "TL-01"}
    for ref in (DRAFT, REVIEWED) if "ref" in rule.arguments else ("",):
        yield {name: _value(name, ref, known, rule) for name in rule.arguments}


def _value(name: str, ref: str, known: dict[str, object], rule: Rule) -> object:
    if name == "ref":
        return ref
    if isinstance(rule._converters[name], IntegerConverter):
        return 2026 if name == "year" else 1
    if name == "number":
        return "VCSC-26-0101-X"
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
    for asked, method, path in given:
        body = b"" if method == "GET" else fields
        answer = target.ask(Line(method, path, (FORM,) if body else (), body), who)
        if who == "nobody":
            assert answer.status in {302, 303, 400, 401}, (method, path)
            assert answer.status in {400, 401} or "/sign-in" in answer.header("Location"), path
        else:
            assert answer.status in ({400, 403, 404} if asked.startswith(OWN) else {404}), (method, path)
    assert grown(before, target.rows()) == {}
