"""The words of what becomes public: keys, entries, lists, the register, editions. A leaf: imports nothing of ours."""

from enum import StrEnum


class KeyPurpose(StrEnum):
    """What a key of the registry signs."""

    ASSERTION = "assertion"  # certificates and status lists
    LOG = "log"  # checkpoints of the public log


class PublicationKind(StrEnum):
    """What is published about: an event of a certificate, an edition, a key."""

    GRANT = "grant"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    LIFT = "lift"
    REDUCE = "reduce"
    RESTORE = "restore"  # of what a reduction took away
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"
    REISSUE = "reissue"  # signed anew: its key was lost to others
    EDITION = "edition"
    KEY = "key"


class StatusPurpose(StrEnum):
    """What a set bit of a status list says (Bitstring Status List 1.0)."""

    REVOCATION = "revocation"  # for good: withdrawn, ended by the vendor, replaced
    SUSPENSION = "suspension"


class RegisterKind(StrEnum):
    """What a line of the public register tells; some come from decisions, some from the calendar."""

    GRANT = "grant"
    SUSPEND = "suspend"
    LIFT = "lift"  # of a suspension that the second person did not confirm
    REINSTATE = "reinstate"
    REDUCE = "reduce"
    RESTORE = "restore"  # of what a reduction took away
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"
    EDITION = "edition"


class EditionStep(StrEnum):
    """What is written into the history about an edition of the criteria: rows that belong to no application."""

    PROPOSE = "propose_edition"
    PUBLISH = "publish_edition"
    DISMISS = "dismiss_edition"


class SubscriptionWay(StrEnum):
    """How somebody hears of changes."""

    MAIL = "mail"
    WEBHOOK = "webhook"
