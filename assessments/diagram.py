"""Draws the procedure from the table of transitions, for docs/procedure.md and the public page."""

from collections.abc import Iterator

from assessments.states import State
from assessments.workflow import DEADLINES, TRANSITIONS, Transition

BEGIN, END = "<!-- generated from assessments/workflow.py -->", "<!-- end of what is generated -->"


def page(text: str) -> str:
    """A Markdown page with the generated part between BEGIN and END renewed. Raises ValueError without the marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{mermaid()}\n\n{table()}\n\n{END}{after}"


def mermaid() -> str:
    """The states and steps as a Mermaid state diagram; withdrawing, possible nearly everywhere, is left out."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    for action, step in TRANSITIONS.items():
        if step.target is not State.WITHDRAWN:
            lines += [f"    {source} --> {step.target}: {action}" for source in step.sources]
    left = {source for step in TRANSITIONS.values() for source in step.sources}
    lines += [f"    {state} --> [*]" for state in State if state not in left]
    return "\n".join([*lines, "```"])


def table() -> str:
    """Every step as a row of a Markdown table."""
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield "| action | permission | from | to | ready when |"
    yield "|---|---|---|---|---|"
    for action, step in TRANSITIONS.items():
        sources = ", ".join(step.sources)
        yield f"| {action} | {step.permission or 'the clock'} | {sources} | {_target(step)} | {_condition(step)} |"


def _target(step: Transition) -> str:
    return f"{step.target} (with a deadline)" if step.target in DEADLINES else str(step.target)


def _condition(step: Transition) -> str:
    sentence = (step.ready.__doc__ or "").strip().splitlines()[0]
    return sentence[0].lower() + sentence[1:].rstrip(".")
