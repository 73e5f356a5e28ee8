"""Periodic work: scanning, documents, pages, archives, figures, reminders, letters, deadlines, and a sign of life."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from types import FrameType
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session, col, select

from assessments import (
    announcements,
    appeals,
    catalogue,
    changes,
    conditions,
    expiries,
    questions,
    reliability,
    reminders,
    surveillance,
    transparency,
    workflow,
)
from assessments.clock import now, today
from assessments.editions import changed as changed_editions
from assessments.errors import Refused
from assessments.models import Appeal, Application, Certificate, Condition, EditionPublication
from assessments.queries import announcements as announced
from assessments.queries import appeals as appealed
from assessments.queries import expiries as speakable
from assessments.queries import questions as asked
from assessments.queries import register
from assessments.queries import reliability as agreement
from assessments.queries.conditions import to_remind as near_conditions
from assessments.queries.expiries import Saying
from assessments.queries.reminders import near
from assessments.queries.surveillance import to_plan as unplanned
from registry import db, issuing, journal, revisions, storage, timekeeping
from registry.accounts import attempts, challenges, forgetting, security_events, sessions
from registry.audit import making as case_files
from registry.certificates import papers as certificate_papers
from registry.company import exports
from registry.competences.upkeep import remind_of_expiry
from registry.complaints import upkeep as upkept
from registry.concerns import upkeep as concerns_upkeep
from registry.copies import upkeep as copies
from registry.criteria import upkeep as transitions
from registry.data import files as open_data
from registry.decisions import minutes
from registry.documents import making
from registry.evidence import rendering, upkeep
from registry.evidence.scans import erase_harmful, scan_files
from registry.log import upkeep as log_upkeep
from registry.mail import failures, outbox, transport
from registry.mail.models import WORKER, Attachment, Heartbeat, Letter
from registry.misuse import upkeep as misuse_upkeep
from registry.subscriptions import sending
from registry.tokens import upkeep as tokens_upkeep
from registry.transparency import documents as situation

EVERY_SECONDS = 5.0
BEAT_EVERY = timedelta(seconds=20)
LONG_SECONDS = 1.0  # of one job
TURN_SECONDS = 30.0  # letters may keep a turn so long; the others wait for the next
LOGGING = (log_upkeep.note_history, log_upkeep.sign)

log = logging.getLogger("registry.worker")


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Work until told to stop; a failure of one job is logged and tried again at the next turn."""
    stopping = stop or _stopped_by_signal()
    log.info("worker starts")
    with app.app_context():
        _stop_on_another_revision()
        _attempt(say_what_changed)
    said = ""
    while not stopping.is_set():
        with app.app_context():
            _stop_on_another_revision()
            said = careful_turn(said)
        stopping.wait(EVERY_SECONDS)
    log.info("worker ends")


def _stop_on_another_revision() -> None:
    """End (WrongRevision) where the database belongs to another version by now; one that is away comes back."""
    with suppress(OperationalError):
        revisions.require_still(db.engine())


def say_what_changed() -> None:
    """Say at the start which published editions have other files by now: nothing new is taken under them."""
    with db.reading() as session:
        for one in changed_editions(session):
            log.error("edition %s: its files are not what was published", one.edition_id)


def careful_turn(said: str = "") -> str:
    """One round, unless the clock or the database is out of order; returns what is wrong, said once while it lasts."""
    try:
        with db.reading() as session:
            wrong = timekeeping.trouble(session)
    except SQLAlchemyError as error:
        wrong = f"the database does not answer: {type(error).__name__}"
    if not wrong:
        turn()
    elif wrong.partition(",")[0] != said.partition(",")[0]:
        log.error("%s", wrong)
    return wrong


