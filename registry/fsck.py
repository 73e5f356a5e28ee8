"""Checks that files, history and tables agree: `flask --app registry fsck`; sweeps what cut work left behind."""

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlmodel import Session, col, func, select

from assessments.appeals import TRANSITIONS as APPEAL_TRANSITIONS
from assessments.clock import now
from assessments.complaints import TRANSITIONS as COMPLAINT_TRANSITIONS
from assessments.complaints import contact_until
from assessments.models import (
    Appeal,
    AppealStep,
    Application,
    Certificate,
    CommitteeSeat,
    Complaint,
    ComplaintStep,
    Decision,
    HistoryEntry,
    Listing,
    Minutes,
    StoredFile,
    Submission,
    TestAccess,
    Vote,
)
from assessments.queries import reading, stored, uploads
from assessments.queries.certificates import is_public
from assessments.queries.evidence import stored_elsewhere
from assessments.queries.scans import quarantined_before
from assessments.queries.seats import bodies_of
from assessments.queries.standings import OVER
from assessments.queries.submissions import digest_of
from assessments.reading import begin_anew, forget
from assessments.scans import KEPT
from assessments.states import Action, State
from assessments.workflow import TRANSITIONS
from criteria import store
from registry import db, guarantees, revisions, storage
from registry.accounts import checks as accounts
from registry.audit import trail
from registry.backups import digests, rows
from registry.certificates import checks as lasting
from registry.changes import checks as kept
from registry.concerns import checks as concerned
from registry.evidence.files import discard_unneeded
from registry.evidence.stretch import arrived_of
from registry.guides import checks as shelves
from registry.issuing import checks

GRACE = timedelta(hours=24)  # younger files may belong to an upload that still runs
BATCH = 500
PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """What the command was asked to do."""

    quick: bool = False
    repair: bool = False
    grace: timedelta = GRACE


Check = Callable[[Session, Asked], Iterator[str]]


@click.command("fsck")
@click.option("--repair", is_flag=True, help="Remove files that no row needs, and temporary files of cut uploads.")
@click.option("--digest", is_flag=True, help="Check nothing; print a digest of all rows and one of all files.")
@click.option("--quick", is_flag=True, help="Compare the sizes of files only; do not read them.")
@click.option(
    "--all", "everything", is_flag=True, help="Count files younger than a day too: while the site is stopped."
)
@with_appcontext
def command(*, repair: bool, quick: bool, everything: bool, digest: bool) -> None:
    """Check that files, history and tables agree. Ends with 1 when something is wrong."""
    if digest:
        say_digests()
        return
    asked = Asked(quick=quick, repair=repair, grace=timedelta(0) if everything else GRACE)
    wrong = 0
    for sentence in findings(asked):
        click.echo(sentence)
        wrong += 1
    click.echo("clean" if not wrong else f"{wrong} findings")
    if wrong:
        sys.exit(1)


def say_digests() -> None:
    """What a registry holds, in two lines: the same for the same, in whichever database and storage."""
    revisions.require(db.engine())
    with rows.snapshot(db.engine()) as connection:
        click.echo(f"tables {digests.of_tables(connection)}")
        click.echo(f"files {digests.of_files(Session(connection), storage.current())}")


def findings(asked: Asked) -> Iterator[str]:
    """Everything that is wrong, as sentences; what is swept is told on stderr."""
    for check in CHECKS:
        with db.reading() as session:
            yield from check(session, asked)


def stored_files(session: Session, asked: Asked) -> Iterator[str]:
    """Every row has its bytes, whole, but for those that were harmful and erased."""
    for sha256, size in stored.needed(session, pictures=False):
        kept = storage.current().size(sha256)
        if kept is None:
            yield f"File {sha256} is gone."
        elif kept != size:
            yield f"File {sha256} has {kept} bytes instead of {size}."
        elif not asked.quick and _hash_of(sha256) != sha256:
            yield f"File {sha256} holds other bytes than it was stored with."


def pages(session: Session, asked: Asked) -> Iterator[str]:
    """Every page that was made has its picture, whole, and a file; the worker makes anew what is repaired here."""
    broken = {of for of, name, size in reading.pictures(session) if not _is_whole(name, size, asked)}
    lost = reading.without_file(session)
    if asked.repair:
        with db.writing() as writing:
            freed = forget(writing, lost) | begin_anew(writing, broken - set(lost))
        discard_unneeded(freed)
        _say_swept([f"the pages of {name}" for name in sorted(broken | set(lost))])
        return
    yield from (f"Pages of file {name} are gone or changed." for name in sorted(broken))
    yield from (f"Pages of file {name} are left, and the file is not." for name in lost)


def _is_whole(name: str, size: int, asked: Asked) -> bool:
    if storage.current().size(name) != size:
        return False
    return asked.quick or _hash_of(name) == name


def _hash_of(sha256: str) -> str:
    found = hashlib.sha256()
    with storage.current().open(sha256) as source:
        while piece := source.read(PIECE_BYTES):
            found.update(piece)
    return found.hexdigest()


