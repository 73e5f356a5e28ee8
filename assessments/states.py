"""The words of the procedure: states, actions, kinds. A leaf: imports nothing of ours."""

from enum import StrEnum


class Kind(StrEnum):
    """Why an application is made."""

    INITIAL = "initial"
    RENEWAL = "renewal"
    CHANGE = "change"
    SURVEILLANCE = "surveillance"
    TRANSITION = "transition"


LATER = (Kind.RENEWAL, Kind.CHANGE, Kind.TRANSITION)  # kinds that a company begins from a certificate of its own
FOLLOWING = (*LATER, Kind.SURVEILLANCE)  # every kind that starts from the answers behind a certificate


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
    STOP = "stop"  # a surveillance whose certificate has ended


class Event(StrEnum):
    """What is written down beside the moves: each is a history row that changes no state."""

    START = "start"
    BEGIN_SURVEILLANCE = "begin_surveillance"  # by the office: the company finds a draft
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
    READ_NAMES = "read_names"
    WRITE_AUDIT_NOTE = "write_audit_note"
    ANSWER_AUDIT_NOTE = "answer_audit_note"
    CLOSE_AUDIT_NOTE = "close_audit_note"
    ASK_CASE = "ask_case"
    EXPORT_CASE = "export_case"
    AGREE_PROPOSAL = "agree_proposal"  # one of several who have to; the last of them decides
    FALL_PROPOSAL = "fall_proposal"  # whoever made it may decide no more
    FULFIL_CONDITION = "fulfil_condition"
    CLOSE_FINDING = "close_finding"  # with the condition that came out of it
    REMIND_CONDITION = "remind_condition"
    CONDITION_OVERDUE = "condition_overdue"
    WAIVE_CALIBRATION = "waive_calibration"
    ASK_QUESTION = "ask_question"
    TELL_QUESTIONS = "tell_questions"  # the company is written to about what was asked meanwhile
    ANSWER_QUESTION = "answer_question"
    WITHDRAW_QUESTION = "withdraw_question"
    ADD_TEST_RECORD = "add_test_record"
    CHANGE_TEST_RECORD = "change_test_record"
    REMOVE_TEST_RECORD = "remove_test_record"
    LACK_COMPETENCE = "lack_competence"  # assigned although nobody of the team is competent for something, and why
    JUDGE_REPORT = "judge_report"  # a reviewer takes a laboratory's report as independent, or does not
    VOID_REVIEW = "void_review"  # a reviewer turned out to have an interest
    VOID_REVIEW_OF_COLLEAGUE = "void_review_of_colleague"  # by joining the vendor: told to nobody there
    PROPOSAL_FALLS = "proposal_falls"
    FIND_CONFLICT = "find_conflict"  # after the recommendation: somebody has to decide what follows
    HANDLE_CONFLICT = "handle_conflict"


class ConflictOrigin(StrEnum):
    """How it came out that a person with a part in an application has an interest in its vendor."""

    DECLARED = "declared"  # in the person's word about this application
    REGISTERED = "registered"  # by the person, in their register
    REPORTED = "reported"  # by the office
    JOINED = "joined"  # the person became a member of the vendor


class ConflictEffect(StrEnum):
    """What a conflict has stopped, or that it came too late to stop anything."""

    ACCESS_ENDED = "access_ended"
    REVIEW_VOIDED = "review_voided"
    PROPOSAL_FELL = "proposal_fell"
    AFTER_RECOMMENDATION = "after_recommendation"  # no decision on it until it was sent back
    AFTER_DECISION = "after_decision"


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
    REDUCE = "reduce"
    RESTORE = "restore"  # the hearers of an appeal have set a reduction aside
    TERMINATE = "terminate"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"


UNCONFIRMED = (  # changes that need no second person
    *(CertificateAction.GRANT, CertificateAction.TERMINATE, CertificateAction.SUPERSEDE, CertificateAction.EXPIRE),
)


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
    PROPOSE_REDUCTION = "propose_reduction"
    REDUCE = "reduce_certificate"
    RESTORE = "restore_certificate_scope"
    TERMINATE = "terminate_certificate"
    EXPIRE = "expire_certificate"
    PLAN_SURVEILLANCE = "plan_surveillance"
    DROP_SURVEILLANCE = "drop_surveillance"
    FINISH_SURVEILLANCE = "finish_surveillance"  # the certificate stays as it is
    GIVE_CHANGE_NOTICE = "give_change_notice"
    JUDGE_MINOR = "judge_change_minor"
    JUDGE_MAJOR = "judge_change_major"
    CHANGE_OVERDUE = "change_overdue"  # a major change, and no application about it in time
    REMIND_RENEWAL = "remind_renewal"
    REMIND_SUSPENSION = "remind_suspension"  # the second person has not answered
    RESTORING_OVERDUE = "restoring_overdue"  # what would restore it was not done in time


