"""The words of the procedure: states, actions, kinds. A leaf: imports nothing of ours."""

from enum import StrEnum


class Kind(StrEnum):
    """Why an application is made."""

    INITIAL = "initial"
    RENEWAL = "renewal"
    CHANGE = "change"
    SURVEILLANCE = "surveillance"
    TRANSITION = "transition"


LATER = (Kind.RENEWAL, Kind.CHANGE)  # kinds that follow a certificate and start from its answers


class ChangeKind(StrEnum):
    """What can be different since a certificate was granted; a vendor ticks what applies."""

    VERSION = "version"
    FEATURES = "features"
    DATA = "data"
    INFRASTRUCTURE = "infrastructure"
    AUDIENCE = "audience"
    OWNER = "owner"
    OTHER = "other"


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    IN_REVIEW = "in_review"
    CONSENSUS = "consensus"
    CORRECTION = "correction"
    IN_DECISION = "in_decision"
    MINDED_TO = "minded_to"
    CERTIFIED = "certified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Action(StrEnum):
    """What moves an application; every one is a row of workflow.TRANSITIONS."""

    SUBMIT = "submit"
    RETURN = "return"
    REFUSE = "refuse"
    ACCEPT = "accept"
    ASSIGN = "assign"
    FINISH_REVIEW = "finish_review"
    OPEN_CONSENSUS = "open_consensus"
    ASK_CORRECTION = "ask_correction"
    ANSWER_CORRECTION = "answer_correction"
    LAPSE = "lapse"
    RECOMMEND = "recommend"
    RESUME_REVIEW = "resume_review"
    SEND_BACK = "send_back"
    PROPOSE = "propose"
    REJECT_PROPOSAL = "reject_proposal"
    GIVE_NOTICE = "give_notice"
    COMMENT = "comment"
    END_NOTICE = "end_notice"
    CERTIFY = "certify"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    REOPEN_INTAKE = "reopen_intake"  # a ruling on an appeal has set the refusal aside
    REOPEN_DECISION = "reopen_decision"  # ... the decision


class Event(StrEnum):
    """What is written down beside the moves: each is a history row that changes no state."""

    START = "start"
    DECLARE_NO_INTEREST = "declare_no_interest"
    DECLARE_INTEREST = "declare_interest"
    ASK_FACTS_CHECK = "ask_facts_check"
    CHECK_FACTS = "check_facts"
    ACCEPT_AGREEMENT = "accept_agreement"
    REPLACE_REVIEWER = "replace_reviewer"
    EXTEND_DEADLINE = "extend_deadline"
    ASK_ABOUT_INTEREST = "ask_about_interest"
    CHANGE_LEAD = "change_lead"
    OPEN_ROUND = "open_round"
    CHANGE_ROUND = "change_round"
    ANNOUNCE_RESULT = "announce_result"
    REMIND = "remind"


class AppealKind(StrEnum):
    """What an appeal is against."""

    REFUSAL = "refusal"  # at intake
    DECLINE = "decline"
    LEVEL = "level"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"


class AppealState(StrEnum):
    """Where an appeal stands (ISO/IEC 17065, 7.13)."""

    LODGED = "lodged"
    ACKNOWLEDGED = "acknowledged"
    UNDER_HEARING = "under_hearing"
    CONFIRMED = "confirmed"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"
    INADMISSIBLE = "inadmissible"


class AppealAction(StrEnum):
    """What moves an appeal; every one is a row of appeals.TRANSITIONS."""

    LODGE = "lodge_appeal"
    ACKNOWLEDGE = "acknowledge_appeal"
    ASSIGN_HEARERS = "assign_hearers"
    STAND_ASIDE = "stand_aside_appeal"
    PROPOSE_RULING = "propose_ruling"
    REJECT_RULING = "reject_ruling"
    CONFIRM = "confirm_decision"
    SET_ASIDE = "set_aside_decision"
    REFUSE = "refuse_appeal"
    WITHDRAW = "withdraw_appeal"
    REMIND = "remind_appeal"


class Ground(StrEnum):
    """Why a company thinks that a decision is wrong."""

    FACTS = "facts"
    EVIDENCE = "evidence"
    CRITERIA = "criteria"
    PROCEDURE = "procedure"
    IMPARTIALITY = "impartiality"
    OTHER = "other"


class Inadmissible(StrEnum):
    """Why an appeal is not heard; coded, equal for all."""

    LATE = "late"
    NOT_THE_OWNER = "not_the_owner"
    NO_GROUNDS = "no_grounds"
    DECIDED_BEFORE = "decided_before"


class Ruling(StrEnum):
    """What hearers find: the decision stands, or falls and others decide."""

    CONFIRMED = "confirmed"
    SET_ASIDE = "set_aside"


