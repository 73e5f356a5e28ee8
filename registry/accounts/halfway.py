"""Between the password and the second factor: for every page but those that ask for it, nobody is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from flask import abort, g, redirect, request, url_for
from flask_login import current_user

from registry import access, db
from registry.accounts import factors
from registry.accounts.models import User

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[Concatenate[User, P], R]


def person() -> User | None:
    """Who has shown a password here and still owes a second factor."""
    if current_user.is_authenticated:  # asking loads whoever it is
        return None
    return cast("User | None", g.get("halfway"))


def owing(view: View[P, R]) -> Callable[P, R]:
    """Declare a page that asks for the factor: for whoever owes one, and is the view's first argument."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        user = person()
        if user is None and current_user.is_authenticated:
            abort(redirect(url_for("accounts.account")))
        if user is None:
            abort(401)
        return view(user, *args, **kwargs)

    setattr(guarded, access.DECLARED, "owing a factor")
    return guarded


def enrolling(view: View[P, R]) -> Callable[P, R]:
    """Declare a page that sets up factors: for whoever is signed in, or must set up their first one to be so.

    Whoever has one and has not shown it yet is asked for it: nobody puts a factor of their own beside it.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        user = person()
        if user is not None and factors.has_any(db.session(), user.id):
            abort(redirect(url_for("accounts.factor", next=request.args.get("next") or None)))
        return view(user or cast("User", access.me()), *args, **kwargs)

    setattr(guarded, access.DECLARED, "setting up factors")
    return guarded