class Unmeasured(StrEnum):
    """Why agreement between reviewers cannot be worked out."""

    ONE_RATER = "one_rater"  # no criterion was scored by two
    NO_VARIATION = "no_variation"  # everybody gave one and the same score everywhere


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


class RenditionState(StrEnum):
    """How far the pictures of a file's pages have come."""

    WAITING = "waiting"  # none yet, or not all
    MADE = "made"
    FAILED = "failed"  # the file cannot be shown as pictures


class AuditKind(StrEnum):
    """What an auditor writes down about a file (ISO 19011, 6.4.7 to 6.4.9)."""

    SAMPLING = "sampling"  # why this file, and what of it was looked at
    OBSERVATION = "observation"
    RECOMMENDATION = "recommendation"


class CaseState(StrEnum):
    """How far a case file to take away is."""

    WAITING = "waiting"
    MAKING = "making"  # a worker holds it until `held_until`, and longer while it goes on
    READY = "ready"
    FAILED = "failed"
    OVER = "over"  # its file is gone; what it held stays written down


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
    CLOSE_ACCOUNT = "close_account"  # by the person
    ADD_FACTOR = "add_factor"
    REMOVE_FACTOR = "remove_factor"
    USE_RECOVERY_CODE = "use_recovery_code"
    RENEW_RECOVERY_CODES = "renew_recovery_codes"
    RESET_FACTORS = "reset_factors"  # by an administrator or the command line, for somebody who has lost theirs
    ADD_INTEREST = "add_interest"
    END_INTEREST = "end_interest"
    ASK_RETRACTION = "ask_retraction"
    RETRACT_INTEREST = "retract_interest"
    KEEP_INTEREST = "keep_interest"  # asked to be retracted, and it was none
    SET_CALIBRATION_BAR = "set_calibration_bar"
    FINISH_CALIBRATION = "finish_calibration"
    CONFIRM_INTEREST = "confirm_interest"
    REPORT_INTEREST = "report_interest"  # by the office, which has learned of it
    ANSWER_INTEREST = "answer_interest"
    CHANGE_BACKGROUND = "change_background"
    AGREE_TO_BE_NAMED = "agree_to_be_named"
    STOP_BEING_NAMED = "stop_being_named"
    WRITE_RISK = "write_risk"
    WRITE_MEETING = "write_meeting"
    GRANT_COMPETENCE = "grant_competence"
    END_COMPETENCE = "end_competence"
    REMIND_COMPETENCE = "remind_competence"
    ACCEPT_LABORATORY = "accept_laboratory"
    CHANGE_LABORATORY = "change_laboratory"
    END_LABORATORY = "end_laboratory"
    SET_IDENTITY = "set_identity"
    DROP_IDENTITY = "drop_identity"  # before its first day
    SET_ISSUING_BODY = "set_issuing_body"
    ADD_AFFILIATE = "add_affiliate"
    CHANGE_AFFILIATE = "change_affiliate"
    REMOVE_AFFILIATE = "remove_affiliate"
    WRITE_REPORT = "write_report"
    PUBLISH_REPORT = "publish_report"
    DROP_REPORT = "drop_report"  # a draft
    MAKE_TOKEN = "make_token"  # noqa: S105  an event, not a token
    END_TOKEN = "end_token"  # noqa: S105  an event, not a token


class CompetenceField(StrEnum):
    """What a competence is for."""

    CATEGORY = "category"  # of products
    GROUP = "group"  # of criteria


class CompetenceBasis(StrEnum):
    """What a competence rests on (ISO/IEC 17065, 6.1.2.1)."""

    TRAINING = "training"
    EXPERIENCE = "experience"
    TEST = "test"


class LaboratoryStanding(StrEnum):
    """What the register says of a laboratory for one criterion on the date of a report."""

    ACCEPTED = "accepted"
    OUT_OF_SCOPE = "out_of_scope"  # accepted, but not for this criterion or these categories
    NOT_THEN = "not_then"  # not (yet, or any more) accepted on that date
    NOT_LISTED = "not_listed"
    NOT_TOLD = "not_told"  # the vendor has named no laboratory, or no date