def orphans(session: Session, asked: Asked) -> Iterator[str]:
    """No bytes without a row: an upload was interrupted between the two."""
    every = storage.current().names()
    while names := list(islice(every, BATCH)):
        unneeded = sorted(set(names) - stored_elsewhere(session, names))
        old = [name for name in unneeded if _is_old(name, asked.grace)]
        if asked.repair:
            discard_unneeded(old)
            _say_swept(old)
        else:
            yield from (f"File {name} is needed by nobody." for name in old)


def _is_old(name: str, grace: timedelta) -> bool:
    try:
        return storage.current().age(name) >= grace
    except FileNotFoundError:  # somebody removed it since it was listed
        return False


def leftovers(_session: Session, asked: Asked) -> Iterator[str]:
    """No temporary file of an upload that was cut."""
    old = storage.current().leftovers(asked.grace)
    if not asked.repair:
        yield from (f"Temporary file {path.name} was left by an upload that was cut." for path in old)
        return
    for path in old:
        Path(path).unlink(missing_ok=True)
    _say_swept([path.name for path in old])


def unfinished(session: Session, asked: Asked) -> Iterator[str]:
    """Every upload under way has its bytes, and no bytes of an upload are there that nobody waits for."""
    waiting = uploads.everything(session)
    for upload in waiting:
        if upload.received and not storage.current().unfinished.holds(arrived_of(upload)):
            yield f"Upload {upload.id} has lost bytes that were acknowledged."
    known = {upload.id.hex for upload in waiting}
    for arrived, age in storage.current().unfinished.begun():
        if arrived.name in known or age < asked.grace:
            continue
        if asked.repair:
            storage.current().unfinished.drop(arrived)
            _say_swept([arrived.name])
        else:
            yield f"Bytes of upload {arrived.name} are waited for by nobody."


def _say_swept(names: list[str]) -> None:
    for name in names:
        click.echo(f"Swept {name}.", err=True)


def submissions(session: Session, _asked: Asked) -> Iterator[str]:
    """Every snapshot has the digest it was given, the number it should have, and its files."""
    rows = session.exec(
        select(Application.ref, Submission)
        .join(Submission, col(Submission.application_id) == col(Application.id))
        .order_by(col(Application.ref), col(Submission.number))
        .execution_options(yield_per=20)
    )
    erased = set(session.exec(select(StoredFile.sha256).where(col(StoredFile.erased_at).is_not(None))).all())
    last = ("", 0)
    for ref, submission in rows:
        name = f"Submission {submission.number} of {ref}"
        if digest_of(submission.content) != submission.digest:
            yield f"{name} was changed."
        if submission.number != (last[1] + 1 if last[0] == ref else 1):
            yield f"{name} does not follow the one before it."
        for sha256 in sorted(_files_of(submission.content) - erased):
            if not storage.current().exists(sha256):
                yield f"{name} lists the file {sha256}, which is gone."
        last = (ref, submission.number)


def _files_of(content: Any) -> set[str]:
    pieces = [piece for answer in content.get("answers", {}).values() for piece in answer.get("evidence", ())]
    return {piece["file"]["sha256"] for piece in pieces if "file" in piece}


def quarantine(session: Session, _asked: Asked) -> Iterator[str]:
    """What was found harmful is erased in time; the worker does it within a day."""
    for file in quarantined_before(session, now() - KEPT - GRACE):
        yield f"File {file.sha256} was found harmful on {file.scanned_at:%Y-%m-%d} and is still there."


def sealed_accounts(session: Session, _asked: Asked) -> Iterator[str]:
    """Nothing is left of the test accounts of an application that is over."""
    question = (
        select(Application.ref)
        .join(TestAccess, col(TestAccess.application_id) == col(Application.id))
        .where(col(Application.state).in_(OVER), col(TestAccess.sealed).is_not(None))
        .distinct()
        .order_by(col(Application.ref))
    )
    for ref in session.exec(question):
        yield f"{ref} is over and still has test accounts that can be opened."


def states(session: Session, _asked: Asked) -> Iterator[str]:
    """Every application came to its state by steps that the procedure knows; what left the draft was handed in."""
    handed_in = set(session.exec(select(Submission.application_id).distinct()).all())
    moves: dict[Any, list[HistoryEntry]] = {}
    for entry in session.exec(select(HistoryEntry).order_by(col(HistoryEntry.seq))):
        if entry.certificate_id is None and entry.from_state:
            moves.setdefault(entry.application_id, []).append(entry)
    for application in session.exec(select(Application).order_by(col(Application.ref))):
        yield from _illegal(application, moves.get(application.id, []))
        if application.edition_digest and application.id not in handed_in:
            yield f"{application.ref} counts as submitted and has no submission."


