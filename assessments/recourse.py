"""What appeals and complaints are about, what they go through, and how they end (ISO/IEC 17065, 7.13)."""

from enum import StrEnum


class AppealKind(StrEnum):
    """What an appeal is against."""

    REFUSAL = "refusal"  # at intake
    DECLINE = "decline"
    LEVEL = "level"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    REDUCTION = "reduction"  # of the scope of a certificate, or its level


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
    LODGE_LATE = "lodge_late_appeal"  # after the period: received, written down, not heard
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
    AUDITORS = "auditors"
    IMPARTIALITY = "impartiality"
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
    EXCLUDE = "exclude_from_complaint"  # somebody is concerned by it and reads it no more
    ERASE_CONTACT = "erase_complaint_contact"


class Verdict(StrEnum):
    """What was found of a complaint."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    ELSEWHERE = "elsewhere"  # not about the club's work: told where it belongs


class MisuseKind(StrEnum):
    """How somebody says that a certificate or the mark is misused."""

    FALSE = "false"  # no certificate of that number, or of another product
    ENDED = "ended"  # used although it is suspended, expired, withdrawn
    BEYOND = "beyond"  # another version, platform, product, or the whole company
    MISLEADING = "misleading"  # says more than the certificate does
    OTHER = "other"


class MisuseState(StrEnum):
    """Where a report of misuse stands."""

    RECEIVED = "received"
    IN_HAND = "in_hand"
    CLOSED = "closed"


class MisuseAction(StrEnum):
    """What moves a report of misuse; every one is a row of misuse.TRANSITIONS."""

    RECEIVE = "receive_misuse"
    TAKE = "take_misuse"
    CLOSE = "close_misuse"
    OPEN_CONTACT = "open_misuse_contact"
    ERASE_CONTACT = "erase_misuse_contact"


class MisuseOutcome(StrEnum):
    """What came out of a report of misuse."""

    STOPPED = "stopped"  # it was misuse, and it has ended
    ACTED = "acted"  # it was, and the club goes on: surveillance, suspension, an authority
    NO_MISUSE = "no_misuse"
    UNCLEAR = "unclear"  # could not be found or settled


class ConcernKind(StrEnum):
    """What somebody says is wrong with a product."""

    LET_THROUGH = "let_through"  # harmful content came through
    BLOCKED_WRONGLY = "blocked_wrongly"
    GOT_ROUND = "got_round"  # a child got round it or took it off
    DATA = "data"  # takes more than it should
    ADVERT = "advert"  # says what is not so
    CONTACT = "contact"  # strangers reach children through it
    OTHER = "other"


class ConcernState(StrEnum):
    """Where a concern stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    REFERRED = "referred"  # passed on; of what was said nothing is kept
    CLOSED = "closed"


class ConcernAction(StrEnum):
    """What moves a concern; every one is a row of concerns.TRANSITIONS."""

    RECEIVE = "receive_concern"
    HEAR = "hear_of_concern"  # the reporter writes again
    FORGET = "forget_concern_contact"  # as the reporter wishes
    ACKNOWLEDGE = "acknowledge_concern"
    INVESTIGATE = "investigate_concern"
    NOTE = "note_concern"
    REPLY = "reply_to_concern"
    NAME_PRODUCT = "name_product_of_concern"
    FIND_DANGER = "find_danger_in_concern"
    CLEAR_DANGER = "clear_danger_of_concern"
    ASK_CONTACT = "ask_concern_contact"
    CONFIRM_CONTACT = "confirm_concern_contact"
    REFUSE_CONTACT = "refuse_concern_contact"
    SHOW_CONTACT = "show_concern_contact"
    WRITE_OUT = "write_out_concern"  # the sheet that is passed on
    REFER = "refer_concern"
    SURVEY = "survey_for_concern"  # plans a surveillance of the product's certificate
    CLOSE = "close_concern"
    ERASE = "erase_concern"


class Danger(StrEnum):
    """Whether a child may be in danger, by what was written."""

    NONE = "none"
    SUSPECTED = "suspected"  # by words in it; somebody has to look
    FOUND = "found"  # somebody has read it
    CLEARED = "cleared"  # somebody has looked: no


class Referral(StrEnum):
    """To whom a concern is passed on."""

    HELPLINE = "helpline"  # 111
    POLICE = "police"  # 113, or the police of the place
    NETWORK = "network"  # the authority for security on the network
    OTHER = "other"


class ConcernOutcome(StrEnum):
    """Why a concern is closed."""

    PUT_RIGHT = "put_right"  # the product was at fault, and is not any more
    SURVEILLANCE = "surveillance"  # goes on as a surveillance
    NO_FAULT = "no_fault"
    UNCLEAR = "unclear"  # could not be found with what was said
    ELSEWHERE = "elsewhere"  # somebody else answers for it
    NO_CONCERN = "no_concern"  # empty, advertising, sent twice


class Voice(StrEnum):
    """Whose words a message of a concern holds."""

    REPORTER = "reporter"
    OFFICE = "office"
    NOTE = "note"  # of the office, for itself
