"""Who is written to when something happens: one table, read by the transaction that makes it happen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlmodel import Session

from assessments import history
from assessments.models import Appeal, Application, Certificate, HistoryEntry, Review, Vendor
from assessments.people import MemberRole, Role
from assessments.queries import audit, certificates, hearings, people, questions, reviews
from assessments.queries.announcements import is_held_back
from assessments.queries.certificates import ended_unheard
from assessments.queries.participation import spent, taking_part
from assessments.queries.people import Person
from assessments.queries.standings import free_of_interest
from assessments.recourse import AppealAction, AppealState
from assessments.states import Action, CertificateStep, Event, Kind, State
from registry import db, links
from registry.mail import outbox
from registry.occasions import Occasion, appeal_of, values_of

SILENT = "silent"  # key of Session.info: what is played from the past tells nobody

Audience = Callable[[Session, "Occasion"], Iterable[Person]]


@dataclass(frozen=True)
class Notice:
    """One letter of an occasion: to whom, in which words (templates/mail), and the page it leads to."""

    audience: Audience
    template: str
    endpoint: str


def owners(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The people responsible at the company."""
    return people.members_of(session, occasion.vendor.id, MemberRole.OWNER)


def company(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Everybody of the company: whoever writes the application may answer."""
    return people.members_of(session, occasion.vendor.id)


def owners_once_announced(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The people responsible at the company, but for a result that waits for its round's day of announcement.

    What came of a surveillance they read in the letter about the certificate.
    """
    surveyed = occasion.certificate is None and occasion.application.kind is Kind.SURVEILLANCE
    return () if surveyed or is_held_back(occasion.application) else owners(session, occasion)


def owners_before_publication(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The people responsible at the company, where they may know of a certificate that begins on another day."""
    found = certificates.certificate_of(session, occasion.application.id)
    return owners_once_announced(session, occasion) if found is not None and _told_before(occasion, found) else ()


def owners_ended(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The same, where the certificate was withdrawn before anybody outside had heard of it."""
    found = certificates.certificate_of(session, occasion.application.id)
    return owners(session, occasion) if found is not None and ended_unheard(found) else ()


def owners_declined(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The same, where the result is a decline."""
    return owners(session, occasion) if occasion.application.state is State.DECLINED else ()


def owners_waited_for(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The people responsible at the company, where it is their turn."""
    return owners(session, occasion) if occasion.application.state is not State.IN_REVIEW else ()


def owners_waiting(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The people responsible at the company, where the reviewers have got more time."""
    return owners(session, occasion) if occasion.application.state is State.IN_REVIEW else ()


def owners_first_heard(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The people responsible at the company, when hearers were found for the first time."""
    return owners(session, occasion) if hearings.is_first_call(session, occasion.entry.seq) else ()


COMPANY = frozenset(
    {
        *(company, owners, owners_once_announced, owners_before_publication, owners_ended, owners_declined),
        *(owners_waited_for, owners_waiting, owners_first_heard),
    }
)  # every audience at the company


def follow_up(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Who is to follow the newest audit note up, if anybody is."""
    note = audit.newest_note(session, occasion.application.id)
    return people.people(session, [note.owner_id]).values() if note and note.owner_id else ()


def team_at_work(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The reviewers who still have to finish, while they review."""
    if occasion.application.state is not State.IN_REVIEW:
        return ()
    return _people_of(session, [one for one in reviews.active(session, occasion.application.id) if not one.final_at])


def asker(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Of the reviewers who still have to finish, the one whose question was answered: the others know of none."""
    question = questions.newest_answered(session, occasion.application.id)
    asked_by = question.review_id if question else None
    working = reviews.active(session, occasion.application.id)
    return _people_of(session, [one for one in working if one.id == asked_by and not one.final_at])


def office(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Coordinators without an interest in the company."""
    return _free(session, occasion, Role.COORDINATOR)


def watchers(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Coordinators and the impartiality committee, without an interest in the company, each once."""
    found = [*_free(session, occasion, Role.COORDINATOR), *_free(session, occasion, Role.IMPARTIALITY)]
    return {one.id: one for one in found}.values()


def committee(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Deciders without an interest in the company, but for the one who acted."""
    return (one for one in _free(session, occasion, Role.DECIDER) if one.id != occasion.entry.actor_id)


def second_person(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The same, where what was done to a certificate waits for one of them."""
    about = occasion.certificate
    waiting = certificates.waiting(certificates.events_of(session, about.id)) if about else None
    return committee(session, occasion) if waiting is not None else ()


def team(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The reviewers of the application."""
    return _people_of(session, reviews.active(session, occasion.application.id))


def newest(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The reviewer who came last: letters are given in the order of coming."""
    found = reviews.active(session, occasion.application.id)
    return _people_of(session, [max(found, key=lambda one: one.letter)] if found else [])


def lead(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The lead reviewer."""
    return _people_of(session, [one for one in reviews.active(session, occasion.application.id) if one.lead])


def office_again(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Coordinators who may check an application again after its refusal was set aside."""
    gone = spent(session, occasion.application.id)
    return (one for one in office(session, occasion) if one.id not in gone)


def other_deciders(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Deciders without an interest in the company who have had no part in the application."""
    taken = taking_part(session, occasion.application.id)
    return (one for one in _free(session, occasion, Role.DECIDER) if one.id not in taken)


def handlers(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Whoever may do the office's work on an appeal: coordinators, or where it is their refusal, the others."""
    appeal = appeal_of(session, occasion)
    return hearings.handlers(session, appeal, occasion.application) if appeal else ()


def handlers_waited_for(session: Session, occasion: Occasion) -> Iterable[Person]:
    """The same, while it is their turn, or the hearers are late."""
    appeal = appeal_of(session, occasion)
    if appeal is None:
        return ()
    late = appeal.due_at is not None and appeal.due_at < occasion.entry.at
    return handlers(session, occasion) if late or appeal.state is not AppealState.UNDER_HEARING else ()


def new_hearers(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Those asked just now: who has not been told yet."""
    appeal = appeal_of(session, occasion)
    return _hearers(session, appeal, asked=False) if appeal else ()


def other_hearers(session: Session, occasion: Occasion) -> Iterable[Person]:
    """Those who hear the appeal, but for the one who acted."""
    appeal = appeal_of(session, occasion)
    found = _hearers(session, appeal, asked=True) if appeal else ()
    return [one for one in found if one.id != occasion.entry.actor_id]


NOTICES: dict[str, tuple[Notice, ...]] = {
    Action.SUBMIT: (
        Notice(owners, "submitted", "applications.show"),
        Notice(office, "office_submitted", "intake.show"),
    ),
    Action.RETURN: (Notice(owners, "returned", "applications.show"),),
    Action.REFUSE: (Notice(owners, "refused", "applications.show"),),
    Action.ACCEPT: (Notice(owners, "accepted", "applications.show"),),
    Action.ASSIGN: (Notice(team, "reviewer_assigned", "reviews.show"),),
    Event.REPLACE_REVIEWER: (Notice(newest, "reviewer_assigned", "reviews.show"),),
    Action.OPEN_CONSENSUS: (Notice(lead, "consensus_opened", "reviews.show"),),
    Action.ASK_CORRECTION: (Notice(owners, "correction", "applications.show"),),
    Action.ANSWER_CORRECTION: (Notice(lead, "correction_answered", "reviews.show"),),
    Action.LAPSE: (Notice(owners, "lapsed", "applications.show"),),
    Event.EXTEND_DEADLINE: (
        Notice(owners_waited_for, "deadline_extended", "applications.show"),
        Notice(owners_waiting, "review_extended", "applications.show"),
        Notice(team_at_work, "review_extended_reviewer", "reviews.show"),
    ),
    Event.BEGIN_SURVEILLANCE: (Notice(owners, "surveillance_begun", "applications.show"),),
    Event.REMIND: (Notice(owners, "reminder", "applications.show"),),
    Event.TELL_QUESTIONS: (Notice(company, "question", "applications.messages"),),
    Event.ANSWER_QUESTION: (Notice(asker, "question_answered", "reviews.show"),),
    Event.ASK_FACTS_CHECK: (Notice(owners, "facts_check", "applications.show"),),
    Event.CHECK_FACTS: (Notice(lead, "facts_checked", "reviews.show"),),
    Action.RECOMMEND: (Notice(committee, "decision_waiting", "decisions.show"),),
    Action.PROPOSE: (Notice(committee, "proposal_waiting", "decisions.show"),),
    Action.SEND_BACK: (Notice(lead, "sent_back", "reviews.show"),),
    Action.GIVE_NOTICE: (Notice(owners, "minded_to", "applications.show"),),
    Action.COMMENT: (Notice(committee, "notice_ended", "decisions.show"),),
    Action.END_NOTICE: (Notice(committee, "notice_ended", "decisions.show"),),
    Action.CERTIFY: (Notice(owners_before_publication, "certified", "applications.show"),),
    Action.DECLINE: (Notice(owners_once_announced, "declined", "applications.show"),),
    Event.ANNOUNCE_RESULT: (
        Notice(owners_ended, "certificate_withdrawn", "applications.show"),
        Notice(owners_declined, "declined", "applications.show"),
    ),
    Event.FALL_PROPOSAL: (Notice(committee, "proposal_fell", "decisions.show"),),
    Event.FULFIL_CONDITION: (Notice(owners, "condition_fulfilled", "applications.show"),),
    Event.REMIND_CONDITION: (Notice(owners, "condition_reminder", "applications.show"),),
    Event.CONDITION_OVERDUE: (
        Notice(owners, "condition_overdue", "applications.show"),
        Notice(office, "condition_overdue_club", "certificates.conditions.index"),
        Notice(committee, "condition_overdue_club", "certificates.conditions.index"),
    ),
    Action.WITHDRAW: (Notice(office, "application_withdrawn", "intake.index"),),
    Event.VOID_REVIEW: (Notice(office, "review_voided", "assignments.show"),),
    Event.VOID_REVIEW_OF_COLLEAGUE: (Notice(office, "review_voided", "assignments.show"),),
    Event.PROPOSAL_FALLS: (Notice(committee, "proposal_falls", "decisions.show"),),
    Event.FIND_CONFLICT: (Notice(watchers, "conflict_found", "impartiality.conflicts"),),
    Event.WRITE_AUDIT_NOTE: (Notice(follow_up, "audit_note", "audit.follow_ups.index"),),
    Action.REOPEN_INTAKE: (Notice(office_again, "office_submitted", "intake.show"),),
    Action.REOPEN_DECISION: (Notice(other_deciders, "decision_again", "decisions.show"),),
    AppealAction.LODGE: (
        Notice(owners, "appeal_lodged", "appeals.show"),
        Notice(handlers, "office_appeal", "appeals.manage"),
    ),
    AppealAction.LODGE_LATE: (
        Notice(owners, "appeal_late", "appeals.show"),
        Notice(handlers, "office_appeal_late", "appeals.manage"),
    ),
    AppealAction.ACKNOWLEDGE: (Notice(owners, "appeal_acknowledged", "appeals.show"),),
    AppealAction.ASSIGN_HEARERS: (
        Notice(owners_first_heard, "appeal_heard", "appeals.show"),
        Notice(new_hearers, "hearer_assigned", "appeals.hear"),
    ),
    AppealAction.STAND_ASIDE: (Notice(handlers, "hearer_missing", "appeals.manage"),),
    AppealAction.PROPOSE_RULING: (Notice(other_hearers, "ruling_waiting", "appeals.hear"),),
    AppealAction.REJECT_RULING: (Notice(other_hearers, "ruling_rejected", "appeals.hear"),),
    AppealAction.CONFIRM: (Notice(owners, "appeal_decided", "appeals.show"),),
    AppealAction.SET_ASIDE: (Notice(owners, "appeal_decided", "appeals.show"),),
    AppealAction.REFUSE: (Notice(owners, "appeal_refused", "appeals.show"),),
    AppealAction.WITHDRAW: (
        Notice(handlers, "appeal_withdrawn", "appeals.manage"),
        Notice(other_hearers, "appeal_withdrawn", "appeals.hear"),
    ),
    AppealAction.REMIND: (
        Notice(handlers_waited_for, "appeal_reminder", "appeals.manage"),
        Notice(other_hearers, "appeal_reminder", "appeals.hear"),
    ),
}

LISTS = ("applications.new", "change_notices.office")
CERTIFICATE_NOTICES: dict[str, tuple[Notice, ...]] = {
    CertificateStep.SUSPEND: (
        Notice(owners_once_announced, "certificate_suspended", "certificates.show"),
        Notice(second_person, "change_waiting", "certificates.office"),
    ),
    **dict.fromkeys(
        (CertificateStep.PROPOSE_REINSTATEMENT, CertificateStep.PROPOSE_WITHDRAWAL, CertificateStep.PROPOSE_REDUCTION),
        (Notice(second_person, "change_waiting", "certificates.office"),),
    ),
    CertificateStep.REINSTATE: (Notice(owners_once_announced, "certificate_reinstated", "certificates.show"),),
    CertificateStep.WITHDRAW: (Notice(owners_once_announced, "certificate_withdrawn", "certificates.show"),),
    CertificateStep.REDUCE: (Notice(owners, "certificate_reduced", "certificates.show"),),
    CertificateStep.RESTORE: (Notice(owners, "certificate_restored", "certificates.show"),),
    CertificateStep.TERMINATE: (
        Notice(owners, "certificate_terminated", "certificates.show"),
        Notice(office, "certificate_terminated_club", "certificates.office"),
    ),
    CertificateStep.EXPIRE: (Notice(owners, "certificate_expired", "certificates.show"),),
    CertificateStep.FINISH_SURVEILLANCE: (Notice(owners, "surveillance_kept", "certificates.show"),),
    CertificateStep.GIVE_CHANGE_NOTICE: (Notice(office, "change_notice", "change_notices.office"),),
    CertificateStep.JUDGE_MINOR: (Notice(owners, "change_minor", "change_notices.index"),),
    CertificateStep.JUDGE_MAJOR: (Notice(owners, "change_major", "change_notices.index"),),
    CertificateStep.CHANGE_OVERDUE: (
        Notice(owners, "change_overdue", "change_notices.index"),
        Notice(office, "change_overdue_club", "certificates.office"),
        Notice(committee, "change_overdue_club", "certificates.office"),
    ),
    CertificateStep.REMIND_RENEWAL: (Notice(owners, "renewal_reminder", "applications.new"),),
    CertificateStep.REMIND_SUSPENSION: (
        Notice(office, "suspension_unconfirmed", "certificates.office"),
        Notice(committee, "suspension_unconfirmed", "certificates.office"),
    ),
    CertificateStep.RESTORING_OVERDUE: (
        Notice(owners, "restoring_overdue", "certificates.show"),
        Notice(office, "restoring_overdue_club", "certificates.office"),
        Notice(committee, "restoring_overdue_club", "certificates.office"),
    ),
}


PUBLISHED = (Notice(owners, "certified", "applications.show"),)  # once a certificate is signed, logged and shown


def init_app(app: Flask) -> None:
    """Have every transaction write its letters before it is committed."""
    db.before_commit(app, write_letters)


def write_letters(session: Session) -> None:
    """One letter for each person of each notice of each history row this transaction has written."""
    for entry in session.info.pop(history.WRITTEN, []):
        table = CERTIFICATE_NOTICES if entry.certificate_id else NOTICES
        notices = table.get(entry.action, ())
        if notices and (occasion := _occasion(session, entry)):
            _tell(session, occasion, notices)


def certificate_published(session: Session, certificate: Certificate) -> None:
    """The letters about a certificate that the public can see from now on, in the transaction that shows it."""
    if session.info.get(SILENT):
        return
    entry = certificates.granting_step(session, certificate.id)
    occasion = _occasion(session, entry) if entry else None
    if occasion is not None and not _told_before(occasion, certificate):
        _tell(session, occasion, PUBLISHED)


def _told_before(occasion: Occasion, certificate: Certificate) -> bool:
    """Whether the company was told with the decision: nothing held it back, and the certificate begins later."""
    held_back = occasion.application.announce_at is not None
    return not held_back and certificate.valid_from > certificate.decided_on


def _tell(session: Session, occasion: Occasion, notices: tuple[Notice, ...]) -> None:
    session.flush()
    for notice in notices:
        for person in notice.audience(session, occasion):
            values = values_of(session, occasion, person)
            values["url"] = links.absolute(notice.endpoint, person.language, **_target(notice, occasion, values))
            event = f"{occasion.entry.seq}:{notice.template}:{person.id}"
            outbox.write(session, outbox.Mail(event, person.email, person.language, notice.template, values))


def _occasion(session: Session, entry: HistoryEntry) -> Occasion | None:
    certificate = session.get(Certificate, entry.certificate_id) if entry.certificate_id else None
    application_id = certificate.application_id if certificate else entry.application_id
    application = session.get(Application, application_id) if application_id else None
    if application is None:
        return None
    return Occasion(entry, application, session.get_one(Vendor, application.vendor_id), certificate)


def _target(notice: Notice, occasion: Occasion, values: dict[str, Any]) -> dict[str, str]:
    if notice.endpoint.endswith((".index", ".conflicts")) or notice.endpoint in LISTS:  # pages of no single thing
        return {}
    if notice.endpoint.startswith("appeals."):
        return {"number": values["appeal"].number}
    if notice.endpoint.startswith("certificates."):
        return {"number": occasion.certificate.number if occasion.certificate else ""}
    return {"ref": occasion.application.ref}


def _hearers(session: Session, appeal: Appeal, *, asked: bool) -> Iterable[Person]:
    called = [one for one in hearings.hearers_of(session, appeal.id) if one.ended_at is None]
    last = max((one.assigned_at for one in called), default=None)
    wanted = [one.person_id for one in called if asked or one.assigned_at == last]
    return people.people(session, wanted).values()


def _free(session: Session, occasion: Occasion, role: Role) -> Iterable[Person]:
    able = free_of_interest(session, occasion.application)
    return (one for one in people.with_role(session, role) if one.id in able)


def _people_of(session: Session, found: Iterable[Review]) -> Iterable[Person]:
    return people.people(session, [one.reviewer_id for one in found]).values()
