"""What a badge says of a certificate: the one place where its status is worked out."""

from dataclasses import dataclass
from datetime import date

from assessments.models import Certificate
from assessments.queries import certificates as queries
from assessments.states import CertificateStatus


@dataclass(frozen=True)
class Badge:
    """What is drawn: nothing of it is known before the certificate is public."""

    number: str
    status: CertificateStatus | None = None  # None: there is no public certificate of this number
    since: date | None = None
    until: date | None = None
    rank: str = ""
    level_vi: str = ""
    level_en: str = ""
    product: str = ""
    reconstruction: bool = False


def status_of(certificate: Certificate | None, day: date) -> CertificateStatus | None:
    """What the badge shows of a certificate on a legal day; None where the public knows of none."""
    if certificate is None or not queries.is_public(certificate, day):
        return None
    return queries.status(certificate, day)


def badge_of(number: str, certificate: Certificate | None, day: date) -> Badge:
    """The badge of a canonical number on a legal day."""
    status = status_of(certificate, day)
    if certificate is None or status is None:
        return Badge(number)
    content = certificate.content
    superseded = status is CertificateStatus.SUPERSEDED and certificate.superseded_on is not None
    return Badge(
        number=number,
        status=status,
        since=certificate.superseded_on if superseded else certificate.state_since,
        until=certificate.valid_until,
        rank=str(content["level"]["rank"]),
        level_vi=content["level"]["vi"],
        level_en=content["level"]["en"],
        product=f"{content['profile']['name_vi']} {content['profile']['version']}",
        reconstruction=bool(content["edition"].get("reconstruction")),
    )
