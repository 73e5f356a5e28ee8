"""The migrations make the tables of the code, on both databases, and go back, with data in the tables."""

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlmodel import Session, SQLModel, select

from assessments.models import Evidence, Listing, StoredFile
from registry import create_app, db_commands
from tests import real_products, signing
from tests.conftest import settings_in
from tests.filling import Filler
from tests.world import build

PRODUCT = real_products.load()["cboard"]


@pytest.fixture
def migrated(tmp_path):
    """An app on a database that only the migrations have touched."""
    app = create_app(settings_in(tmp_path / "migrated"))
    engine = app.extensions["engine"]
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    with app.app_context():
        command.upgrade(db_commands.alembic_config(), "head")
        yield app
        command.upgrade(db_commands.alembic_config(), "head")  # the next test finds the tables again
    engine.dispose()


def test_the_tables_are_those_of_the_code_with_data_in_them(migrated):
    with Session(migrated.extensions["engine"], expire_on_commit=False) as session:
        real_products.carry(build(session), PRODUCT)
        session.commit()
    command.check(db_commands.alembic_config())


def test_there_is_a_way_back_with_data_in_the_tables(migrated):
    engine = migrated.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        real_products.carry(build(session), PRODUCT)
        session.commit()

    command.downgrade(db_commands.alembic_config(), "base")
    assert set(inspect(engine).get_table_names()) - {"alembic_version"} == set()

    command.upgrade(db_commands.alembic_config(), "head")
    assert set(inspect(engine).get_table_names()) - {"alembic_version"} == set(SQLModel.metadata.tables)


# rows whose constraints tie several columns or whole texts together; real products fill some of them below
HARD = {"appeal_ruling", "edition_proposal", "hearing", "identity", "issuing_body", "log_tile", "meeting", "risk"}
LASTING = ("user", "vendor", "product", "application", "history_entry", "submission")  # no migration takes them away


def test_every_migration_goes_up_and_down_over_rows_nobody_thought_of(migrated):
    """One way through the chain: each step finds rows in all tables, going up, going down, and going up again."""
    engine, filler = migrated.extensions["engine"], Filler(seed=20261127)
    command.downgrade(db_commands.alembic_config(), "base")
    filling = db_commands.alembic_config()
    filling.attributes["after_each_step"] = filler.after_each_step
    command.upgrade(filling, "head")
    assert filler.given_up <= HARD
    kept = keys_of(engine)
    command.check(db_commands.alembic_config())
    command.downgrade(db_commands.alembic_config(), "0001")
    assert keys_of(engine) == kept
    command.upgrade(db_commands.alembic_config(), "head")
    assert keys_of(engine) == kept
    command.check(db_commands.alembic_config())
    command.downgrade(db_commands.alembic_config(), "base")


def keys_of(engine):
    with engine.connect() as connection:
        return {name: set(connection.execute(text(f'SELECT * FROM "{name}"')).scalars()) for name in LASTING}  # noqa: S608


def test_a_membership_nobody_confirmed_becomes_a_claim_and_back(migrated):
    engine = migrated.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        world = build(session)
        world.hat_nang.club_member = True
        session.add(world.hat_nang)
        real_products.carry(world, PRODUCT)
        signing.make(session)
        session.commit()
        signing.publish(session)
    asked = text("SELECT slug FROM vendor WHERE club_member")

    command.downgrade(db_commands.alembic_config(), "0001")
    with engine.connect() as connection:
        assert connection.execute(asked).scalars().all() == ["hat-nang"]

    command.upgrade(db_commands.alembic_config(), "0002")
    with engine.connect() as connection:
        claims = text("SELECT slug FROM vendor WHERE membership_claimed_at IS NOT NULL AND NOT club_member")
        assert connection.execute(claims).scalars().all() == ["hat-nang"]
        contents = connection.execute(select(Listing.content)).scalars().all()
    assert [one["vendor"]["club_member"] for one in contents] == [False]


def test_a_file_that_evidence_refers_to_goes_down_and_up(migrated):
    engine = migrated.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        world = build(session)
        an, about = world.an.id, {"sha256": "a" * 64, "size": 7, "name": "b.pdf", "media_type": "application/pdf"}
        file = StoredFile(vendor_id=world.hat_nang.id, uploaded_by=an, **about)
        session.add(file)
        session.flush()
        words = {"kind": "DOC", "title": "Báo cáo", "language": "vi"}
        session.add(Evidence(vendor_id=world.hat_nang.id, file_id=file.id, attested_by=an, **words))
        session.commit()
    asked = text("SELECT evidence.title, stored_file.name FROM evidence JOIN stored_file ON file_id = stored_file.id")

    for revision in ("0005", "head"):
        (command.downgrade if revision == "0005" else command.upgrade)(db_commands.alembic_config(), revision)
        with engine.connect() as connection:
            assert [tuple(row) for row in connection.execute(asked)] == [("Báo cáo", "b.pdf")]
            if engine.dialect.name == "sqlite":  # and from here on the database guards its references again
                assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


@pytest.mark.parametrize("statement", ["UPDATE history_entry SET action = 'x'", "DELETE FROM history_entry"])
def test_migrated_history_cannot_be_rewritten(migrated, statement):
    engine = migrated.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        real_products.draft(build(session), PRODUCT)
        session.commit()
    with engine.connect() as connection, pytest.raises(Exception, match="immutable"):
        connection.execute(text(statement))


def test_confirmed_members_stand_in_the_directory_from_the_start(migrated):
    engine = migrated.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        world = build(session)
        world.hat_nang.club_member = True
        session.add(world.hat_nang)
        session.commit()
        name = world.hat_nang.name
    command.downgrade(db_commands.alembic_config(), "0023")
    command.upgrade(db_commands.alembic_config(), "head")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name_vi, slug, affiliation, kind, written_by FROM affiliate")).all()
    assert [tuple(row) for row in rows] == [(name, "hat-nang", "full", "company", None)]