def turn() -> None:
    """One round of every job."""
    telling = (act_on_deadlines, announce_results, remind_owners, remind_of_conditions, remind_of_appeals)
    warning = (tell_of_questions, upkeep.warn_of_lapsing, remind_of_expiry, upkept.tell_of_late)
    moving = (transitions.tell_of_edition, transitions.remind_of_transition, transitions.end_what_lapses)
    papers = (making.receipts, minutes.make_all, certificate_papers.make_all, exports.make_all, case_files.make_all)
    living = (plan_surveillance, speak_of_certificates, transitions.remind_of_proposal)
    things = (scan_files, *papers, rendering.render_files, measure_agreement, count_figures, situation.make_all)
    sweeping = (sweep, exports.sweep, case_files.sweep, upkeep.sweep_uploads, rendering.sweep_pages)
    erasing = (erase_harmful, upkept.erase_contacts, misuse_upkeep.erase_contacts)
    spreading = (write_register, sending.spread, sending.send_mail, sending.send_webhooks, sending.sweep)
    opening = (open_data.make_when_due, copies.publish_when_due)
    knocking = (tokens_upkeep.warn_of_expiry, tokens_upkeep.tell_of_ended)
    concerning = (concerns_upkeep.tell_of_late, concerns_upkeep.end_openings, concerns_upkeep.erase)
    talking = (*telling, publish, *warning, *moving, *living, *knocking)
    keeping = (*sweeping, *erasing, *concerning, *forgetting.JOBS)
    for job in (beat, *talking, *things, send_letters, *keeping, *LOGGING, *spreading, *opening):
        _attempt(job)


def beat() -> None:
    """Leave a sign of life for /readyz; not at every turn, for whatever is written empties the cache of pages."""
    with db.reading() as session:
        seen = session.get(Heartbeat, WORKER)
    if seen is None or abs(now() - seen.at) >= BEAT_EVERY:
        with db.writing() as session:
            session.merge(Heartbeat(name=WORKER, at=now()))


def publish() -> int:
    """Sign, log and show what was decided, as far as it has not gone out; returns how much has gone out."""
    return issuing.turn()


def send_letters() -> int:
    """Send what is due; returns how many letters were tried.

    Each is taken in one transaction, sent outside of any and noted in another: a slow mail server holds no lock. One
    that does not answer ends the turn, for every other letter would wait for it as long.
    """
    carrier = transport.open_transport(current_app.config["SETTINGS"])
    count, until = 0, time.monotonic() + TURN_SECONDS
    while time.monotonic() < until and (found := _taken()):
        count += 1
        error = _carried(carrier, *found)
        _noted(found[0].id, error)
        if error is not None and transport.is_away(error):
            break
    return count


def _taken() -> tuple[Letter, list[Attachment]] | None:
    with db.open_session() as session:
        letter = outbox.take(session)
        if letter is None:
            return None
        enclosed = outbox.enclosed(session, letter)
        db.commit(session)
        for row in (letter, *enclosed):
            session.refresh(row)
        session.expunge_all()
    return letter, enclosed


def _carried(carrier: transport.Transport, letter: Letter, enclosed: list[Attachment]) -> Exception | None:
    """Send one letter; what stood in the way, if anything."""
    try:
        carrier.send(transport.message(letter, current_app.config["SETTINGS"], _contents(enclosed)))
    except Exception as error:  # smtplib's are OSErrors; a bucket has errors of its own, and a letter may be unsendable
        log.warning("letter %s not sent: %s", letter.id, error)
        return error
    return None


def _noted(letter_id: UUID, error: Exception | None) -> None:
    with db.writing() as session:
        letter = session.get(Letter, letter_id, with_for_update=True)
        if letter is None:  # erased meanwhile
            return
        if error is None:
            outbox.sent(letter)
        else:
            outbox.failed(letter, error)
        session.add(letter)


def _contents(enclosed: list[Attachment]) -> list[tuple[Attachment, bytes]]:
    """What goes with a letter, read whole: receipts are small. Bytes that are gone fail the letter, not the worker."""
    found = []
    for one in enclosed:
        with storage.read(one.sha256) as source:
            found.append((one, source.read()))
    return found


def act_on_deadlines() -> int:
    """Let the clock take its steps; returns how many were taken. Each step is a transaction of its own."""
    with db.reading() as session:
        overdue = session.exec(
            select(Application.id).where(col(Application.state).in_(workflow.WAITING), col(Application.due_at) < now())
        ).all()
    return _take(workflow.on_deadline, overdue)


def announce_results() -> int:
    """Tell the companies of a round on its day of announcement; returns how many. Pages need no job for it."""
    with db.reading() as session:
        found = announced.due(session, now())
    return _take(announcements.announce, found)


def remind_owners() -> int:
    """Remind companies before a deadline of theirs; returns how many were reminded."""
    with db.reading() as session:
        found = near(session, now())
    return _take(reminders.remind, found)


def write_register() -> int:
    """Write down in the register what was certified and published before it was kept; returns how many products."""
    with db.reading() as session:
        found = register.unwritten(session, today())
        editions = [one.edition_id for one in register.unwritten_editions(session)]
    for product_id in found:
        with db.writing() as session:
            catalogue.refresh(session, product_id)
    for edition_id in editions:
        with db.writing() as session:
            changes.tell_edition(session, session.get_one(EditionPublication, edition_id))
    return len(found)


