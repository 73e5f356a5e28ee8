"""The same thing twice at the same moment: one of the two is told that it was too late, and one row is written."""

import threading
from collections.abc import Callable

import pytest

from tests.hostile.cast import DRAFT, READY, REVIEWED, Target, grown
from tests.hostile.filling import found
from tests.hostile.test_uploads import action, body
from tests.hostile.wire import FORM, MULTIPART, Answer, Line, form
from tests.registry.evidence import samples

TIMES = 6


def at_once(target: Target, who: str, line: Line, times: int = TIMES) -> list[Answer]:
    """The same request from several connections, all let go together."""
    gate, told = threading.Barrier(times), []

    def press() -> None:
        gate.wait(30)
        told.append(target.ask(line, who))

    threads = [threading.Thread(target=press) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == times  # each was answered, and none with a failure
    return told


def post(target: Target, who: str, page: str, place: str, **typed: str) -> Line:
    """A form as it stands on its page, typed into once."""
    chosen = found(target, who, page, place)
    return Line("POST", chosen.action, (FORM,), form({**chosen.fields, **typed, "csrf_token": target.token()}))


CLAIM = f"/applications/{DRAFT}/criteria/TL-05"
SCORE = f"/reviews/{REVIEWED}?c=TL-02"
FORMS: dict[str, tuple[Callable[[Target], tuple[str, Line]], dict[str, int]]] = {
    "a claim": (lambda target: ("an", post(target, "an", CLAIM, "/applications", claim="Cùng lúc")), {"answer": 0}),
    "an application": (
        lambda target: ("bao", post(target, "bao", "/applications/new", "/applications", product="new", name_vi="Một")),
        {"application": 1, "product": 1},
    ),
    "a concern": (
        lambda target: (
            "",
            post(target, "", "/concerns/write", "/concerns", kind="other", text="Cùng một chuyện, gửi nhiều lần."),
        ),
        {"concern": 1},
    ),
    "a file": (
        lambda target: ("an", Line("POST", action(target), (MULTIPART,), body("a.txt", samples.TEXT + b"cung luc"))),
        {"stored_file": 1},
    ),
    "a score": (lambda target: ("ha", post(target, "ha", SCORE, "/reviews", mark="3")), {"score": 1}),
    "a link": (
        lambda target: (
            "bao",
            post(target, "bao", "/evidence/link", "/evidence/link", title="Một", url="https://botre.example/mot"),
        ),
        {},
    ),
    "an interest": (
        lambda target: (
            "lan",
            post(
                target,
                "lan",
                "/account/interests/new",
                "/account/interests/new",
                organisation="Một",
                since="2020-01-01",
            ),
        ),
        {"interest": 1},
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_one_of_many_at_the_same_moment_is_written_once(target: Target, name: str) -> None:
    make, wanted = FORMS[name]
    who, line = make(target)
    before = target.rows()
    told = at_once(target, who, line)
    assert {one.status for one in told} <= {200, 302, 303, 400, 409, 422, 429}
    after = grown(before, target.rows())
    assert {table: after.get(table, 0) for table in wanted} == wanted


def test_numbers_are_given_out_one_by_one(target: Target) -> None:
    line = post(target, "bao", "/applications/new", "/applications", product="new", name_vi="Nhiều")
    told = at_once(target, "bao", line)
    led = [one.header("Location") for one in told if one.status in {302, 303}]
    assert len(led) == len(set(led)) or len(set(led)) == 1
    refs = target.rows()["application"]
    assert refs >= len(set(led))


def test_two_who_submit_hand_in_once(target: Target) -> None:
    before = target.rows()
    fields = form({"csrf_token": target.token()})
    told = at_once(target, "an", Line("POST", f"/applications/{READY}/submit", (FORM,), fields))
    assert {one.status for one in told} <= {302, 303, 400, 409, 422}
    assert grown(before, target.rows()).get("submission", 0) == 1
