"""Who may do what to an application. One table, read top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from assessments.errors import N_, NotAllowed, NotFound
from assessments.people import Audience, MemberRole, Part, Role
from assessments.recourse import AppealKind
from assessments.states import State


class Permission(StrEnum):
    """What may be asked of an application."""

    KNOW = "know"  # learn that it exists: without it the answer is 404
    VIEW = "view"  # the vendor's own pages
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPEAL = "appeal"  # ask for a decision to be looked at again
    ANSWER = "answer"  # findings, minded-to notice, facts check
    TIMELINE = "timeline"
    INTAKE = "intake"
    ASSIGN = "assign"
    DECLARE = "declare"  # say whether there is an interest, before the file opens
    JOIN_REVIEW = "join_review"  # reach the door of the file as a reviewer, declared or not
    JOIN_DECISION = "join_decision"  # the same as a member of the committee
    JOIN_AUDIT = "join_audit"  # the same as an auditor
    REVIEW = "review"
    LEAD = "lead"
    READ_FILE = "read_file"  # submission and evidence
    DECIDE = "decide"  # read the decision page
    PROPOSE = "propose"
    CONFIRM = "confirm"
    AUDIT = "audit"
    READ_TESTS = "read_tests"  # reviewers' own tests; others' only once all reviews are final
    MINUTES = "minutes"  # of the committee's decision
    FOLLOW_UP = "follow_up"  # find the conditions of a decision fulfilled
    JOIN_HEARING = "join_hearing"  # reach the door of an appeal as a hearer, declared or not
    HEAR = "hear"


@dataclass(frozen=True)
class Standing:
    """How one person stands to one application; see assessments.queries.standings."""

    state: State
    submitted: bool = False  # the club has seen it
    member: MemberRole | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    part: Part | None = None
    has_interest: bool = False
    declared: bool | None = None  # True: an interest; False: none; None: not asked yet
    reviewing: bool = False  # an assigned review that was not voided
    lead: bool = False
    archived: bool = False  # over, and the time for looking back has run
    letter: str = ""
    spent: bool = False  # what the person did in their part was set aside on appeal
    hearing: bool = False  # hears an appeal in this application, and has not stood aside

    @property
    def free(self) -> bool:
        """Nothing in the registers stands between this person and the file."""
        return self.member is None and not self.has_interest and self.declared is not True


Rule = Callable[[Standing], bool]

_DECIDING = {State.IN_DECISION, State.MINDED_TO, State.CERTIFIED, State.DECLINED}


def is_member(standing: Standing) -> bool:
    return standing.member is not None


def is_owner(standing: Standing) -> bool:
    return standing.member is MemberRole.OWNER


def is_office(standing: Standing) -> bool:
    return (
        Role.COORDINATOR in standing.roles
        and standing.submitted
        and standing.free
        and standing.part in {None, Part.COORDINATOR}
        and not standing.spent
    )


def is_assigned(standing: Standing) -> bool:
    return standing.reviewing and standing.part is Part.REVIEWER and standing.free and not standing.archived


def is_reviewer(standing: Standing) -> bool:
    return is_assigned(standing) and standing.declared is False


def is_lead(standing: Standing) -> bool:
    return is_reviewer(standing) and standing.lead


def is_committee(standing: Standing) -> bool:
    return (
        Role.DECIDER in standing.roles
        and standing.free
        and standing.state in _DECIDING
        and standing.part in {None, Part.PROPOSER, Part.CONFIRMER}
        and not standing.spent
    )


def is_decider(standing: Standing) -> bool:
    return is_committee(standing) and standing.declared is False


def is_proposer(standing: Standing) -> bool:
    return is_decider(standing) and standing.part in {None, Part.PROPOSER}


def is_confirmer(standing: Standing) -> bool:
    return is_decider(standing) and standing.part in {None, Part.CONFIRMER}


def is_auditor(standing: Standing) -> bool:
    return (
        Role.AUDITOR in standing.roles
        and standing.submitted
        and standing.free
        and standing.part in {None, Part.AUDITOR}
    )


def is_auditing(standing: Standing) -> bool:
    """The question of interests was answered, and the part taken: whoever has read a file judges it no more."""
    return is_auditor(standing) and standing.declared is False and standing.part is Part.AUDITOR


def is_called(standing: Standing) -> bool:
    """Assigned to hear an appeal; the part is the person's only one."""
    return standing.hearing and standing.part is Part.HEARER and standing.free


def is_hearer(standing: Standing) -> bool:
    return is_called(standing) and standing.declared is False


