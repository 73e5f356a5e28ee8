"""The words of a certificate's life: measures, triggers, sizes of changes. A leaf: imports nothing of ours."""

from enum import StrEnum


class Measure(StrEnum):
    """What a surveillance leads to."""

    KEEP = "keep"
    REDUCE = "reduce"
    SUSPEND = "suspend"
    WITHDRAW = "withdraw"


STAYING = (Measure.KEEP, Measure.REDUCE)  # after these the certificate is as good as before, perhaps for less


class Trigger(StrEnum):
    """Why a surveillance is made."""

    SCHEDULE = "schedule"
    CONCERN = "concern"
    CHANGE_NOTICE = "change_notice"
    STORE_VERSION = "store_version"


class ChangeSize(StrEnum):
    """How the office judges a change that a vendor has told of (ISO/IEC 17065, 7.10)."""

    MINOR = "minor"  # the certificate covers it
    MAJOR = "major"  # it does not, until it was evaluated


class Clocked(StrEnum):
    """What the clock says of a certificate, once a deadline."""

    RENEWAL = "renewal"
    EXPIRY = "expiry"
    SUSPENSION = "suspension"
    RESTORING = "restoring"
    CHANGE = "change"
