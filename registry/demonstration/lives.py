"""What becomes of certificates of the demonstration after their grant: looked at again, changed, reduced, ended."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from sqlmodel import Session, select

from assessments import agreement, applications, certificates, change_notices, clock, decisions, renewals, surveillance
from assessments.certificates import Change
from assessments.change_notices import Judged, Told
from assessments.decisions import Proposing
from assessments.lifecycle import ChangeSize, Measure
from assessments.models import Certificate, ChangeNotice, Product
from assessments.queries import surveillance as queries
from assessments.queries.certificates import current_of
from assessments.queries.renewals import later_of
from assessments.reductions import Reduction
from assessments.states import CertificateAction, ChangeKind, Outcome
from assessments.surveillance import Measured
from criteria.model import Criterion
from registry.demonstration import applying, deciding, evaluating
from registry.demonstration.fiction import products
from registry.demonstration.stage import Play, Stage
from registry.issuing import bodies
from registry.issuing.bodies import Naming

KEPT, LOOKED_AT, SMALL, LARGE, NEW = "lop-minh", "em-biet-mang", "tuoi-that", "dong-ho-chong-chong", "den-nha"
REDUCED, ENDED = "dom-dom-tivi", "chim-se"
STAYS = (
    "Những tiêu chí được xem lại vẫn đạt như lúc cấp.",
    "What was looked at again is still as it was when the certificate was granted.",
)
SIGNATORY = ("Lương Thị Mẫu", "Chủ nhiệm Câu lạc bộ", "President of the club")


class Look(Play):
    """One surveillance: of the product's criteria, those that were drawn."""

    @property
    def criteria(self) -> list[Criterion]:
        """The criteria it is about."""
        return [one for one in super().criteria if one.code in self.file.asked]


def begin(stage: Stage, issuer: tuple[str, str]) -> None:
    """Somebody signs for the issuing body from the first day on."""
    bodies.take_over(stage.session, clock.today(), Naming(*issuer, *SIGNATORY))
    stage.issuer = bodies.issuer(stage.session)


def scenes(stage: Stage) -> Iterator[tuple[int, Callable[[], None]]]:
    """What happened, and how many days ago."""
    done, running = _look(stage, KEPT), _look(stage, LOOKED_AT)
    yield 55, partial(_plan, done)
    yield 54, partial(_begin, done)
    yield 47, partial(_answer, done)
    yield 46, partial(_at_work, done)
    yield 36, partial(_recommend, done)
    yield 33, partial(_keep, done)
    yield 27, partial(_reduce, stage)
    yield 24, partial(_plan, running)
    yield 23, partial(_begin, running)
    yield 15, partial(_tell, stage, SMALL, Told((ChangeKind.VERSION,), stage.day(14), "Sửa lỗi nhỏ.", "3.4.1"))
    yield 14, partial(_answer, running)
    yield 13, partial(_at_work, running)
    yield 12, partial(_judge, stage, SMALL, Judged(ChangeSize.MINOR, "Chỉ sửa lỗi hiển thị; giấy bao gồm bản này."))
    yield 8, partial(_tell, stage, LARGE, Told((ChangeKind.DATA, ChangeKind.FEATURES), stage.day(2), _GPS, "2.0"))
    yield 6, partial(_judge_large, stage)
    yield 5, partial(_end, stage)
    yield 1, partial(_tell, stage, NEW, Told((ChangeKind.INFRASTRUCTURE,), stage.day(0), "Chuyển máy chủ về Hà Nội."))


_GPS = "Thêm định vị liên tục để phụ huynh xem đường đi của con."


def _look(stage: Stage, key: str) -> Look:
    return Look(stage, next(one for one in products() if one.key == key))


def _certificate(stage: Stage, key: str) -> Certificate:
    """The certificate of a product that stands."""
    play = _look(stage, key)
    question = select(Product).where(Product.vendor_id == play.vendor.id, Product.name == play.fiction.name[0])
    return current_of(stage.session, play.vendor.id, clock.today())[stage.session.exec(question).one().id]


