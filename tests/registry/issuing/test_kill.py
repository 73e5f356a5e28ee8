"""Killed between any two steps of issue and of each change: after a restart nothing is doubled and nothing is lost."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from assessments import certificates, clock, decisions
from assessments.certificates import Change
from assessments.models import Application, Certificate, CertificateRevision, Credential, LogEntry, Publication
from assessments.queries.certificates import certificate_of, status
from assessments.reductions import PARTS, Reduction
from assessments.states import CertificateAction, State
from registry import db, issuing
from registry.mail.models import Letter
from tests.deciding import ISSUER
from tests.killing import killed_at
from tests.racing import Files, everything_agrees
from tests.world import World

REASON = Change("Lý do.", "Reason.")
MOST = 40  # points a step may have before the test gives up


@dataclass
class Case:
    """Files before the committee, each with a proposal that waits; their history is whole, as fsck asks."""

    world: World
    refs: list[str]

    @property
    def session(self) -> Session:
        """The test's session; its commits publish at once."""
        return self.world.session

    def file(self) -> Application:
        """The next file."""
        return self.session.exec(select(Application).where(Application.ref == self.refs.pop(0))).one()

    def certified(self) -> str:
        """The number of a certificate granted and published just now."""
        application = self.file()
        decisions.confirm(self.session, self.world.hung, application, 1, ISSUER)
        self.session.commit()
        certificate = certificate_of(self.session, application.id)
        assert certificate is not None
        self.session.commit()
        return certificate.number

    def suspended(self) -> str:
        """The number of one that was suspended just now."""
        number = self.certified()
        certificates.suspend(self.session, self.world.giang, number, harm())
        self.session.commit()
        return number


@pytest.fixture
def case(app: Flask, world: World) -> Case:
    """Enough files for every point of a step."""
    files = Files(world, State.IN_DECISION, deciders=(world.giang, world.hung))
    return Case(world, files.write(2 * MOST))


def harm() -> Change:
    return Change("Lý do.", "Reason.", "Điều kiện.", "Condition.", clock.today() + timedelta(days=20))


Act = Callable[[Session], object]


def by_request(act: Act) -> Callable[[], None]:
    """What a request does: its own session, and a commit with everything that follows one."""

    def request() -> None:
        with db.open_session() as session:
            act(session)
            db.commit(session)

    return request


def grant(case: Case, application: Application | None = None) -> Callable[[], None]:
    """The second person agrees."""
    file = application or case.file()
    case.session.commit()
    return by_request(
        lambda session: decisions.confirm(session, case.world.hung, session.get_one(Application, file.id), 1, ISSUER)
    )


def supersede(case: Case) -> Callable[[], None]:
    """The same, of a product that has a certificate."""
    number = case.certified()
    former = case.session.exec(select(Certificate).where(Certificate.number == number)).one()
    application = case.file()
    application.product_id = former.product_id
    case.session.add(application)
    return grant(case, application)


def suspend(case: Case) -> Callable[[], None]:
    """Suspend at once."""
    number = case.certified()
    return by_request(lambda session: certificates.suspend(session, case.world.giang, number, harm()))


def lift(case: Case) -> Callable[[], None]:
    """The second person does not confirm a suspension."""
    number = case.suspended()
    return by_request(lambda session: certificates.dismiss(session, case.world.hung, number, 2, "Không đủ căn cứ."))


def reinstate(case: Case) -> Callable[[], None]:
    """The second person agrees to reinstate."""
    number = case.suspended()
    certificates.confirm(case.session, case.world.hung, number, 2)
    certificates.propose(case.session, case.world.giang, number, CertificateAction.REINSTATE, REASON)
    case.session.commit()
    return by_request(lambda session: certificates.confirm(session, case.world.hung, number, 3))


def withdraw(case: Case) -> Callable[[], None]:
    """The second person agrees to withdraw."""
    number = case.certified()
    certificates.propose(case.session, case.world.giang, number, CertificateAction.WITHDRAW, REASON)
    case.session.commit()
    return by_request(lambda session: certificates.confirm(session, case.world.hung, number, 2))


def reduce(case: Case) -> Callable[[], None]:
    """The second person agrees that one platform goes."""
    number = case.certified()
    facts = case.session.exec(select(Certificate).where(Certificate.number == number)).one().content["profile"]
    scope = {part: tuple(facts[part]) for part in PARTS}
    change = Change("Lý do.", "Reason.", reduction=Reduction(**{**scope, "platforms": scope["platforms"][1:]}))
    certificates.propose(case.session, case.world.giang, number, CertificateAction.REDUCE, change)
    case.session.commit()
    return by_request(lambda session: certificates.confirm(session, case.world.hung, number, 2))


def terminate(case: Case) -> Callable[[], None]:
    """The company ends it."""
    number = case.certified()
    return by_request(lambda session: certificates.terminate(session, case.world.an, number, "Ngừng kinh doanh."))


