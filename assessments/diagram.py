"""Draws the procedure from the table of transitions, for docs/procedure.md and the public page."""

from collections.abc import Iterator

from assessments import appeals, certificates, complaints, concerns
from assessments.recourse import ComplaintAction, ComplaintState
from assessments.states import CertificateAction, CertificateState, CertificateStatus, State
from assessments.workflow import DEADLINES, REOPENING, TRANSITIONS, Transition

BEGIN, END = "<!-- generated from assessments/workflow.py -->", "<!-- end of what is generated -->"
APPEALS = ("<!-- generated from assessments/appeals.py -->", "<!-- end of the appeals -->")
COMPLAINTS = ("<!-- generated from assessments/complaints.py -->", "<!-- end of the complaints -->")
CONCERNS = ("<!-- generated from assessments/concerns.py -->", "<!-- end of the concerns -->")


LIFE = ("<!-- generated from assessments/certificates.py -->", "<!-- end of a certificate's life -->")
_HANDS = {  # who changes a certificate
    CertificateAction.SUSPEND: "one decider at once, a second within five days; or the committee after a surveillance",
    CertificateAction.REINSTATE: "two deciders; or the hearers of an appeal",
    CertificateAction.REDUCE: "two deciders; or the committee after a surveillance",
    CertificateAction.WITHDRAW: "two deciders; or the committee after a surveillance",
    CertificateAction.TERMINATE: "the company's owner",
}
_BY_DATE = (  # what the calendar does, without a job: see queries.certificates.status
    (CertificateStatus.SCHEDULED, CertificateStatus.ACTIVE, "the day of the announcement"),
    (CertificateStatus.ACTIVE, CertificateStatus.EXPIRED, "after the last day"),
    (CertificateStatus.SUSPENDED, CertificateStatus.EXPIRED, "after the last day"),
    (CertificateStatus.ACTIVE, CertificateStatus.SUPERSEDED, "the first day of the one that follows"),
    (CertificateStatus.SUSPENDED, CertificateStatus.SUPERSEDED, "the first day of the one that follows"),
)


def page(text: str) -> str:
    """A Markdown page with the generated parts between their marks renewed. Raises ValueError without the marks."""
    text = _renewed(text, (BEGIN, END), f"{mermaid()}\n\n{table()}")
    text = _renewed(text, LIFE, f"{life()}\n\n" + "\n".join(_life_rows()))
    text = _renewed(text, APPEALS, "\n".join(_appeal_rows()))
    text = _renewed(text, CONCERNS, "\n".join(_concern_rows()))
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


def _concern_rows() -> Iterator[str]:
    """Every step of a concern likewise."""
    yield "| action | from | to | by |"
    yield "|---|---|---|---|"
    for action, step in concerns.TRANSITIONS.items():
        yield f"| {action} | {', '.join(step.sources) or '–'} | {step.target or 'the same'} | {step.by} |"


def _hand(action: ComplaintAction, *, handler: bool) -> str:
    if action in {ComplaintAction.RECEIVE, ComplaintAction.ERASE_CONTACT}:
        return "anybody" if action is ComplaintAction.RECEIVE else "the clock"
    return "whoever has it in hand" if handler else "impartiality committee, auditor"


def life() -> str:
    """The statuses of a certificate and what leads from one to another, as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {CertificateStatus.SCHEDULED}: grant"]
    lines += [f"    {source} --> {target}: {why}" for source, target, why in _BY_DATE]
    for action, sources in certificates.FROM.items():
        for source in sources:
            lines.append(f"    {source} --> {_after(action, source)}: {action}")
    left = {source for source, _target, _why in _BY_DATE} | {
        one for found in certificates.FROM.values() for one in found
    }
    lines += [f"    {status} --> [*]" for status in CertificateStatus if status not in left]
    return "\n".join([*lines, "```"])


def _life_rows() -> Iterator[str]:
    """Every change of a certificate as a row of a Markdown table."""
    yield "| change | by | from | to |"
    yield "|---|---|---|---|"
    for action, sources in certificates.FROM.items():
        state = certificates.EFFECT[action][0]
        yield f"| {action} | {_HANDS[action]} | {', '.join(sources)} | {state or 'the same, one revision more'} |"
    for source, target, why in _BY_DATE:
        yield f"| – | the calendar: {why} | {source} | {target} |"


def _after(action: CertificateAction, source: CertificateStatus) -> str:
    state: CertificateState | None = certificates.EFFECT[action][0]
    return str(state or source)


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
