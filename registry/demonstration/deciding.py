"""Scenes of the committee: declaring, proposing, giving notice, confirming, and changing certificates afterwards."""

from datetime import timedelta

from assessments import certificates, clock, decisions, declarations
from assessments.decisions import Proposing
from assessments.people import InterestKind
from assessments.queries.certificates import certificate_of
from assessments.states import CertificateAction, Outcome
from registry.accounts.models import User
from registry.demonstration import applying, conditions
from registry.demonstration.fiction import RENEW, Change
from registry.demonstration.stage import Play

_PAIRS = (
    ("decider1", "decider2"),
    ("decider3", "decider1"),
    ("decider2", "decider3"),
)


def declare_proposer(play: Play) -> None:
    """Who will propose has no interest; somebody else may find one here."""
    for login, note in play.fiction.declares.items():
        person = play.person(login)
        declarations.declare(play.session, person, play.file, True, InterestKind.FAMILY, note)  # noqa: FBT003
    declarations.declare(play.session, _proposer(play), play.file, False)  # noqa: FBT003  the answer, not a switch


def declare_confirmer(play: Play) -> None:
    """Nor has who will confirm."""
    declarations.declare(play.session, _confirmer(play), play.file, False)  # noqa: FBT003  the answer, not a switch


def propose(play: Play) -> None:
    """Propose the level that the verdict gives."""
    proposing = Proposing(Outcome.CERTIFY, play.fiction.level, conditions=conditions.of(play.fiction.key))
    play.proposal = decisions.propose(play.session, _proposer(play), play.file, proposing)


def propose_decline(play: Play) -> None:
    """Propose not to certify, with the reasons."""
    proposing = Proposing(Outcome.DECLINE, None, *play.fiction.decline)
    play.proposal = decisions.propose(play.session, _proposer(play), play.file, proposing)


def give_notice(play: Play) -> None:
    """Tell the vendor before anything is decided."""
    decisions.give_notice(play.session, _proposer(play), play.file, _number(play), play.fiction.decline)


def confirm(play: Play) -> None:
    """The second person agrees: this is the decision."""
    decisions.confirm(play.session, _confirmer(play), play.file, _number(play), play.stage.issuer)
    play.certificate = certificate_of(play.session, play.file.id)


def change(play: Play, what: Change) -> None:
    """Change the certificate, agree with the change that was proposed last, or have its vendor begin a renewal."""
    if play.certificate is None:
        raise LookupError(f"{play.fiction.key} has no certificate")
    number = play.certificate.number
    if what.what == RENEW:
        applying.renew(play, number, what.reason[0])
        return
    if what.what == "confirm":
        if play.event is not None:
            certificates.confirm(play.session, _confirmer(play), number, play.event.number)
        return
    if what.what == CertificateAction.SUSPEND:
        play.event = certificates.suspend(play.session, _proposer(play), number, _reasons(what))
        return
    action = CertificateAction(what.what)
    play.event = certificates.propose(play.session, _proposer(play), number, action, _reasons(what))


def pair(play: Play) -> tuple[User, User]:
    """Who proposes and who confirms what is decided of a product."""
    return _proposer(play), _confirmer(play)


def _reasons(what: Change) -> certificates.Change:
    restore_by = clock.today() + timedelta(days=what.restore_days) if what.restore_days else None
    return certificates.Change(*what.reason, *what.condition, restore_by)


def _number(play: Play) -> int:
    if play.proposal is None:
        raise LookupError(f"nothing was proposed for {play.fiction.key}")
    return play.proposal.number


def _proposer(play: Play) -> User:
    return play.person(_pair(play)[0])


def _confirmer(play: Play) -> User:
    return play.person(_pair(play)[1])


def _pair(play: Play) -> tuple[str, ...]:
    return play.fiction.committee or _PAIRS[play.fiction.chance("committee", len(_PAIRS))]
