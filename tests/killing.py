"""A process that is killed at a chosen point: a child of the test, with connections of its own, ends without a word."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from sqlmodel import Session

KILLED = 137
BROKEN = 70


@dataclass
class Points:
    """Every moment just before and just after a commit; the process ends at the one that was chosen."""

    chosen: int
    passed: int = 0

    def pass_one(self) -> None:
        """Come to the next point."""
        if self.passed == self.chosen:
            os._exit(KILLED)
        self.passed += 1


def killed_at(app: Flask, point: int, act: Callable[[], None]) -> bool:
    """Do something in a child that is killed at a point; False when it came to its end before."""
    child = os.fork()
    if child == 0:
        _live(app, point, act)
    _pid, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, KILLED}, f"the child failed by itself: {code}"
    return code == KILLED


def _live(app: Flask, point: int, act: Callable[[], None]) -> None:
    """The whole life of the child; what it prints goes where the test's output goes."""
    try:
        app.extensions["engine"].dispose(close=False)  # the parent's connections are the parent's
        points = Points(point)
        commit = Session.commit

        def counted(session: Session) -> None:
            points.pass_one()
            commit(session)
            points.pass_one()

        Session.commit = counted  # type: ignore[method-assign]
        with app.app_context():
            act()
    except BaseException:
        import traceback  # noqa: PLC0415  only a child that fails needs it

        traceback.print_exc()
        os._exit(BROKEN)
    os._exit(0)