POLICY: dict[Permission, tuple[Rule, ...]] = {  # any one rule is enough
    Permission.KNOW: (is_member, is_office, is_assigned, is_committee, is_auditor, is_called),
    Permission.VIEW: (is_member,),
    Permission.EDIT: (is_member,),
    Permission.SUBMIT: (is_owner,),
    Permission.WITHDRAW: (is_owner,),
    Permission.APPEAL: (is_owner,),
    Permission.ANSWER: (is_owner,),
    Permission.TIMELINE: (is_member, is_office, is_reviewer, is_decider, is_auditing),
    Permission.INTAKE: (is_office,),
    Permission.ASSIGN: (is_office,),
    Permission.DECLARE: (is_assigned, is_committee, is_auditor, is_called),
    Permission.JOIN_REVIEW: (is_assigned,),
    Permission.JOIN_DECISION: (is_committee,),
    Permission.JOIN_AUDIT: (is_auditor,),
    Permission.REVIEW: (is_reviewer,),
    Permission.LEAD: (is_lead,),
    Permission.READ_FILE: (is_member, is_office, is_reviewer, is_decider, is_auditing, is_hearer),
    Permission.DECIDE: (is_decider,),
    Permission.PROPOSE: (is_proposer,),
    Permission.CONFIRM: (is_confirmer,),
    Permission.AUDIT: (is_auditing,),
    Permission.READ_TESTS: (is_reviewer, is_decider, is_auditing, is_hearer),
    Permission.MINUTES: (is_decider, is_office, is_auditing),
    Permission.FOLLOW_UP: (is_office,),
    Permission.JOIN_HEARING: (is_called,),
    Permission.HEAR: (is_hearer,),
}


AUDIENCES: dict[Audience, tuple[Rule, ...]] = {  # of those with READ_FILE, who opens a piece of evidence; any one rule
    Audience.CLUB: (is_member, is_office, is_reviewer, is_decider, is_auditing, is_hearer),
    Audience.REVIEWERS: (is_member, is_reviewer, is_decider, is_auditing, is_hearer),
}


def opens(standing: Standing, audience: Audience) -> bool:
    """Whether somebody who may read the file of an application may open a piece meant for that audience."""
    return any(rule(standing) for rule in AUDIENCES[audience])


def allows(standing: Standing, permission: Permission) -> bool:
    """Whether this standing carries the permission."""
    return any(rule(standing) for rule in POLICY[permission])


def require(standing: Standing, permission: Permission) -> None:
    """Refuse strangers as if nothing were there (NotFound), and insiders without the right (NotAllowed)."""
    if not allows(standing, Permission.KNOW):
        raise NotFound
    if not allows(standing, permission):
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))


class AppealPermission(StrEnum):
    """What may be asked of an appeal."""

    KNOW = "know"
    VIEW = "view"  # the company's page
    WITHDRAW = "withdraw"
    HANDLE = "handle"  # acknowledge, and choose who hears it
    REFUSE = "refuse"  # find it inadmissible
    JOIN = "join"  # reach the door of the file as a hearer, declared or not
    HEAR = "hear"


@dataclass(frozen=True)
class AppealStanding:
    """How one person stands to an appeal; `involved`: had a part in earlier files or decisions of the product."""

    application: Standing
    kind: AppealKind
    involved: bool = False
    assigned: bool = False  # hears this appeal, and has not stood aside


AppealRule = Callable[[AppealStanding], bool]

_HANDLING = {Role.COORDINATOR, Role.AUDITOR, Role.IMPARTIALITY}


def is_appellant(standing: AppealStanding) -> bool:
    return is_owner(standing.application)


def is_handling(standing: AppealStanding) -> bool:
    """Office work on an appeal: not for whoever refused the application, where that is what is appealed."""
    person = standing.application
    own_work = person.part is Part.COORDINATOR and standing.kind is not AppealKind.REFUSAL
    return bool(person.roles & _HANDLING) and person.free and (person.part is None or own_work)


def is_uninvolved(standing: AppealStanding) -> bool:
    return is_handling(standing) and standing.application.part is None and not standing.involved


def is_hearing_called(standing: AppealStanding) -> bool:
    return standing.assigned and is_called(standing.application)


def is_hearing(standing: AppealStanding) -> bool:
    return standing.assigned and is_hearer(standing.application)


APPEAL_POLICY: dict[AppealPermission, tuple[AppealRule, ...]] = {  # any one rule is enough
    AppealPermission.KNOW: (lambda standing: is_member(standing.application), is_handling, is_hearing_called),
    AppealPermission.VIEW: (lambda standing: is_member(standing.application),),
    AppealPermission.WITHDRAW: (is_appellant,),
    AppealPermission.HANDLE: (is_handling,),
    AppealPermission.REFUSE: (is_uninvolved,),
    AppealPermission.JOIN: (is_hearing_called,),
    AppealPermission.HEAR: (is_hearing,),
}


def appeal_allows(standing: AppealStanding, permission: AppealPermission) -> bool:
    """Whether this standing to an appeal carries the permission."""
    return any(rule(standing) for rule in APPEAL_POLICY[permission])


def require_appeal(standing: AppealStanding, permission: AppealPermission) -> None:
    """Refuse strangers to an appeal as if it were not there (NotFound), and insiders without the right (NotAllowed)."""
    if not appeal_allows(standing, AppealPermission.KNOW):
        raise NotFound
    if not appeal_allows(standing, permission):
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))
