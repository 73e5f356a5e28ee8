"""A process that is killed at a chosen point: a child of the test, with connections of its own, ends without a word.

The points are every moment just before and just after a commit, just before and just after the disk is told to keep,
rename, link or remove a file, and, where a test asks for it, before each statement. Nothing of this is in the program:
the child wraps what Python itself offers, and no setting can switch it on.
"""

import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import Flask
from sqlalchemy import event
from sqlmodel import Session

KILLED = 137
BROKEN = 70
ON_DISK = ("fsync", "replace", "rename", "link", "unlink")


@dataclass
class Points:
    """The moments that come by; the process ends at the one that was chosen."""

    chosen: int
    passed: int = 0

    def pass_one(self, *_whatever: object) -> None:
        """Come to the next point."""
        if self.passed == self.chosen:
            os._exit(KILLED)
        self.passed += 1

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """The same act with a point before and one after it."""

        def watched(*arguments: Any, **values: Any) -> Any:
            self.pass_one()
            done = act(*arguments, **values)
            self.pass_one()
            return done

        return watched


def killed_at(app: Flask, point: int, act: Callable[[], object], *, statements: bool = False) -> bool:
    """Do something in a child that is killed at a point; False when it came to its end before."""
    child = os.fork()
    if child == 0:
        _live(app, Points(point), act, statements=statements)
    _pid, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, KILLED}, f"the child failed by itself: {code}"
    return code == KILLED


def _live(app: Flask, points: Points, act: Callable[[], object], *, statements: bool) -> NoReturn:
    """The whole life of the child; what it prints goes where the test's output goes."""
    try:
        app.extensions["engine"].dispose(close=False)  # the parent's connections are the parent's
        Session.commit = points.around(Session.commit)  # type: ignore[method-assign]
        for name in ON_DISK:
            setattr(os, name, points.around(getattr(os, name)))
        if statements:
            event.listen(app.extensions["engine"], "before_cursor_execute", points.pass_one)
        with app.app_context():
            act()
    except BaseException:
        traceback.print_exc()
        os._exit(BROKEN)
    os._exit(0)
