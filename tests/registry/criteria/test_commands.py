"""flask --app registry criteria list|check|digest|publish."""

import shutil

import pytest
from sqlmodel import select

from assessments.models import EditionPublication
from criteria import store
from criteria.digest import digest

DIGEST = digest(store.load("vcsc-2026"))


@pytest.fixture
def run(app):
    """Run a command of the group; gives exit code and output."""
    runner = app.test_cli_runner()

    def command(*arguments):
        result = runner.invoke(args=["criteria", *arguments])
        return result.exit_code, result.output

    return command


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder of the club's own with the edition vcsc-2027."""
    folder = shutil.copytree(store.SHIPPED / "vcsc-2026", tmp_path / "own" / "vcsc-2027")
    put(folder / "edition.toml", 'id = "vcsc-2026"', 'id = "vcsc-2027"')
    monkeypatch.setenv("CRITERIA_DIR", str(folder.parent))
    yield folder
    store.load_folder.cache_clear()


def put(path, before, after):
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


def published(session):
    """What is recorded; the session holds no lock afterwards."""
    session.expire_all()
    rows = {row.edition_id: row for row in session.exec(select(EditionPublication))}
    session.commit()
    return rows


def test_check_finds_nothing(run):
    assert run("check") == (0, "No faults.\n")


def test_check_names_each_fault_and_fails(run, own):
    put(own / "tn/tn-03.vi.md", "# Quản lý", "Quản lý")
    path = own / "tn/tn-03.vi.md"
    assert run("check", "vcsc-2027") == (1, f"{path}:1: The first line should be the title: # and its words.\n")
    assert run("check")[0] == 1
    assert run("check", "vcsc-2026") == (0, "No faults.\n")


def test_check_refuses_an_unknown_edition(run):
    code, output = run("check", "vcsc-1999")
    assert code == 1
    assert "There is no edition vcsc-1999." in output


def test_digest(run):
    assert run("digest") == (0, f"vcsc-2026  {DIGEST}\n")


def test_digest_refuses_an_unknown_edition(run):
    assert run("digest", "vcsc-1999")[0] == 1


def test_list_before_and_after_publication(run, session):
    assert run("list") == (0, "vcsc-2026  published, in force from 2026-01-01, not yet published\n")
    run("publish")
    day = published(session)["vcsc-2026"].published_at
    assert run("list") == (
        0,
        f"vcsc-2026  published, in force from 2026-01-01, unchanged since {day:%Y-%m-%d}\n",
    )


def test_list_names_an_unreadable_edition(run, own):
    put(own / "edition.toml", "[quorum]", "[quoram]")
    code, output = run("list")
    assert code == 0
    assert f"vcsc-2027  unreadable: {own / 'edition.toml'}:1: The table [quorum] is missing." in output


def test_publish_records_digest_and_time_and_again_changes_nothing(run, session):
    assert run("publish", "vcsc-2026") == (0, f"vcsc-2026  {DIGEST}\n")
    first = published(session)["vcsc-2026"]
    assert (first.digest, first.published_by) == (DIGEST, None)
    at = first.published_at
    assert run("publish", "vcsc-2026") == (0, f"vcsc-2026  {DIGEST}\n")
    assert published(session)["vcsc-2026"].published_at == at


def test_publish_refuses_faults(run, session, own):
    put(own / "edition.toml", "group_min = 65", "group_min = 49")
    code, output = run("publish", "vcsc-2027")
    assert code == 1
    assert "L2 asks less than L1: group_min." in output
    assert published(session) == {}


def test_publish_refuses_a_draft(run, session, own):
    put(own / "edition.toml", 'status = "published"', 'status = "draft"')
    code, output = run("publish", "vcsc-2027")
    assert code == 1
    assert "Bản tiêu chí vcsc-2027 chưa được công bố hoặc đã thôi áp dụng" in output
    assert published(session) == {}


def test_publish_refuses_another_text_under_a_published_id(run, session, own):
    run("publish", "vcsc-2027")
    before = published(session)["vcsc-2027"].digest
    put(own / "tn/tn-03.en.md", "An adult", "A grown-up")
    store.load_folder.cache_clear()
    code, output = run("publish", "vcsc-2027")
    assert code == 1
    assert "không còn khớp với bản đã công bố" in output
    assert published(session)["vcsc-2027"].digest == before
    assert "CHANGED since" in run("list")[1]


def test_publish_takes_all_or_none(run, session, own):
    put(own / "edition.toml", "group_min = 65", "group_min = 49")
    assert run("publish")[0] == 1
    assert published(session) == {}


def test_check_names_a_published_edition_whose_text_has_changed(run, session, own):
    run("publish", "vcsc-2027")
    assert run("check")[0] == 0
    put(own / "tn/tn-03.en.md", "An adult", "A grown-up")
    store.load_folder.cache_clear()
    code, output = run("check")
    assert code == 1
    assert "vcsc-2027 is not what was published." in output
    assert run("check", "vcsc-2026")[0] == 0


def test_a_second_edition_takes_two_people(run, session, own):
    run("publish", "vcsc-2026")
    code, output = run("publish", "vcsc-2027")
    assert code == 1
    assert "cần hai người" in output
    assert set(published(session)) == {"vcsc-2026"}
