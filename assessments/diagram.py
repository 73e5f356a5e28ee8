"""Draws the procedure from the table of transitions, for docs/procedure.md and the public page."""

from collections.abc import Iterator

from assessments import appeals, complaints
from assessments.recourse import ComplaintAction, ComplaintState
from assessments.states import State
from assessments.workflow import DEADLINES, REOPENING, TRANSITIONS, Transition

BEGIN, END = "<!-- generated from assessments/workflow.py -->", "<!-- end of what is generated -->"
APPEALS = ("<!-- generated from assessments/appeals.py -->", "<!-- end of the appeals -->")
COMPLAINTS = ("<!-- generated from assessments/complaints.py -->", "<!-- end of the complaints -->")


def page(text: str) -> str:
    """A Markdown page with the generated parts between their marks renewed. Raises ValueError without the marks."""
    text = _renewed(text, (BEGIN, END), f"{mermaid()}\n\n{table()}")
    text = _renewed(text, APPEALS, "\n".join(_appeal_rows()))
    return _renewed(text, COMPLAINTS, "\n".join(_complaint_rows()))


def _renewed(text: str, marks: tuple[str, str], made: str) -> str:
    begin, end = marks
    before, rest = text.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n\n{made}\n\n{end}{after}"


def _appeal_rows() -> Iterator[str]:
    """Every step of an appeal as a row of a Markdown table."""
    yield "| action | permission | from | to | ready when |"
    yield "|---|---|---|---|---|"
    for action, step in appeals.TRANSITIONS.items():
        sources = ", ".join(step.sources) or "–"
        who, condition = step.permission or "the clock", _sentence(step.ready.__doc__)
        yield f"| {action} | {who} | {sources} | {step.target or 'the same'} | {condition} |"


def _complaint_rows() -> Iterator[str]:
    """Every step of a complaint likewise."""
    yield "| action | from | to | by |"
    yield "|---|---|---|---|"
    for action, step in complaints.TRANSITIONS.items():
        sources = "any" if set(step.sources) == set(ComplaintState) else ", ".join(step.sources) or "–"
        yield f"| {action} | {sources} | {step.target or 'the same'} | {_hand(action, handler=step.handler)} |"


def _hand(action: ComplaintAction, *, handler: bool) -> str:
    if action in {ComplaintAction.RECEIVE, ComplaintAction.ERASE_CONTACT}:
        return "anybody" if action is ComplaintAction.RECEIVE else "the clock"
    return "whoever has it in hand" if handler else "impartiality committee, auditor"


def mermaid() -> str:
    """The states and steps as a Mermaid state diagram; withdrawing, possible nearly everywhere, is left out."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    for action, step in TRANSITIONS.items():
        if step.target is not State.WITHDRAWN:
            lines += [f"    {source} --> {step.target}: {action}" for source in step.sources]
    left = {source for action, step in TRANSITIONS.items() if action not in REOPENING for source in step.sources}
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
    return _sentence(step.ready.__doc__)


def _sentence(doc: str | None) -> str:
    sentence = (doc or "").strip().splitlines()[0]
    return sentence[0].lower() + sentence[1:].rstrip(".")
