"""Routes under /find: one question a page, then a short list; the answers stand in the address and nowhere else."""

from typing import Any

from flask import Blueprint, render_template, request

from assessments.clock import today
from assessments.queries import choosing
from registry import access, catalogue, db
from registry.find import questions
from registry.find.reasons import fit_of

bp = Blueprint("find", __name__, url_prefix="/find")


@bp.get("")
@access.public
def index() -> str:
    """A question, with what was answered before; an address that names none gets the first."""
    edition = catalogue.current_edition()
    if edition is None:
        return render_template("find/index.html", question=None)
    answers = questions.read(request.args, edition)
    number = request.args.get("step", "")
    place = min(max(int(number), 1), len(questions.STEPS)) if number.isascii() and number.isdigit() else 1
    step = questions.STEPS[place - 1]
    return render_template(
        "find/index.html",
        question=questions.question(step, answers, edition),
        kept=answers.without(step).pairs,
        steps=len(questions.STEPS),
        last=place == len(questions.STEPS) or "change" in request.args,
        **_ways(answers, place, change="change" in request.args),
        fitting=choosing.count(db.session(), answers.wish, today()) if answers.given else None,
        results_url=questions.address(answers),
    )


@bp.get("/results")
@access.public
def show() -> str:
    """At most six products with reasons and gaps; when none fits, which answer to drop."""
    edition = catalogue.current_edition()
    answers = questions.read(request.args, edition) if edition else questions.Answers({})
    session, day = db.session(), today()
    found = choosing.fitting(session, answers.wish, day)
    return render_template(
        "find/show.html",
        answers=[_answer(step, answers) for step in questions.STEPS],
        asked=bool(answers.given),
        fits=[fit_of(one, answers) for one in found.listings],
        total=found.total,
        compared=choosing.COMPARED,
        loosened=[] if found.total else _loosened(answers),
        everything={facet: list(values) for facet, values in answers.wish.all().items()},
        edition=edition,
    )


def _ways(answers: questions.Answers, place: int, *, change: bool) -> dict[str, Any]:
    """Where the links of a question lead: to the one before, and past this one."""
    step = questions.STEPS[place - 1]
    following = "" if change or place == len(questions.STEPS) else questions.STEPS[place]
    before = questions.STEPS[place - 2] if place > 1 else ""
    return {
        "skip_url": questions.address(answers.without(step), following),
        "back_url": questions.address(answers) if change else questions.address(answers, before) if before else "",
    }


def _answer(step: str, answers: questions.Answers) -> dict[str, str]:
    """One answer as the results repeat it, and where to change it."""
    value = "; ".join(questions.label(step, one) for one in answers.of(step))
    return {"term": questions.short(step), "value": value, "url": questions.address(answers, step, change=True)}


def _loosened(answers: questions.Answers) -> list[dict[str, Any]]:
    """Which one answer to drop so that something fits, what brings most first."""
    dropped = {step: answers.without(step) for step in answers.given}
    found = choosing.counts(db.session(), {step: one.wish for step, one in dropped.items()}, today())
    return [
        {"label": questions.short(step), "url": questions.address(dropped[step]), "count": found[step]}
        for step in sorted(found, key=lambda one: -found[one])
    ]
