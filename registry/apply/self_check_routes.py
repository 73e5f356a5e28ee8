"""Routes of the self-check: nothing is stored, what was answered travels in the forms from page to page."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirection

from assessments.clock import today
from assessments.errors import Invalid, NotFound
from criteria.model import Edition
from registry import access
from registry.applications import sentences
from registry.apply import words
from registry.apply.blueprint import bp, edition_in_force
from registry.apply.forms import STALE, Product, posted_product, product_of
from registry.apply.self_check import MARK, SelfCheck, marks_of

P = ParamSpec("P")


def on_self_check(
    view: Callable[Concatenate[SelfCheck, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Read the self-check out of the form; where the product is not fully described, show that page again."""

    @wraps(view)
    def read(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        edition = _posted_edition()
        form, marks = posted_product(edition), marks_of(edition, request.form.items())
        if not form.validate():
            return _product_page(edition, form, marks), 422
        return view(SelfCheck(edition, form.profile(), marks), *args, **kwargs)

    return read


@bp.get("/self-check")
@access.public
def self_check() -> str:
    """The first page: what the product is."""
    edition = edition_in_force()
    return _product_page(edition, product_of(edition, {}), {})


@bp.get("/self-check/criteria")
@bp.get("/self-check/criteria/<group>")
@bp.get("/self-check/result")
@bp.get("/self-check/document")
@access.public
def begin_again(group: str = "") -> Redirection:
    """Pages that live by what a form sends, opened without it: begin at the beginning."""
    return redirect(url_for("apply.self_check"))


@bp.post("/self-check")
@access.public
def product() -> str:
    """The first page again, with what was answered."""
    edition = _posted_edition()
    return _product_page(edition, posted_product(edition), marks_of(edition, request.form.items()))


@bp.post("/self-check/criteria")
@access.public
@on_self_check
def scope(check: SelfCheck) -> str:
    """Which criteria apply, and why."""
    return render_template("apply/scope.html", check=check, edition=check.edition, sentences=sentences)


@bp.post("/self-check/criteria/<group>")
@access.public
@on_self_check
def marks(check: SelfCheck, group: str) -> str:
    """The marks of one group, with the rubric beside them."""
    if group not in {one.code for one in check.edition.groups}:
        raise NotFound
    part = check.part(group)
    if part is None:
        return render_template("apply/scope.html", check=check, edition=check.edition, sentences=sentences)
    place = check.parts.index(part)
    return render_template(
        "apply/marks.html",
        check=check,
        edition=check.edition,
        part=part,
        number=place + 1,
        before=check.parts[place - 1] if place else None,
        after=check.parts[place + 1] if place + 1 < len(check.parts) else None,
        sentences=sentences,
        rubric_of=words.rubric,
        mark_field=MARK,
    )


@bp.post("/self-check/result")
@access.public
@on_self_check
def result(check: SelfCheck) -> str:
    """What the marks would give, and what stands between this and the next level."""
    document = json.dumps(check.document(), ensure_ascii=False, separators=(",", ":"))
    return render_template(
        "apply/result.html",
        check=check,
        edition=check.edition,
        document=document,
        shown=words.shown,
        today=today(),
    )


@bp.post("/self-check/document")
@access.public
@on_self_check
def document(check: SelfCheck) -> Response:
    """The answers as a file to keep, which an application can be filled from."""
    text = json.dumps(check.document(), ensure_ascii=False, indent=2) + "\n"
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"self-check-{check.edition.id}.json")
    return response


def _posted_edition() -> Edition:
    """The edition in force, when the form was made for it; refuses a form of another one (Invalid)."""
    edition = edition_in_force()
    if request.form.get("edition") != edition.id:
        raise Invalid(STALE, edition=edition.id)
    return edition


def _product_page(edition: Edition, form: Product, marks: dict[str, str]) -> str:
    kept = [(MARK + code, mark) for code, mark in marks.items()]
    return render_template("apply/self_check.html", edition=edition, form=form, kept=kept)