STEPS = (grant, supersede, suspend, lift, reinstate, withdraw, reduce, terminate)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_request_that_is_killed_is_finished_after_the_restart(app: Flask, case: Case, step: Any) -> None:
    killed, point = True, -1
    while killed:
        point += 1
        assert point < MOST
        act = step(case)
        before = the_log(app)
        killed = killed_at(app, point, act)
        restart(app)
        nothing_is_doubled(app)
        everything_agrees(app)
        the_log_says_what_pages_say(app)
        after = the_log(app)
        assert after[: len(before)] == before
        assert (len(after) > len(before)) == (point > 0)  # before the first commit nothing was decided
    assert point >= 8  # before and after each of: decision, signature, log, publication


def test_the_worker_that_is_killed_goes_on_after_the_restart(app: Flask, case: Case) -> None:
    numbers = [case.certified() for _ in range(3)]
    ends = case.session.exec(select(Certificate.valid_until)).all()
    case.session.commit()
    with clock.at(clock.start_of_day(max(ends) + timedelta(days=1))):
        point = 0
        while killed_at(app, point, issuing.turn):  # type: ignore[arg-type]  # what it counts is of no use here
            point += 1
        restart(app)
        nothing_is_doubled(app)
        everything_agrees(app)
        the_log_says_what_pages_say(app)
        kinds = Counter(json.loads(body)["kind"] for body in the_log(app))
    assert point > 0
    assert (kinds["grant"], kinds["expire"], len(numbers)) == (3, 3, 3)


def test_without_keys_everything_waits_and_nothing_is_public(app: Flask, world: World, case: Case, browser) -> None:
    act = grant(case)
    closed(app, 0o640)
    try:
        with app.app_context():
            act()
            issuing.turn()
        with Session(app.extensions["engine"]) as session:
            certificate = session.exec(select(Certificate)).one()
            assert (certificate.published_at, session.exec(select(Credential)).all()) == (None, [])
            number = certificate.number
        assert browser.get(f"/c/{number}").status_code == 404
        assert letters(app, "certified") == 0
        listed = app.test_cli_runner().invoke(args=["keys", "list"]).output
        assert "open to others" in listed
        assert "1 publications wait." in listed
        with clock.at(clock.now() + timedelta(hours=1)):
            answer = browser.get("/readyz")
            assert answer.json["warnings"] == ["signing"]
            browser.sign_in(world.chi)
            assert "chưa ra công khai" in browser.get("/certificates").text
            assert "chưa ra công khai" in browser.get(f"/certificates/{number}").text
    finally:
        closed(app, 0o600)
    assert "1 published, 0 waiting." in app.test_cli_runner().invoke(args=["issuing", "catch-up"]).output
    assert browser.get(f"/c/{number}").status_code == 200
    assert letters(app, "certified") == 1
    everything_agrees(app)


def closed(app: Flask, mode: int) -> None:
    """Give every file of a key another mode."""
    for pem in app.config["SETTINGS"].keys_folder.glob("*.pem"):
        pem.chmod(mode)


def restart(app: Flask) -> None:
    """What a worker does first."""
    with app.app_context():
        issuing.turn()


def the_log(app: Flask) -> list[str]:
    """Every entry about a certificate."""
    with Session(app.extensions["engine"]) as session:
        question = select(LogEntry.body).where(col(LogEntry.certificate_id).is_not(None))
        return list(session.exec(question.order_by(col(LogEntry.index))).all())


def letters(app: Flask, template: str) -> int:
    with Session(app.extensions["engine"]) as session:
        return sum(one.split(":")[1] == template for one in session.exec(select(Letter.event)).all())


def nothing_is_doubled(app: Flask) -> None:
    """Each event once in the log, each certificate signed once, and once more after a reduction."""
    told = Counter((one["certificate"], one["kind"]) for one in map(json.loads, the_log(app)))
    assert set(told.values()) <= {1}
    with Session(app.extensions["engine"]) as session:
        signed = session.exec(select(Credential.certificate_id)).all()
        published = session.exec(select(Certificate.id).where(col(Certificate.published_at).is_not(None))).all()
        waiting = session.exec(
            select(Publication.key).where(col(Publication.published_at).is_(None), col(Publication.voided_at).is_(None))
        ).all()
        certificates_there = session.exec(select(Certificate.id)).all()
        reduced = session.exec(select(CertificateRevision.certificate_id)).all()
    assert sorted(signed) == sorted([*published, *reduced])
    assert sorted(published) == sorted(certificates_there)
    assert waiting == []


def the_log_says_what_pages_say(app: Flask) -> None:
    """The last word of the log about each certificate is what its page says."""
    last = {one["certificate"]: one["status"] for one in map(json.loads, the_log(app))}
    with Session(app.extensions["engine"]) as session:
        for certificate in session.exec(select(Certificate)).all():
            assert last[certificate.number] == status(certificate, clock.today()).value