def _illegal(application: Application, moves: list[HistoryEntry]) -> Iterator[str]:
    state = State.DRAFT
    for entry in moves:
        step = TRANSITIONS.get(Action(entry.action)) if entry.action in set(Action) else None
        known = step is not None and state in step.sources and entry.to_state == step.target
        if entry.from_state != state or not known:
            yield f"{application.ref} came from {state} to {entry.to_state} by {entry.action}, step {entry.seq}."
        state = State(entry.to_state)
    if state is not application.state:
        yield f"{application.ref} is in {application.state}, its history ends in {state}."


def decisions(session: Session, _asked: Asked) -> Iterator[str]:
    """Every decision was agreed with by as many others as its edition asks for, and has its minutes."""
    agreed = (
        select(func.count())
        .where(col(Vote.proposal_id) == col(Decision.proposal_id), col(Vote.agrees), col(Vote.fell_at).is_(None))
        .scalar_subquery()
    )
    columns: list[Any] = [Application.ref, Application.edition_id, Decision.number, agreed, Minutes.decision_id]
    question = (
        select(*columns)
        .join(Decision, col(Decision.application_id) == col(Application.id))
        .outerjoin(Minutes, col(Minutes.decision_id) == col(Decision.id))
        .order_by(col(Application.ref), col(Decision.number))
    )
    for ref, edition_id, number, votes, minutes in session.execute(question):
        needed = store.load(edition_id).quorum.agreeing
        if votes < needed:
            yield f"Decision {number} on {ref} was agreed with by {votes} members instead of {needed}."
        if minutes is None:
            yield f"Decision {number} on {ref} has no minutes."


def appeals(session: Session, _asked: Asked) -> Iterator[str]:
    """Every appeal came to its state by steps of its own table."""
    yield from _walked(session, (Appeal, AppealStep, "appeal_id"), {**APPEAL_TRANSITIONS})


def complaints(session: Session, _asked: Asked) -> Iterator[str]:
    """Every complaint came to its state by steps of its own table, and forgets how to reach the complainant in time."""
    yield from _walked(session, (Complaint, ComplaintStep, "complaint_id"), {**COMPLAINT_TRANSITIONS})
    for one in session.exec(select(Complaint).where(col(Complaint.contact).is_not(None)).order_by(Complaint.number)):
        if contact_until(one) + GRACE < now():
            yield f"{one.number} is closed and still says how to reach the complainant."


def _walked(session: Session, tables: tuple[Any, Any, str], transitions: Mapping[Any, Any]) -> Iterator[str]:
    """What is wrong with the ways of a table's rows, whose steps stand in another one under its key."""
    table, step_table, key = tables
    steps: dict[Any, list[tuple[str, Any]]] = {}
    question = select(HistoryEntry.action, step_table).join(step_table, col(step_table.seq) == col(HistoryEntry.seq))
    for action, step in session.exec(question.order_by(col(HistoryEntry.seq))):
        steps.setdefault(getattr(step, key), []).append((action, step))
    for one in session.exec(select(table).order_by(col(table.number))):
        yield from _illegal_steps(one, steps.get(one.id, []), transitions)


def _illegal_steps(one: Any, steps: list[tuple[str, Any]], transitions: Mapping[Any, Any]) -> Iterator[str]:
    state = ""
    for action, step in steps:
        known = transitions[action]
        target = known.target or state
        if step.from_state != state or (state or None) not in (known.sources or (None,)) or step.to_state != target:
            yield f"{one.number} came from {state} to {step.to_state} by {action}, step {step.seq}."
        state = step.to_state
    if state != one.state:
        yield f"{one.number} is in {one.state}, its steps end in {state}."


def concerns(session: Session, _asked: Asked) -> Iterator[str]:
    """Concerns keep nothing that they should not: see registry.concerns.checks."""
    yield from concerned.concerns(session)


def listings(session: Session, _asked: Asked) -> Iterator[str]:
    """Every product with a certificate that the public may see is in the catalogue."""
    listed = set(session.exec(select(Listing.product_id).distinct()).all())
    for certificate in session.exec(select(Certificate).order_by(col(Certificate.number))):
        if is_public(certificate, certificate.valid_from) and certificate.product_id not in listed:
            yield f"The product of {certificate.number} is not in the catalogue."


def seats(session: Session, _asked: Asked) -> Iterator[str]:
    """Nobody is shown in public on a body whose role they do not hold any more."""
    for seat in session.exec(select(CommitteeSeat)).all():
        if seat.body not in bodies_of(session, seat.person_id):
            yield f"A seat ({seat.body}) of person {seat.person_id} is public without their role."


def log_of_history(session: Session, _asked: Asked) -> Iterator[str]:
    """The history has every step that the log remembers."""
    if contradiction := trail.first_contradiction(session):
        yield contradiction


CHECKS: tuple[Check, ...] = (
    stored_files,
    pages,
    orphans,
    leftovers,
    unfinished,
    trail.sound,
    log_of_history,
    submissions,
    quarantine,
    sealed_accounts,
    states,
    decisions,
    appeals,
    complaints,
    concerns,
    *(listings, seats, kept.register, lasting.lasting, shelves.numbers),
    *checks.CHECKS,
    accounts.closed_accounts,
    guarantees.constraints,
)