# --- surveillance ---


def _plan(play: Look) -> None:
    """The calendar plans it."""
    surveillance.plan_scheduled(play.session, _certificate(play.stage, play.fiction.key))


def _begin(play: Look) -> None:
    """The office draws the criteria and asks the company."""
    certificate = _certificate(play.stage, play.fiction.key)
    place = min(one.number for one in queries.of_certificate(play.session, certificate.id))
    reply_by = clock.today() + timedelta(days=21)
    play.application = surveillance.begin(play.session, play.office, certificate.number, place, reply_by)


def _answer(play: Look) -> None:
    """The company confirms each answer and hands it in."""
    later = later_of(play.session, play.file)
    for row in later.again if later else ():
        renewals.confirm(play.session, play.owner, play.file, row.code)
    applications.accept_agreement(play.session, play.owner, play.file, agreement.current_version())
    applications.submit(play.session, play.owner, play.file)


def _at_work(play: Look) -> None:
    """Taken in, given to two reviewers; the other one has finished."""
    for act in (evaluating.accept, evaluating.assign, evaluating.declare_lead, evaluating.declare_other):
        act(play)
    evaluating.review_other(play)


def _recommend(play: Look) -> None:
    """The lead has finished too; both agree, and the committee gets it."""
    for act in (evaluating.review_lead, evaluating.settle, evaluating.ask_facts, applying.check_facts):
        act(play)
    evaluating.recommend(play)
    deciding.declare_proposer(play)
    deciding.declare_confirmer(play)


def _keep(play: Look) -> None:
    """The committee leaves the certificate as it is."""
    proposer, confirmer = deciding.pair(play)
    proposing = Proposing(Outcome.CERTIFY, None, *STAYS, measured=Measured(Measure.KEEP))
    made = decisions.propose(play.session, proposer, play.file, proposing)
    decisions.confirm(play.session, confirmer, play.file, made.number, play.stage.issuer)


# --- by decision, and by the company ---


def _reduce(stage: Stage) -> None:
    """One platform is taken away."""
    certificate, (proposer, confirmer) = _certificate(stage, REDUCED), deciding.pair(_look(stage, REDUCED))
    facts = certificate.content["profile"]
    kept = tuple(one for one in facts["platforms"] if one != "ios")
    change = Change(
        "Bản iOS mới không còn giới hạn được giờ xem.",
        "The new iOS version no longer limits the viewing time.",
        reduction=Reduction(kept, tuple(facts["categories"]), tuple(facts["ages"])),
    )
    event = certificates.propose(stage.session, proposer, certificate.number, CertificateAction.REDUCE, change)
    certificates.confirm(stage.session, confirmer, certificate.number, event.number)


def _end(stage: Stage) -> None:
    """A company ends its certificate: it sells the product no more."""
    play, certificate = _look(stage, ENDED), _certificate(stage, ENDED)
    certificates.terminate(stage.session, play.owner, certificate.number, "Ngừng bán sản phẩm này.")


# --- change notices ---


def _tell(stage: Stage, key: str, told: Told) -> None:
    play, certificate = _look(stage, key), _certificate(stage, key)
    change_notices.give(stage.session, play.owner, certificate.number, told)


def _judge(stage: Stage, key: str, judged: Judged) -> None:
    certificate = _certificate(stage, key)
    place = _newest(stage.session, certificate).number
    change_notices.judge(stage.session, stage.people["coordinator"], certificate.number, place, judged)


def _judge_large(stage: Stage) -> None:
    apply_by = clock.today() + timedelta(days=30)
    reason = "Định vị liên tục là dữ liệu mới về trẻ em: cần đánh giá trước khi giấy bao gồm bản này."
    _judge(stage, LARGE, Judged(ChangeSize.MAJOR, reason, apply_by))


def _newest(session: Session, certificate: Certificate) -> ChangeNotice:
    question = select(ChangeNotice).where(ChangeNotice.certificate_id == certificate.id)
    return max(session.exec(question).all(), key=lambda one: one.number)
