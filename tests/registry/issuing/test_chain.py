"""What goes out, in which order, and what never does."""

import json
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from assessments import certificates, clock, decisions, editions, publications
from assessments.certificates import Change
from assessments.decisions import Proposing
from assessments.models import (
    Certificate,
    Credential,
    EditionPublication,
    Listing,
    LogEntry,
    Publication,
    SigningKey,
)
from assessments.queries import credentials as signatures
from assessments.queries.certificates import certificate_of
from assessments.states import CertificateAction, Outcome, PublicationKind
from registry import db, issuing
from registry.issuing import checks
from registry.issuing.entries import reason_digest
from registry.mail.models import Letter
from tests import signing
from tests.deciding import ISSUER, certified, in_decision
from tests.world import EDITION

REASON = Change("Lý do.", "Reason.")


def entries(session):
    found = session.exec(select(LogEntry.body).order_by(col(LogEntry.index))).all()
    session.commit()
    return [json.loads(one) for one in found]


def test_a_grant_is_signed_logged_and_shown_before_anybody_is_written_to(app, world, browser, session, caplog):
    browser.sign_in(world.giang)
    in_decision(world)
    page = "/decisions/HS-2026-0001"
    browser.press(f"{page}/propose", page=page, choice="certify:L1")
    browser.sign_in(world.hung)
    assert browser.press(f"{page}/confirm", page=page, number="1").status_code == 302
    assert [one.message for one in caplog.records if one.name == "registry.issuing"] == []  # at the first try
    publication = session.exec(select(Publication).where(Publication.kind == PublicationKind.GRANT)).one()
    certificate = session.exec(select(Certificate)).one()
    letter = session.exec(select(Letter).where(col(Letter.event).contains("certified"))).one()
    assert publication.signed_at <= publication.logged_at <= publication.published_at
    assert publication.created_at <= publication.signed_at
    assert certificate.published_at <= publication.published_at
    assert letter.due_at >= publication.logged_at
    assert session.exec(select(Listing)).one().number == certificate.number


def test_the_log_says_dates_status_and_hashes_and_nothing_else(world, session):
    certificate = certified(world)
    change = Change("Lộ vị trí.", "Shows places.", "Vá lỗi.", "Mend it.", clock.today() + timedelta(days=9))
    certificates.suspend(session, world.giang, certificate.number, change)
    session.commit()
    made = signatures.newest(session, certificate.id)
    grant, suspension = entries(session)
    assert {key: grant[key] for key in grant if key not in {"at", "format"}} == {
        "kind": "grant",
        "certificate": certificate.number,
        "revision": 1,
        "credential": made.sha256,
        "on": certificate.valid_from.isoformat(),
        "status": "active",
        "valid_until": certificate.valid_until.isoformat(),
        "reason": "",
    }
    assert (suspension["kind"], suspension["status"]) == ("suspend", "suspended")
    assert suspension["reason"] == reason_digest("Lộ vị trí.", "Shows places.")
    assert "Lộ vị trí" not in json.dumps(suspension, ensure_ascii=False)


