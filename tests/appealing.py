"""Decisions that can be appealed against, and people who had no part in them: for tests of appeals and complaints."""

from typing import NamedTuple

from assessments import appeals, certificates, decisions, hearings, intake, rulings
from assessments.appeals import Lodging
from assessments.certificates import Change
from assessments.clock import now, today
from assessments.decisions import Proposing
from assessments.models import Appeal, Application, Certificate
from assessments.people import Role
from assessments.queries import appeals as queries
from assessments.queries.certificates import certificate_of
from assessments.queries.decisions import latest_notice
from assessments.recourse import Ground, Ruling
from assessments.rulings import Ruled
from assessments.states import Action, CertificateAction, Outcome, RefusalReason
from assessments.workflow import move
from registry.accounts import sessions
from registry.accounts.models import User
from tests import deciding, evaluation
from tests.surveying import remaining
from tests.world import World, _person

LODGING = Lodging(
    (Ground.FACTS, Ground.PROCEDURE), "Báo cáo thử nghiệm không được đọc.", "Xem lại điểm TN-05.", "TN-05"
)
CHANGE = Change("Có lỗ hổng.", "There is a hole.", "Vá lỗ hổng.", "Mend it.", None)
RULED = ("Người đánh giá đã bỏ sót báo cáo.", "The reviewers overlooked the report.")


class Others(NamedTuple):
    """People of the club without any part yet."""

    mai: User  # impartiality committee
    phuc: User  # decider
    quan: User  # decider
    thao: User  # coordinator


def others(world: World) -> Others:
    """Mai, Phúc, Quân and Thảo."""
    session = world.session
    found = Others(
        _person(session, "mai@club.example", "Trịnh Mai", Role.IMPARTIALITY),
        _person(session, "phuc@club.example", "Cao Phúc", Role.DECIDER),
        _person(session, "quan@club.example", "Đinh Quân", Role.DECIDER),
        _person(session, "thao@club.example", "Lưu Thảo", Role.COORDINATOR),
    )
    session.commit()
    for person in found:
        sessions.load_standing(session, person)
    session.commit()
    return found


def refused(world: World) -> Application:
    """Chi has refused it at intake."""
    application = evaluation.handed_in(world)
    intake.refuse(world.session, world.chi, application, RefusalReason.OUT_OF_SCOPE, "Ngoài phạm vi.")
    world.session.commit()
    return application


def declined(world: World) -> Application:
    """Giang proposed to decline, the company was heard, Hùng confirmed."""
    session = world.session
    application = deciding.in_decision(world)
    proposing = Proposing(Outcome.DECLINE, None, "Chưa đủ.", "Not enough.")
    proposal = decisions.propose(session, world.giang, application, proposing)
    decisions.give_notice(session, world.giang, application, proposal.number, ("Chưa đủ.", "Not enough."))
    notice = latest_notice(session, application.id)
    assert notice is not None
    notice.ended_at = now()
    session.add(notice)
    move(session, world.an, application, Action.COMMENT)
    again = decisions.propose(session, world.giang, application, proposing)
    decisions.confirm(session, world.hung, application, again.number, deciding.ISSUER)
    session.commit()
    return application


def certified(world: World) -> tuple[Application, Certificate]:
    """Certified at the lowest level by Giang and Hùng."""
    certificate = deciding.certified(world)
    application = world.session.get_one(Application, certificate.application_id)
    return application, certificate


def suspended(world: World) -> tuple[Application, Certificate]:
    """Certified, then suspended by Giang; Hùng has confirmed it."""
    application, certificate = certified(world)
    change = Change(*RULED, "Vá lỗ hổng.", "Mend it.", today().replace(day=28))
    if change.restore_by is not None and change.restore_by <= today():
        change = Change(*RULED, "Vá lỗ hổng.", "Mend it.", certificates.months_after(today(), 1))
    event = certificates.suspend(world.session, world.giang, certificate.number, change)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    return application, certificate


def withdrawn(world: World) -> tuple[Application, Certificate]:
    """Certified, then withdrawn by Giang and Hùng."""
    application, certificate = certified(world)
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, CHANGE)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    return application, certificate


def reduced(world: World) -> tuple[Application, Certificate]:
    """Certified, then reduced to Android by Giang and Hùng."""
    application, certificate = certified(world)
    reduce(world, certificate, platforms=("android",))
    return application, certificate


def reduce(world: World, certificate: Certificate, **less: tuple[str, ...]) -> None:
    """Giang and Hùng take away what is not named."""
    change = Change(*RULED, reduction=remaining(certificate, **less))
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.REDUCE, change)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    world.session.refresh(certificate)


def lodged(world: World, application: Application) -> Appeal:
    """An has appealed against what was decided last."""
    chosen = queries.appealable(world.session, application)[0]
    appeal = appeals.lodge(world.session, world.an, application, chosen.seq, LODGING)
    world.session.commit()
    return appeal


def under_hearing(world: World, application: Application, hearers: tuple[User, ...], office: User) -> Appeal:
    """Acknowledged and given to hearers, who have declared no interest."""
    appeal = lodged(world, application)
    appeals.acknowledge(world.session, office, appeal)
    hearings.assign(world.session, office, appeal, [one.id for one in hearers])
    for one in hearers:
        hearings.declare(world.session, one, appeal)
    world.session.commit()
    return appeal


def rule(world: World, appeal: Appeal, outcome: Ruling, first: User, second: User) -> None:
    """One proposes, the other agrees."""
    ruling = rulings.propose(world.session, first, appeal, Ruled(outcome, *RULED))
    rulings.confirm(world.session, second, appeal, ruling.number)
    world.session.commit()


def certificate_now(world: World, application: Application) -> Certificate:
    """The newest certificate of an application, as the database has it."""
    found = certificate_of(world.session, application.id)
    assert found is not None
    world.session.refresh(found)
    return found