class ComplaintSubject(StrEnum):
    """What a complaint about the club is about."""

    TREATMENT = "treatment"
    PROCESS = "process"
    DELAY = "delay"
    REVIEWERS = "reviewers"
    MARK = "mark"
    OTHER = "other"


class ComplaintState(StrEnum):
    """Where a complaint stands (ISO/IEC 17065, 7.13)."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    IN_HAND = "in_hand"
    DECIDED = "decided"
    CLOSED = "closed"


class ComplaintAction(StrEnum):
    """What moves a complaint; every one is a row of complaints.TRANSITIONS."""

    RECEIVE = "receive_complaint"
    ACKNOWLEDGE = "acknowledge_complaint"
    TAKE = "take_complaint"
    DECIDE = "decide_complaint"
    CLOSE = "close_complaint"
    OPEN_CONTACT = "open_complaint_contact"
    ERASE_CONTACT = "erase_complaint_contact"


class Verdict(StrEnum):
    """What was found of a complaint."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    ELSEWHERE = "elsewhere"  # not about the club's work: told where it belongs


class CertificateState(StrEnum):
    """What the committee last said of a certificate; expiry and announcement are computed from dates."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"


class CertificateStatus(StrEnum):
    """What a certificate is worth on one legal day."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class CertificateAction(StrEnum):
    """What changes a certificate."""

    GRANT = "grant"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"


class CertificateStep(StrEnum):
    """What is written into the history of a certificate; proposals wait for a second person."""

    GRANT = "grant_certificate"
    SUSPEND = "suspend_certificate"
    CONFIRM_SUSPENSION = "confirm_suspension"
    LIFT_SUSPENSION = "lift_suspension"  # the second person disagreed with the first
    PROPOSE_REINSTATEMENT = "propose_reinstatement"
    REINSTATE = "reinstate_certificate"
    PROPOSE_WITHDRAWAL = "propose_withdrawal"
    WITHDRAW = "withdraw_certificate"
    DISMISS = "dismiss_certificate_change"
    SUPERSEDE = "supersede_certificate"
    KEEP = "keep_certificate"  # the one that was to follow ended before its first day


class Severity(StrEnum):
    """How grave a finding is."""

    OBSERVATION = "observation"
    MINOR = "minor"
    MAJOR = "major"


class RefusalReason(StrEnum):
    """Why an application is not accepted for evaluation (ISO/IEC 17065, 4.4 and 7.3: coded, equal for all)."""

    OUT_OF_SCOPE = "out_of_scope"
    NOT_LEGAL_ENTITY = "not_legal_entity"
    DUPLICATE = "duplicate"
    NO_TEAM = "no_team"
    UNSAFE_MATERIAL = "unsafe_material"
    UNRESOLVED_BREACH = "unresolved_breach"


class Outcome(StrEnum):
    """What the committee proposes and decides."""

    CERTIFY = "certify"
    DECLINE = "decline"


class Basis(StrEnum):
    """What lies behind the highest score."""

    INDEPENDENT_REPORT = "independent_report"
    OWN_TEST = "own_test"


class ScanState(StrEnum):
    """What the scanner for harmful software has said of a file."""

    UNSCANNED = "unscanned"  # came while no scanner was set up: read without its word
    WAITING = "waiting"  # nobody reads it before the scanner has spoken
    CLEAN = "clean"
    QUARANTINED = "quarantined"  # harmful: nobody reads it any more


class ScanTrouble(StrEnum):
    """Why a file still waits although it was tried."""

    UNREACHABLE = "unreachable"
    TOO_LARGE = "too_large"  # larger than the scanner takes


class PeopleEvent(StrEnum):
    """What is written down about people and companies: history rows that belong to no application."""

    REGISTER_VENDOR = "register_vendor"
    CHANGE_VENDOR = "change_vendor"
    JOIN_VENDOR = "join_vendor"
    CONFIRM_MEMBERSHIP = "confirm_membership"
    DENY_MEMBERSHIP = "deny_membership"
    LEAVE_VENDOR = "leave_vendor"
    HAND_OVER_VENDOR = "hand_over_vendor"
    CLOSE_VENDOR = "close_vendor"
    ASK_EXPORT = "ask_export"
    CHANGE_ROLES = "change_roles"
    DISABLE_PERSON = "disable_person"
    ENABLE_PERSON = "enable_person"
    ADD_INTEREST = "add_interest"
    END_INTEREST = "end_interest"
    ASK_RETRACTION = "ask_retraction"
    RETRACT_INTEREST = "retract_interest"
    KEEP_INTEREST = "keep_interest"  # asked to be retracted, and it was none