def test_one_that_ends_before_its_first_day_is_never_heard_of(app, world, session):
    world.round.announce_on = clock.today() + timedelta(days=30)
    session.add(world.round)
    certificate = certified(world)
    event = certificates.propose(session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(session, world.hung, certificate.number, event.number)
    session.commit()
    assert [one.voided_at is not None for one in session.exec(select(Publication)).all()] == [True]
    session.commit()
    with app.app_context(), clock.at(clock.start_of_day(certificate.valid_from)):
        issuing.turn()
    assert [one["kind"] for one in entries(session)] == ["edition"]


def test_a_certificate_follows_another_and_both_are_told(app, world, session):
    former = certified(world)
    application = in_decision(world, "HS-2026-0002")
    application.product_id = former.product_id
    session.add(application)
    session.commit()
    _decide(world, application)
    assert [(one["kind"], one["certificate"]) for one in entries(session)] == [
        ("grant", former.number),
        ("grant", "VCSC-26-0002-B"),
        ("supersede", former.number),
    ]
    last = entries(session)[-1]
    assert (last["status"], last["newer"]) == ("superseded", "VCSC-26-0002-B")


def test_what_an_appeal_puts_in_force_again_is_signed_anew(app, world, browser, session):
    certificate = certified(world)
    event = certificates.propose(session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(session, world.hung, certificate.number, event.number)
    session.commit()
    ruling: Any = SimpleNamespace(
        reasons_vi="Không đủ căn cứ.",
        reasons_en="Not well founded.",
        proposer_id=world.giang.id,
        confirmer_id=world.hung.id,
    )
    certificates.reinstate_on_appeal(session, world.hung, event, ruling)
    session.commit()
    first, second = signatures.of_certificate(session, certificate.id)
    assert (first.revision, second.revision, first.status_index == second.status_index) == (1, 2, False)
    session.commit()
    shown = browser.get(f"/c/{certificate.number}.json").json
    assert (shown["status"], shown["credential"]["revision"]) == ("active", 2)
    assert browser.get(f"/c/{certificate.number}.jwt?revision=1").text == first.jwt
    assert [one["status"] for one in entries(session)] == ["active", "withdrawn", "active"]


def test_certificates_of_before_there_were_keys_catch_up_in_order(app, world, session):
    with session.get_bind().begin() as connection:
        connection.execute(text("DELETE FROM signing_key"))
    session.commit()
    first = certified_without_keys(world, session, "HS-2026-0001")
    event = certificates.propose(session, world.giang, first.number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(session, world.hung, first.number, event.number)
    Session.commit(session)
    with session.get_bind().begin() as connection:  # as if the certificate were older than publications
        connection.execute(text("DELETE FROM publication"))
        connection.execute(text("UPDATE certificate SET published_at = issued_at"))
    run = app.test_cli_runner()
    assert "1 published, 2 waiting." in run.invoke(args=["issuing", "catch-up"]).output
    with app.app_context(), db.writing() as own:
        signing.make(own)
    session.expire_all()
    assert [one["kind"] for one in entries(session) if "certificate" in one] == ["grant", "withdraw"]
    assert len(session.exec(select(Credential)).all()) == 1
    assert session.exec(select(Letter).where(col(Letter.event).contains("certified"))).all() == []
    session.commit()
    assert "0 published, 0 waiting." in run.invoke(args=["issuing", "catch-up"]).output


def certified_without_keys(world, session, ref):
    application = in_decision(world, ref)
    return _decide(world, application, publish=False)


def _decide(world, application, *, publish=True):
    proposal = decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    decisions.confirm(world.session, world.hung, application, proposal.number, ISSUER)
    if publish:
        world.session.commit()
    else:  # as where the process ended right after its commit
        Session.commit(world.session)
        world.session.info.pop(publications.NOTED)
    return certificate_of(world.session, application.id)


def test_an_edition_and_what_happens_to_keys_are_told(app, session):
    with app.app_context(), db.writing() as own:
        editions.publish(own, EDITION, None)
    app.test_cli_runner().invoke(args=["keys", "rotate", "--purpose", "log"])
    told = entries(session)
    assert [(one["kind"], one.get("event", "")) for one in told] == [
        ("edition", ""),
        ("key", "rotated"),
        ("key", "retired"),
    ]
    kept = session.exec(select(EditionPublication)).one()
    assert (told[0]["id"], told[0]["digest"]) == (EDITION, kept.digest)
    key = session.get_one(SigningKey, told[1]["kid"])
    assert (told[1]["jwk"], told[1]["purpose"]) == (key.public_jwk, "log")


def test_an_edition_published_before_there_was_a_log_is_told_once(app, world, session):
    with app.app_context():
        assert issuing.catch_up() == 1
        assert issuing.catch_up() == 0
        issuing.run()
    assert [one["kind"] for one in entries(session)] == ["edition"]


def test_two_processes_at_once_double_nothing(app, world, session):
    application = in_decision(world)
    _decide(world, application, publish=False)
    session.rollback()
    line = threading.Barrier(4)

    def work():
        with app.app_context():
            line.wait(30)
            issuing.turn()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one["kind"] for one in entries(session)].count("grant") == 1
    assert len(session.exec(select(Credential)).all()) == 1
    assert len(session.exec(select(Letter).where(col(Letter.event).contains("certified"))).all()) == 1


def test_fsck_names_what_does_not_fit(app, world, session):
    certificate = certified(world)
    with app.app_context():
        issuing.turn()
    assert list(checks.everything(session)) == []
    session.commit()
    for statement, sentence in (
        ("UPDATE certificate SET state = 'withdrawn'", f"{certificate.number} is withdrawn, the log says active."),
        (
            "UPDATE status_list SET jwt = 'x.y.z' WHERE purpose = 'revocation'",
            "The status list revocation-1 was changed.",
        ),
        (
            "DELETE FROM publication WHERE kind = 'grant'",
            f"The log has an entry {certificate.number}:1:grant that nobody sent.",
        ),
    ):
        session.exec(text(statement))
        session.expire_all()
        assert sentence in list(checks.everything(session))
        session.rollback()
    session.exec(text("UPDATE certificate SET state = 'suspended'"))
    session.expire_all()
    assert f"The status list suspension-1 is wrong about {certificate.number}." in list(checks.everything(session))
    session.rollback()


def test_a_failure_about_one_holds_up_no_other(app, world, session):
    application = in_decision(world)
    broken = _decide(world, application, publish=False)
    whole = in_decision(world, "HS-2026-0002")
    _decide(world, whole, publish=False)
    broken.content = {**broken.content, "profile": {}}
    session.add(broken)
    Session.commit(session)
    session.rollback()
    with app.app_context():
        issuing.turn()
    assert [one["certificate"] for one in entries(session) if "certificate" in one] == ["VCSC-26-0002-B"]
