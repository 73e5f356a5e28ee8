"""Who may do what to an application. One table, read top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from assessments.errors import N_, NotAllowed, NotFound
from assessments.people import Audience, MemberRole, Part, Role
from assessments.states import State


class Permission(StrEnum):
    """What may be asked of an application."""

    KNOW = "know"  # learn that it exists: without it the answer is 404
    VIEW = "view"  # the vendor's own pages
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
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


POLICY: dict[Permission, tuple[Rule, ...]] = {  # any one rule is enough
    Permission.KNOW: (is_member, is_office, is_assigned, is_committee, is_auditor),
    Permission.VIEW: (is_member,),
    Permission.EDIT: (is_member,),
    Permission.SUBMIT: (is_owner,),
    Permission.WITHDRAW: (is_owner,),
    Permission.ANSWER: (is_owner,),
    Permission.TIMELINE: (is_member, is_office, is_reviewer, is_decider, is_auditing),
    Permission.INTAKE: (is_office,),
    Permission.ASSIGN: (is_office,),
    Permission.DECLARE: (is_assigned, is_committee, is_auditor),
    Permission.JOIN_REVIEW: (is_assigned,),
    Permission.JOIN_DECISION: (is_committee,),
    Permission.JOIN_AUDIT: (is_auditor,),
    Permission.REVIEW: (is_reviewer,),
    Permission.LEAD: (is_lead,),
    Permission.READ_FILE: (is_member, is_office, is_reviewer, is_decider, is_auditing),
    Permission.DECIDE: (is_decider,),
    Permission.PROPOSE: (is_proposer,),
    Permission.CONFIRM: (is_confirmer,),
    Permission.AUDIT: (is_auditing,),
    Permission.READ_TESTS: (is_reviewer, is_decider, is_auditing),
    Permission.MINUTES: (is_decider, is_office, is_auditing),
    Permission.FOLLOW_UP: (is_office,),
}


AUDIENCES: dict[Audience, tuple[Rule, ...]] = {  # of those with READ_FILE, who opens a piece of evidence; any one rule
    Audience.CLUB: (is_member, is_office, is_reviewer, is_decider, is_auditing),
    Audience.REVIEWERS: (is_member, is_reviewer, is_decider, is_auditing),
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