def tell_of_questions() -> int:
    """Write to companies about what reviewers have asked meanwhile; returns to how many."""
    with db.reading() as session:
        found = asked.to_tell(session, now())
    return _take(questions.tell, found)


def measure_agreement() -> int:
    """Measure how far reviewers agree, where reviews became final or void, and the editions; returns how many."""
    with db.reading() as session:
        found = agreement.due(session)
    count = _take(reliability.measure, found)
    with db.reading() as session:
        editions = agreement.due_editions(session)
    for edition_id in editions:
        with db.writing() as session:
            reliability.measure_edition(session, edition_id)
    return count + len(editions)


def count_figures() -> bool:
    """Count the public figures again where something has happened since; returns whether it was done."""
    with db.reading() as session:
        if not transparency.is_due(session):
            return False
    with db.writing() as session:
        transparency.count_all(session)
    return True


def remind_of_conditions() -> int:
    """Remind companies of what they still have to do for a certificate; returns how many reminders there were."""
    with db.reading() as session:
        found = near_conditions(session, today())
    return sum(_remind_of_one(condition_id) for condition_id in found)


def _remind_of_one(condition_id: UUID) -> bool:
    try:
        with db.writing() as session:
            conditions.remind(session, session.get_one(Condition, condition_id))
    except Refused:  # somebody was faster, or it is not time yet
        return False
    return True


def plan_surveillance() -> int:
    """Plan what the calendar asks of every certificate that has begun; returns of how many."""
    with db.reading() as session:
        found = unplanned(session, today())
    return sum(_plan_one(certificate_id) for certificate_id in found)


def _plan_one(certificate_id: UUID) -> bool:
    try:
        with db.writing() as session:
            surveillance.plan_scheduled(session, session.get_one(Certificate, certificate_id))
    except Refused:  # somebody was faster
        return False
    return True


def speak_of_certificates() -> int:
    """Remind of renewals, second persons, conditions and changes, and record expiry; returns how many times."""
    with db.reading() as session:
        found = speakable.due(session, today())
    return sum(_speak_of(one) for one in found)


def _speak_of(saying: Saying) -> bool:
    try:
        with db.writing() as session:
            expiries.say(session, saying)
    except Refused:  # somebody was faster, or it is true no more
        return False
    return True


def remind_of_appeals() -> int:
    """Remind whoever has to act on an appeal; returns how many were reminded of."""
    with db.reading() as session:
        found = appealed.to_remind(session, now())
    return sum(_remind_of(one) for one in found)


def _remind_of(appeal_id: UUID) -> bool:
    try:
        with db.writing() as session:
            appeals.remind(session, session.get_one(Appeal, appeal_id))
    except Refused:  # somebody was faster, or it is not time yet
        return False
    return True


def _take(step: Callable[[Session, Application], object], found: Iterable[UUID]) -> int:
    """Take the clock's step on each application, each in a transaction of its own; how many were taken."""
    return sum(_take_one(step, application_id) for application_id in found)


def _take_one(step: Callable[[Session, Application], object], application_id: UUID) -> bool:
    try:
        with db.writing() as session:
            step(session, session.get_one(Application, application_id))
    except Refused:  # somebody was faster, or it is not time yet
        return False
    return True


def sweep() -> None:
    """Forget what nobody needs any more: counters of tries, sessions of a month ago, accounts' events of a year ago."""
    with db.writing() as session:
        attempts.sweep(session)
        sessions.sweep(session)
        security_events.sweep(session)
        challenges.sweep(session)


def _attempt(job: Callable[[], object]) -> None:
    with journal.about(job=job.__name__):
        begun = time.perf_counter()
        try:
            job()
        except Exception as error:  # whatever fails: a bucket has errors of its own, and the other jobs have their turn
            log.exception("%s failed", job.__name__)
            failures.note(job.__name__, error)
        else:
            failures.mended(job.__name__)
            _say_done(time.perf_counter() - begun)


def _say_done(seconds: float) -> None:
    """Jobs come every few seconds: only those that took long are worth a line that everybody reads."""
    level = logging.INFO if seconds > LONG_SECONDS else logging.DEBUG
    journal.say(log, level, "job done", ms=round(seconds * 1000))


def _stopped_by_signal() -> threading.Event:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping
