"""The committee's steps: propose, give notice, agree or disagree, send back (ISO/IEC 17065, 7.5 and 7.6).

A file is decided when one member has proposed and as many others as the edition's quorum asks have agreed, one after
the other; the last of them decides. One who disagrees ends the proposal, and says why.
"""

from dataclasses import dataclass, replace

from sqlmodel import Session, func, select

from assessments import announcements, certificates, conditions, history, minutes, reviews, surveillance
from assessments.clock import now
from assessments.conditions import Wanted
from assessments.declarations import declare
from assessments.errors import N_, Invalid, NotAllowed, NotReady, WrongState
from assessments.lifecycle import Measure
from assessments.models import Application, Decision, Notice, Proposal, Vote
from assessments.participation import fall, take_part
from assessments.people import Actor, InterestKind, Part
from assessments.policy import Permission, require
from assessments.queries import consensus, votes
from assessments.queries import decisions as queries
from assessments.queries.certificates import STANDING, certificate_of
from assessments.queries.committee import may_decide
from assessments.queries.grants import Issuer
from assessments.queries.reviews import conflicted
from assessments.queries.standings import standing_of
from assessments.states import Action, Event, Kind, Outcome, State
from assessments.surveillance import Measured
from assessments.workflow import TRANSITIONS, move
from criteria import store
from criteria.model import Edition, UnknownCode


@dataclass(frozen=True)
class Proposing:
    """What a decider proposes; whether it departs from the verdict is computed, never taken from a form.

    Of a surveillance the measure says it all; outcome and level follow from it.
    """

    outcome: Outcome
    level: str | None = None
    reasons_vi: str = ""
    reasons_en: str = ""
    conditions: tuple[Wanted, ...] = ()
    measured: Measured | None = None


def propose(session: Session, actor: Actor, application: Application, proposing: Proposing) -> Proposal:
    """Review the file and propose; becomes the proposer of this application (ISO/IEC 17065, 7.5).

    Refuses whoever reviewed, confirmed or has an interest; a level the edition does not have and missing reasons
    (Invalid): a decline and a departure from the verdict need them in both languages; conditions of a decline, and
    those without words or with a day that has passed (Invalid); a second proposal beside an open one (WrongState); an
    evaluation by somebody who turned out to have an interest (NotReady).
    """
    _hold(session, actor, application, Permission.PROPOSE)
    if _still_open(session, application):
        raise WrongState(N_("Hồ sơ này đã có một đề xuất đang chờ. Tải lại trang để xem."))
    proposing = _judged(session, application, proposing)
    _check_certificate(session, application, proposing)
    departs = _departs(session, application, proposing)
    _check_reasons(proposing, departs=departs)
    take_part(session, application, actor.id, Part.PROPOSER)
    last = session.exec(select(func.max(Proposal.number)).where(Proposal.application_id == application.id)).one()
    proposal = Proposal(
        application_id=application.id,
        number=(last or 0) + 1,
        proposer_id=actor.id,
        outcome=proposing.outcome,
        level=proposing.level if proposing.outcome is Outcome.CERTIFY else None,
        departs=departs,
        reasons_vi=proposing.reasons_vi.strip(),
        reasons_en=proposing.reasons_en.strip(),
    )
    session.add(proposal)
    session.flush()
    conditions.ask(session, application, proposal, proposing.conditions)
    if proposing.measured is not None:
        surveillance.propose(session, proposal, proposing.measured)
    move(session, actor, application, Action.PROPOSE, proposal.reasons_vi)
    return proposal


def reject(session: Session, actor: Actor, application: Application, number: int, note: str) -> None:
    """Disagree with the open proposal, as another person, and say why; another proposal may follow.

    One is enough, whatever the quorum: nothing is decided against a member's word.

    Refuses the proposer (NotAllowed), an empty note (Invalid), and a proposal that is no longer open or that one has
    agreed with (WrongState).
    """
    _hold(session, actor, application, Permission.CONFIRM)
    proposal = _open(session, application, number)
    if not note.strip():
        raise Invalid(N_("Ghi lý do không đồng ý."))
    _vote(session, actor, application, proposal, note=note.strip())
    proposal.rejection = note.strip()
    _close(session, proposal)
    move(session, actor, application, Action.REJECT_PROPOSAL, proposal.rejection)


def give_notice(
    session: Session, actor: Actor, application: Application, number: int, reasons: tuple[str, str]
) -> Notice:
    """Tell the vendor that a decline is intended, with the reasons (vi, en), before anything is decided.

    The proposal is closed with it: after the vendor's comment, or when its time has run, the file is proposed anew.
    Refuses whoever did not make the proposal (NotAllowed), a proposal to certify (NotReady), a notice already given
    since the recommendation or a proposal no longer open (WrongState), and missing reasons (Invalid).
    """
    _hold(session, actor, application, Permission.PROPOSE)
    proposal = _open(session, application, number)
    if proposal.proposer_id != actor.id:
        raise NotAllowed(N_("Chỉ người đề xuất gửi được thông báo dự kiến."))
    if queries.current_notice(session, application.id):
        raise WrongState(N_("Đã gửi thông báo dự kiến cho hồ sơ này rồi."))
    if not all(text.strip() for text in reasons):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))
    move(session, actor, application, Action.GIVE_NOTICE, reasons[0].strip())
    _close(session, proposal)
    if application.due_at is None:
        raise WrongState(N_("Hồ sơ không có hạn nào đang chạy."))
    notice = Notice(
        application_id=application.id,
        proposal_id=proposal.id,
        reasons_vi=reasons[0].strip(),
        reasons_en=reasons[1].strip(),
        given_by=actor.id,
        due_at=application.due_at,
    )
    session.add(notice)
    session.flush()
    return notice


def confirm(session: Session, actor: Actor, application: Application, number: int, issuer: Issuer) -> Decision | None:
    """Agree with the open proposal, as another person. With the last agreement that the edition's quorum asks for it
    is the decision, and a certificate follows from it; before that, None.

    Refuses the proposer and whoever reviewed (NotAllowed; the database refuses the same by itself), a proposal that is
    no longer the open one and a second agreement of one person (WrongState), a decline before the vendor was heard,
    and an evaluation by somebody who turned out to have an interest (NotReady).
    """
    _hold(session, actor, application, Permission.CONFIRM)
    proposal = _open(session, application, number)
    action = Action.CERTIFY if proposal.outcome is Outcome.CERTIFY else Action.DECLINE
    if missing := TRANSITIONS[action].ready(session, application):
        raise NotReady(missing)
    _vote(session, actor, application, proposal)
    if _more_have_to_agree(session, application, proposal):
        history.record(session, actor, history.Step(Event.AGREE_PROPOSAL), application)
        return None
    return _decide(session, actor, application, proposal, issuer)


def send_back(session: Session, actor: Actor, application: Application, note: str) -> None:
    """Return the file to the reviewers with a note; an open proposal of one's own is closed with it.

    The review of somebody who turned out to have an interest counts no more from then on.

    Refuses an empty note (Invalid) and a file on which somebody else's proposal waits (WrongState).
    """
    _hold(session, actor, application, Permission.PROPOSE)
    if not note.strip():
        raise Invalid(N_("Ghi điều nhóm đánh giá cần làm rõ."))
    proposal = _still_open(session, application)
    if proposal is not None and proposal.proposer_id != actor.id:
        raise WrongState(N_("Hồ sơ này đang có đề xuất của người khác. Trả lời đề xuất đó trước."))
    take_part(session, application, actor.id, Part.PROPOSER)
    if proposal is not None:
        proposal.rejection = note.strip()
        _close(session, proposal)
    move(session, actor, application, Action.SEND_BACK, note.strip())
    for review in conflicted(session, application):
        reviews.void(session, application, review.reviewer_id)


def stand_aside(session: Session, actor: Actor, application: Application, kind: InterestKind, note: str = "") -> None:
    """Declare an interest after all: access ends at once, and an open proposal of one's own falls.

    Refuses as declarations.declare does.
    """
    session.refresh(application, with_for_update=True)
    declare(session, actor, application, True, kind, note)  # noqa: FBT003  the answer to the question


def departs(edition: Edition, computed_level: str, proposing: Proposing) -> bool:
    """Whether a proposal differs from the verdict; `computed_level` is "" when no level is reached.

    Refuses (Invalid) to certify without a level, or at one the edition does not have.
    """
    if proposing.outcome is Outcome.DECLINE:
        return computed_level != ""
    try:
        return edition.level(proposing.level or "").code != computed_level
    except UnknownCode:
        raise Invalid(N_("Chọn mức có trong bản tiêu chí.")) from None


def _judged(session: Session, application: Application, proposing: Proposing) -> Proposing:
    """Of a surveillance: the proposal with the outcome and level of its measure; refuses one without."""
    measured = proposing.measured
    if (application.kind is Kind.SURVEILLANCE) != (measured is not None):
        raise Invalid(N_("Chọn giữ nguyên, thu hẹp, tạm đình chỉ hoặc thu hồi giấy."))
    if measured is None:
        return proposing
    if proposing.conditions:
        raise Invalid(N_("Kết quả giám sát không có điều kiện kèm theo."))
    level = surveillance.check_proposal(session, application, measured)
    if measured.measure is not Measure.KEEP and not (proposing.reasons_vi.strip() and proposing.reasons_en.strip()):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))
    return replace(proposing, outcome=measured.outcome, level=level)


def _departs(session: Session, application: Application, proposing: Proposing) -> bool:
    if proposing.measured is not None:
        return surveillance.departs(session, application, proposing.measured)
    edition = store.load(application.edition_id)
    computed = consensus.verdict_of(session, application)
    return departs(edition, computed.level.code if computed.level else "", proposing)


def _check_certificate(session: Session, application: Application, proposing: Proposing) -> None:
    """After an appeal against the level nobody loses by having appealed: ending a certificate is a step of its own."""
    certificate = certificate_of(session, application.id)
    if proposing.outcome is Outcome.DECLINE and certificate is not None and certificate.state in STANDING:
        raise Invalid(N_("Giấy của hồ sơ này đang có hiệu lực. Muốn thu hồi, làm ở trang của giấy."))


def _check_reasons(proposing: Proposing, *, departs: bool) -> None:
    needed = departs or proposing.outcome is Outcome.DECLINE
    if needed and not (proposing.reasons_vi.strip() and proposing.reasons_en.strip()):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))


def _hold(session: Session, actor: Actor, application: Application, permission: Permission) -> None:
    """Hold the application's row until the transaction ends, so that of two people one is first."""
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), permission)


def _vote(session: Session, actor: Actor, application: Application, proposal: Proposal, note: str = "") -> None:
    """Write down one member's answer, an agreement where there is no note; refuses a second one (WrongState)."""
    take_part(session, application, actor.id, Part.CONFIRMER)
    said = session.get(Vote, (proposal.id, actor.id))
    if said is not None and said.fell_at is None:
        raise WrongState(N_("Bạn đã đồng ý với đề xuất này. Hồ sơ chờ thành viên khác trả lời."))
    said = said or Vote(
        proposal_id=proposal.id,
        voter_id=actor.id,
        application_id=application.id,
        proposer_id=proposal.proposer_id,
        agrees=not note,
    )
    said.agrees, said.note, said.at, said.fell_at = not note, note, now(), None
    session.add(said)
    session.flush()


def _more_have_to_agree(session: Session, application: Application, proposal: Proposal) -> bool:
    """Whether the quorum is not reached yet; the agreement of whoever may decide no more is not counted."""
    standing = [
        vote
        for vote in votes.counted(session, proposal.id)
        if vote.agrees and may_decide(session, application, vote.voter_id)
    ]
    return len(standing) < store.load(application.edition_id).quorum.agreeing


def _decide(session: Session, actor: Actor, application: Application, proposal: Proposal, issuer: Issuer) -> Decision:
    """The decision, with the certificate that follows from it and what its minutes will say of the people."""
    certified = proposal.outcome is Outcome.CERTIFY
    move(session, actor, application, Action.CERTIFY if certified else Action.DECLINE)
    announcements.hold_back(session, application)
    last = session.exec(select(func.max(Decision.number)).where(Decision.application_id == application.id)).one()
    decision = Decision(
        application_id=application.id,
        number=(last or 0) + 1,
        confirmer_id=actor.id,
        proposal_id=proposal.id,
        **proposal.model_dump(
            include={"proposer_id", "outcome", "level", "departs", "reasons_vi", "reasons_en"},
        ),
    )
    _close(session, proposal)
    session.add(decision)
    session.flush()
    minutes.open_for(session, application, decision)
    if application.kind is Kind.SURVEILLANCE:
        surveillance.conclude(session, actor, application, decision)
    elif certified:
        certificates.issue(session, actor, application, decision, issuer)
    return decision


def _open(session: Session, application: Application, number: int) -> Proposal:
    """The open proposal, if it is the one the actor has read; says what happened when it is not."""
    proposal = _still_open(session, application)
    if proposal is not None and proposal.number == number:
        return proposal
    if application.state in {State.CERTIFIED, State.DECLINED}:
        raise WrongState(N_("Một người khác vừa đồng ý với đề xuất này, hồ sơ đã có quyết định. Tải lại trang để xem."))
    if proposal is not None:
        raise WrongState(N_("Đề xuất bạn vừa đọc đã được thay bằng đề xuất khác. Tải lại trang để đọc."))
    raise WrongState(N_("Đề xuất này không còn chờ: người khác vừa trả lời hoặc rút lại. Tải lại trang để xem."))


def _still_open(session: Session, application: Application) -> Proposal | None:
    """The open proposal; one whose proposer may decide no more falls, and another may be made."""
    proposal = queries.open_proposal(session, application.id)
    if proposal is not None and not may_decide(session, application, proposal.proposer_id):
        fall(session, application, proposal)
        return None
    return proposal


def _close(session: Session, proposal: Proposal) -> None:
    proposal.closed_at = now()
    session.add(proposal)
    session.flush()
