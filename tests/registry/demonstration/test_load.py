"""The demonstration, loaded once by its command: everything is there, nothing is doubled, nothing is raw."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func
from sqlmodel import Session, select

from assessments.clock import now, today
from assessments.models import (
    Application,
    Certificate,
    CertificateEvent,
    ChangeNotice,
    Decision,
    HistoryEntry,
    Interest,
    ListingFacet,
    Participation,
    Product,
    Review,
    StoredFile,
    Surveillance,
)
from assessments.people import Part
from assessments.queries import reviews
from assessments.queries.certificates import status
from assessments.queries.renewals import later_of
from assessments.states import CertificateAction, CertificateStatus, Kind, State
from criteria import store
from registry import create_app, db, fsck
from registry.accounts import passwords, sessions
from registry.accounts.models import User
from registry.accounts.users import user_by_email
from registry.config import BadSetting, Settings
from registry.demonstration.fiction import email, products
from registry.mail.models import Deployment, Letter
from tests.conftest import empty, settings_in

LOAD = ["demonstration", "load"]
REACHED = {status for status in CertificateStatus if status != "superseded"}  # that needs a renewal that has ended


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, empty_database: Path | None) -> Iterator[Settings]:
    """A demonstration in a folder of its own; PostgreSQL's tables are everybody's and left empty."""
    folder = tmp_path_factory.mktemp("demonstration")
    if empty_database is not None:
        shutil.copy(empty_database, folder / "registry.db")
    settings = replace(settings_in(folder), demonstration=True)
    _empty_server(settings)
    yield settings
    _empty_server(settings)


def _empty_server(settings: Settings) -> None:
    engine = db.open_engine(settings.database_url)
    if engine.dialect.name == "postgresql":
        empty(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    """The app on the empty tables of the demonstration."""
    app = create_app(settings)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def said(app: Flask) -> str:
    """What the command said when it loaded everything."""
    result = app.test_cli_runner().invoke(args=[*LOAD, "--when-empty"])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def session(app: Flask, said: str) -> Iterator[Session]:
    assert said
    with Session(app.extensions["engine"]) as session:
        yield session


def _person(session: Session, login: str) -> User:
    user = user_by_email(session, email(login))
    assert user is not None
    sessions.load_standing(session, user)
    return user


def test_every_state_of_the_procedure(session: Session) -> None:
    assert set(session.exec(select(Application.state)).all()) == set(State)


def test_every_status_and_level_of_a_certificate(session: Session) -> None:
    found = session.exec(select(Certificate)).all()
    assert {status(one, today()) for one in found} == REACHED
    assert {one.level for one in found} == {level.code for level in store.current().levels}


def test_a_renewal_has_been_begun(session: Session) -> None:
    renewal = session.exec(select(Application).where(Application.kind == Kind.RENEWAL)).one()
    later = later_of(session, renewal)
    assert later is not None
    assert (later.before.product_id, renewal.state) == (renewal.product_id, State.DRAFT)
    assert {row.is_open for row in later.again} == {True}
    assert {row.is_open for row in later.rest} == {False}


def test_enough_products_in_every_category(session: Session) -> None:
    assert session.exec(select(func.count()).select_from(Product)).one() >= 26
    assert len(set(session.exec(select(Product.vendor_id)).all())) >= 9
    listed = session.exec(select(ListingFacet.value).where(ListingFacet.facet == "category")).all()
    assert set(listed) == {category.code for category in store.current().categories}


def test_levels_come_from_the_verdict(session: Session) -> None:
    wanted = {one.name[0]: one.level for one in products() if one.story == "certified"}
    found = session.exec(select(Certificate)).all()
    assert {one.content["profile"]["name_vi"]: one.level for one in found} == wanted
    assert not any(one.content["departs"] for one in found)


def test_files_history_and_tables_agree(app: Flask, session: Session) -> None:
    assert session.exec(select(func.count()).select_from(StoredFile)).one() > 100
    with app.app_context():
        assert list(fsck.findings(fsck.Asked())) == []


def test_the_past_is_told_in_its_order(session: Session) -> None:
    moments = session.exec(select(HistoryEntry.at).order_by(HistoryEntry.seq)).all()
    assert list(moments) == sorted(moments)
    assert moments[-1] < now()


def test_nobody_has_two_parts(session: Session) -> None:
    reviewed = {(one.application_id, one.reviewer_id) for one in session.exec(select(Review)).all()}
    for decision in session.exec(select(Decision)).all():
        assert decision.proposer_id != decision.confirmer_id
        assert (decision.application_id, decision.proposer_id) not in reviewed
        assert (decision.application_id, decision.confirmer_id) not in reviewed
    parts = session.exec(select(Participation)).all()
    assert {one.part for one in parts} == set(Part)


def test_nobody_with_an_interest_has_a_part(session: Session) -> None:
    for interest in session.exec(select(Interest).where(Interest.vendor_id != None)).all():  # noqa: E711  SQL, not Python
        later = (
            select(Application.ref)
            .join(Participation)
            .where(
                Participation.person_id == interest.person_id,
                Application.vendor_id == interest.vendor_id,
                Participation.since >= interest.declared_at,
            )
        )
        assert session.exec(later).all() == []


def test_nobody_is_written_to_about_the_past(session: Session) -> None:
    assert session.exec(select(func.count()).select_from(Letter)).one() == 0


def test_it_is_marked_as_a_demonstration(session: Session) -> None:
    deployment = session.exec(select(Deployment)).one()
    assert deployment.demonstration
    assert deployment.log_origin == "demonstration.localhost"


def test_everybody_signs_in_with_the_password_that_was_printed_once(session: Session, said: str) -> None:
    printed = re.search(r"Password +(\S+)", said)
    assert printed is not None
    hashes = set(session.exec(select(User.password_hash)).all())
    assert all(hashed.startswith("$argon2id$") and passwords.verify(hashed, printed[1]) for hashed in hashes)
    assert all(
        email(login) in said for login in ("admin", "coordinator", "reviewer1", "decider4", "auditor", "vendor2")
    )


def test_reviewer1_has_one_to_declare_and_one_half_scored(session: Session) -> None:
    queue = reviews.queue_of(session, _person(session, "reviewer1"))
    assert any(one.declared is None for one in queue)
    assert any(0 < one.done < one.total for one in queue)
    assert [one.turn for one in queue] == sorted((one.turn for one in queue), reverse=True)


@pytest.mark.parametrize(
    ("login", "states"),
    [
        ("vendor1", {State.DRAFT, State.RETURNED, State.CERTIFIED}),
        ("vendor2", {State.CORRECTION, State.MINDED_TO, State.CERTIFIED}),
    ],
)
def test_the_vendors_have_something_to_do(session: Session, login: str, states: set[State]) -> None:
    (vendor_id,) = _person(session, login).memberships
    found = session.exec(select(Application.state).where(Application.vendor_id == vendor_id)).all()
    assert set(found) == states


def test_loading_again_changes_nothing(app: Flask, session: Session) -> None:
    before = session.exec(select(func.max(HistoryEntry.seq))).one()
    session.commit()
    result = app.test_cli_runner().invoke(args=[*LOAD, "--when-empty"])
    assert result.exit_code == 0
    assert email("vendor1") in result.output
    assert session.exec(select(func.max(HistoryEntry.seq))).one() == before


def test_loading_over_it_is_refused(app: Flask, said: str) -> None:
    result = app.test_cli_runner().invoke(args=LOAD)
    assert said
    assert result.exit_code == 1
    assert "already" in result.output


def test_a_real_register_refuses_this_database(settings: Settings, session: Session) -> None:
    session.commit()
    with pytest.raises(BadSetting, match="made up"):
        create_app(replace(settings, demonstration=False))


def test_certificates_live_on(session: Session) -> None:
    looked_at = session.exec(select(Surveillance).where(Surveillance.begun_at != None)).all()  # noqa: E711  SQL
    assert sorted(str(one.measure) for one in looked_at) == ["None", "keep"]
    sizes = [one.size for one in session.exec(select(ChangeNotice)).all()]
    assert sorted(str(one) for one in sizes) == ["None", "major", "minor"]
    actions = {one.action for one in session.exec(select(CertificateEvent)).all()}
    assert {CertificateAction.REDUCE, CertificateAction.TERMINATE} <= actions
    waiting = session.exec(select(CertificateEvent).where(CertificateEvent.confirm_by >= today())).all()
    assert [one.action for one in waiting if one.confirmed_by is None] == [CertificateAction.SUSPEND]
    signs = {one.content["issuer"]["signatory"]["name"] for one in session.exec(select(Certificate)).all()}
    assert len(signs) == 1
