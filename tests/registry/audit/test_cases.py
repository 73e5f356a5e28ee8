"""Case files: complete, without names and early scores, written into the history, and told from every changed one."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from sqlmodel import SQLModel, select

from assessments import cases, clock, decisions, history
from assessments.clock import today
from assessments.conditions import Wanted
from assessments.decisions import Proposing
from assessments.models import (
    Application,
    CaseExport,
    CaseReading,
    HistoryEntry,
    HistoryText,
    StoredFile,
    Submission,
)
from assessments.queries import cases as cases_queries
from assessments.queries.cases import LEFT_OUT, SECTIONS
from assessments.queries.reviews import active
from assessments.queries.submissions import digest_of
from assessments.states import CaseState, Event, Outcome
from registry.audit import labels, making
from registry.decisions.minutes import make_all as make_minutes
from registry.documents import takeaways
from tests import appealing, evaluation
from tests.auditing import changed, data, entries, kept, made, opened, packed, verify
from tests.counting import statements
from tests.deciding import ISSUER, certified, in_decision
from tests.drafting import piece
from tests.rows import letters, row, rows

REF = "HS-2026-0001"
PAGE = f"/audit/{REF}"
ROOT = Path(__file__).parents[3]
HIDDEN = {  # before every review that counts is final
    *("score_versions", "test_records", "notes", "report_judgements", "reliability", "remarks"),
    *("agreed_scores", "recommendation"),
}
PEOPLE = ("chi", "dung", "ha", "giang", "hung", "lan")


@pytest.fixture(autouse=True)
def canaries(world, session):
    """Names and addresses of the club's people that stand nowhere else."""
    for login in PEOPLE:
        person = getattr(world, login)
        person.name, person.email = f"Chim-hoàng-yến-{login}", f"hoang-yen-{login}@club.example"
        session.add(person)
    session.commit()


def with_file(app, world, session, content=b"%PDF-1.4 kiem thu"):
    """A certified application with a submission whose digest is right and that holds a file."""
    application = session.get_one(Application, certified(world).application_id)
    sha256, size = kept(app, content)
    file = StoredFile(
        vendor_id=world.hat_nang.id,
        sha256=sha256,
        size=size,
        media_type="application/pdf",
        name="Báo cáo.pdf",
        uploaded_by=world.an.id,
    )
    session.add(file)
    session.commit()
    found = piece(session, world, "Báo cáo", kind="LAB", file_id=file.id, url=None)
    first = session.exec(select(Submission).where(Submission.application_id == application.id)).one()
    content_ = json.loads(json.dumps(first.content))
    content_["number"] = 2
    content_["answers"]["TN-05"]["evidence"] = [
        {"id": str(found.id), "kind": "LAB", "title": "Báo cáo", "file": {"sha256": sha256, "size": size}}
    ]
    session.add(
        Submission(
            application_id=application.id,
            number=2,
            content=content_,
            digest=digest_of(content_),
            submitted_by=world.an.id,
        )
    )
    session.commit()
    return application


@pytest.fixture
def whole(app, world, session):
    """The case file of a certified application."""
    application = with_file(app, world, session)
    return made(app, world, opened(world, application))


def test_asked_for_made_told_and_taken(app, world, session, browser):
    opened(world, with_file(app, world, session))
    browser.sign_in(world.lan)
    assert browser.press(f"{PAGE}/cases", PAGE).headers["Location"] == PAGE
    assert browser.press(f"{PAGE}/cases", PAGE).headers["Location"] == PAGE  # twice is once
    assert row(app, select(CaseExport)).state is CaseState.WAITING
    assert "Đang chuẩn bị, yêu cầu lúc" in browser.get(PAGE).text
    with app.app_context():
        assert making.make_all() == 1
    export = row(app, select(CaseExport))
    (letter,) = letters(app, world.lan.email)
    assert export.sha256 in letter.body
    step = row(app, select(HistoryEntry).where(HistoryEntry.action == Event.EXPORT_CASE))
    assert step.actor_id == world.lan.id
    assert row(app, select(HistoryText).where(HistoryText.seq == step.seq)).note == f"sha256:{export.sha256}"

    address = f"{PAGE}/cases/{export.id}"
    assert f'href="{address}"' in browser.get(PAGE).text
    answer = browser.get(address)
    assert answer.headers["Content-Disposition"].startswith(f"attachment; filename={REF}-")
    assert hashlib.sha256(answer.data).hexdigest() == export.sha256
    part = browser.get(address, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, answer.data[:10])
    answer.close()
    part.close()
    assert row(app, select(CaseReading)).person_id == world.lan.id

    browser.sign_in(world.chi)
    assert browser.get(address).status_code == 403
    browser.sign_in(world.bao)
    assert browser.get(address).status_code == 404
    with clock.at(clock.now() + timedelta(days=9)), app.app_context():
        making.sweep()
        assert list(making.folder().iterdir()) == []
    assert row(app, select(CaseExport)).state is CaseState.OVER


def test_it_is_complete_and_names_nobody(app, world, whole):
    found = entries(whole)
    told = data(whole)
    assert set(told["sections"]) == {*SECTIONS, "letters"}
    assert told["scores"] == "shown"
    scores = {score["criterion"] for one in told["sections"]["reviews"] for score in one["scores"]}
    assert "TN-05" in scores
    assert [one["reviewer_id"] for one in told["sections"]["reviews"]] == ["reviewer:A", "reviewer:B"]
    assert {one["proposer_id"] for one in told["sections"]["decisions"]} == {"proposer"}
    assert {one["confirmer_id"] for one in told["sections"]["decisions"]} == {"confirmer"}
    assert [one["number"] for one in told["sections"]["submissions"]] == [1, 2]
    assert {name.split("/")[0] for name in found} == {
        *("case.json", "case.html", "case.pdf", "history.json", "manifest.json", "files")
    }
    ids = {str(getattr(world, login).id) for login in PEOPLE}
    for name, content in found.items():
        text = content.decode("utf-8", "replace")
        assert "hoàng-yến" not in text, name
        assert "hoang-yen" not in text, name
        assert [one for one in ids if one in text] == [], name
    document = pypdf.PdfReader(io.BytesIO(found["case.pdf"]))
    read = "".join(page.extract_text() for page in document.pages)
    assert "hoàng-yến" not in read
    assert "Điểm thống nhất" in read
    assert "yến" not in str(document.metadata)


def test_in_english(app, world, session):
    path = made(app, world, opened(world, in_decision(world)), "en")
    assert "Agreed score" in entries(path)["case.html"].decode()
    assert verify(app, path)[0] == 0


def test_no_score_is_in_it_before_all_are_final(app, world, session):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application, TN_05="2")
    evaluation.score_all(world, world.ha, application, TN_05="1")
    path = made(app, world, opened(world, application))
    told = data(path)
    assert told["scores"] == "withheld"
    assert [one["scores"] for one in told["sections"]["reviews"]] == [None, None]
    assert told["sections"]["agreed_scores"] is None
    for name, content in entries(path).items():
        assert "Lý do của" not in content.decode("utf-8", "replace"), name
    assert verify(app, path)[0] == 0


def test_whole_as_the_history_says_even_when_more_has_happened(app, world, session, whole):
    for options in ((), ("--offline",)):
        code, words = verify(app, whole, *options)
        assert (code, words.startswith(f"{REF}: whole")) == (0, True), words
    application = session.exec(select(Application).where(Application.ref == REF)).one()
    history.record(session, world.chi, history.Step(Event.REMIND, note="Sau đó"), application)
    session.commit()
    assert verify(app, whole)[0] == 0


def one_file(found):
    return next(name for name in found if name.startswith("files/"))


def other_bytes(found):
    return {**found, one_file(found): found[one_file(found)][:-1] + b"X"}


def other_text(found):
    return changed(found, "case.json", lambda case: case["sections"]["decisions"][0].update(reasons_vi="Khác"))


def other_note(found):
    return changed(found, "history.json", lambda told: told["steps"][0].update(note="Khác"))


def other_time(found):
    return changed(found, "history.json", lambda told: told["steps"][-1].update(at="2026-01-01T00:00:00.000000+00:00"))


def step_dropped(found):
    return changed(found, "history.json", lambda told: told["steps"].pop(1))


def steps_swapped(found):
    return changed(found, "history.json", lambda told: told["steps"].insert(0, told["steps"].pop(1)))


def submission_changed(found):
    def change(case):
        case["sections"]["submissions"][1]["content"]["answers"]["TN-05"]["claim"] = "Khác"

    return changed(found, "case.json", change)


def file_dropped(found):
    return {name: content for name, content in found.items() if name != one_file(found)}


def file_added(found):
    return {**found, "files/x/them.pdf": b"%PDF"}


def document_changed(found):
    return {**found, "case.html": found["case.html"].replace(b"<main>", b"<main><p>Khac</p>")}


TAMPERED = [
    (other_bytes, "was changed."),
    (other_text, "The section decisions of case.json was changed."),
    (other_note, "was changed: note."),
    (other_time, "was changed: at."),
    (step_dropped, "is missing."),
    (steps_swapped, "is out of order."),
    (submission_changed, "The section submissions of case.json was changed."),
    (file_dropped, "is missing."),
    (file_added, "was added."),
    (document_changed, "case.html was changed."),
]


def rebuilt(found):
    """The manifest made anew by somebody who knows how."""

    def renew(manifest):
        names = [name for name in found if name != "manifest.json"]
        manifest["entries"] = [
            {"name": name, "size": len(found[name]), "sha256": hashlib.sha256(found[name]).hexdigest()}
            for name in names
        ]
        sections = json.loads(found["case.json"])["sections"]
        text = {
            name: json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) for name, value in sections.items()
        }
        manifest["sections"] = {
            name: hashlib.sha256((value + "\n").encode()).hexdigest() for name, value in text.items()
        }

    return changed(found, "manifest.json", renew)


@pytest.mark.parametrize(("tamper", "words"), TAMPERED, ids=[one.__name__ for one, _ in TAMPERED])
def test_what_was_changed_is_named(app, whole, tmp_path, tamper, words):
    altered = tamper(entries(whole))
    for content in (altered, rebuilt(altered)):
        code, said = verify(app, packed(tmp_path / "altered.zip", content))
        assert (code, said.endswith(words)) == (1, True), said
    code, said = verify(app, packed(tmp_path / "altered.zip", altered), "--offline")
    assert code == 1, said


def test_what_a_rebuilt_manifest_cannot_hide_from_the_file_itself(app, whole, tmp_path):
    """Without the registry: digests of submissions, the order of steps, and files that belong to nothing."""
    for tamper in (submission_changed, steps_swapped, file_added, other_bytes):
        code, said = verify(app, packed(tmp_path / "altered.zip", rebuilt(tamper(entries(whole)))), "--offline")
        assert code == 1, (tamper.__name__, said)


def test_only_a_repacked_archive_gives_itself_away_by_its_own_hash(app, whole, tmp_path):
    code, said = verify(app, packed(tmp_path / "again.zip", entries(whole)))
    assert (code, said) == (1, "The archive as a whole is not the one whose hash stands in the history.")


def test_the_file_of_another_application_is_not_this_ones(app, world, session, whole, tmp_path):
    other = opened(world, in_decision(world, "HS-2026-0002"))
    cases.request(session, world.lan, other, "vi")
    session.commit()
    with app.app_context():
        making.make_all()
        export = rows(app, select(CaseExport).where(CaseExport.application_id == other.id))[0]
        second = making.folder() / export.file_name
    mixed = {**entries(whole), "case.json": entries(second)["case.json"]}
    code, said = verify(app, packed(tmp_path / "mixed.zip", mixed))
    assert (code, "case.json" in said) == (1, True), said
    mixed = {**entries(whole), "history.json": entries(second)["history.json"]}
    code, said = verify(app, packed(tmp_path / "mixed.zip", mixed))
    assert (code, said.endswith("is missing.")) == (1, True), said
    mixed = {**entries(whole), one_file(entries(whole)): b"%PDF of another application"}
    assert verify(app, packed(tmp_path / "mixed.zip", mixed))[0] == 1


def test_what_is_no_case_file_and_what_this_registry_never_made(app, whole, tmp_path):
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"PK no")
    assert verify(app, nothing)[0] == 2
    assert verify(app, packed(nothing, {"a.txt": b"a"}))[0] == 2
    assert verify(app, packed(nothing, {"manifest.json": b"[" * 100_000}))[0] == 2
    strange = changed(
        entries(whole), "manifest.json", lambda told: told.update(export="00000000-0000-4000-8000-000000000000")
    )
    assert verify(app, packed(tmp_path / "strange.zip", strange))[0] == 3


def test_a_registry_whose_history_was_rewritten_says_so(app, world, session, whole):
    engine = app.extensions["engine"]
    if engine.dialect.name != "sqlite":
        pytest.skip("the trigger is taken away in the way of SQLite")
    session.close()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER history_entry_no_update")
        connection.exec_driver_sql("UPDATE history_entry SET action = 'decline' WHERE action = 'certify'")
    code, said = verify(app, whole)
    assert (code, "was changed: action." in said) == (1, True), said


def test_the_command_itself_on_the_file_itself(app, settings, whole, tmp_path):
    """As an operator runs it, in a process of its own."""
    if settings.database_url.startswith("sqlite"):
        app.extensions["engine"].dispose()
    copy = tmp_path / "taken.zip"
    copy.write_bytes(whole.read_bytes())
    environment = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}},
        "VAR_DIR": str(settings.var_dir),
        "DATABASE_URL": settings.database_url,
        "STORAGE_URL": settings.storage_url,
        "MAIL_URL": settings.mail_url,
        "SECRET_KEY": settings.secret_key,
        "PUBLIC_URL": settings.public_url,
    }

    def run(*options):
        command = [sys.executable, "-m", "flask", "--app", "registry", "case", "verify", str(copy), *options]
        return subprocess.run(  # noqa: S603  our own command
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    assert run().returncode == 0
    assert run("--offline").stdout.startswith(f"{REF}: whole in itself")
    packed(copy, other_bytes(entries(whole)))
    failed = run()
    assert (failed.returncode, failed.stdout.strip().endswith("was changed.")) == (1, True), failed


def test_of_two_workers_only_the_one_that_holds_it_ends_it(app, world, session):
    cases.request(session, world.lan, opened(world, in_decision(world)), "vi")
    session.commit()
    with app.app_context():
        first = making.CASES.hold()
        assert making.CASES.hold() is None
        with clock.at(clock.now() + takeaways.HELD + timedelta(seconds=1)):
            second = making.CASES.hold()
            assert making.make(first) is False
            assert making.make(second) is True
        assert [path.name for path in making.folder().iterdir()] == [second.file_name]
    assert row(app, select(CaseExport)).holder == second.holder
    assert len(rows(app, select(HistoryEntry).where(HistoryEntry.action == Event.EXPORT_CASE))) == 1


def test_one_that_fails_again_and_again_is_given_up(app, world, session, browser):
    export = cases.request(session, world.lan, opened(world, in_decision(world)), "vi")
    export.tries = takeaways.MOST_TRIES
    session.add(export)
    session.commit()
    with app.app_context():
        assert making.make_all() == 0
    assert row(app, select(CaseExport)).state is CaseState.FAILED
    browser.sign_in(world.lan)
    assert "chưa làm được" in browser.get(PAGE).text
    assert browser.press(f"{PAGE}/cases", PAGE).headers["Location"] == PAGE
    assert {one.state for one in rows(app, select(CaseExport))} == {CaseState.FAILED, CaseState.WAITING}


# --- nothing is forgotten ---


def belonging():
    """Tables that belong to an application: they refer to it, or to a row of a table that does."""
    found = {"application"}
    while more := {
        table.name
        for table in SQLModel.metadata.tables.values()
        if table.name not in found and {key.column.table.name for key in table.foreign_keys} & found
    }:
        found |= more
    return found


def test_every_table_of_an_application_has_a_section_or_a_reason(app, world):
    application = appealing.declined(world)
    appealing.lodged(world, application)
    with statements(app) as asked:
        cases_queries.sections(cases_queries.case_of(world.session, application))
    text = " ".join(asked)
    read = {"application"} | {name for name in belonging() if re.search(rf'(FROM|JOIN) "?{name}"?\b', text)}
    assert sorted(belonging() - read) == sorted(LEFT_OUT)


def test_every_section_has_a_heading():
    assert [name for name in SECTIONS if name not in labels.SECTIONS] == []


def test_what_reviewers_wrote_for_themselves_comes_after_all_are_final(app, world):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application, TN_05="4")
    early = data(made(app, world, opened(world, application)))["sections"]
    assert {name for name, value in early.items() if value is None and name != "round"} == HIDDEN
    assert early["questions"] == []
    evaluation.finish(world, world.ha, application, TN_05="2")
    letter = next(one.letter for one in active(world.session, application.id) if one.reviewer_id == world.dung.id)
    world.session.commit()
    with clock.at(clock.now() + timedelta(days=9)), app.app_context():
        making.sweep()
    path = made(app, world, application)
    late = data(path)["sections"]
    assert [(one["letter"], one["criteria"]) for one in late["test_records"]] == [(letter, ["TN-05"])]
    assert {one["letter"] for one in late["score_versions"]} == {"A", "B"}
    assert verify(app, path)[0] == 0


def test_conditions_votes_and_minutes_are_in_it(app, world):
    application = in_decision(world)
    condition = Wanted("Thêm trang hướng dẫn.", "Add a guide.", today() + timedelta(days=40), "HN-02")
    proposing = Proposing(Outcome.CERTIFY, "L1", conditions=(condition,))
    decisions.propose(world.session, world.giang, application, proposing)
    decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    world.session.commit()
    with app.app_context():
        assert make_minutes() == 1
    path = made(app, world, opened(world, application))
    told = data(path)["sections"]
    assert [(one["proposal"], one["text_en"]) for one in told["conditions"]] == [(1, "Add a guide.")]
    assert [(one["voter_id"], one["agrees"]) for one in told["votes"]] == [("confirmer", True)]
    assert [one["entry"] for one in told["minutes"]] == [f"minutes/{REF}-1.pdf"]
    assert all("name" not in person for person in told["minutes"][0]["people"])
    paper = pypdf.PdfReader(io.BytesIO(entries(path)[f"minutes/{REF}-1.pdf"]))
    read = "".join(page.extract_text() for page in paper.pages)
    assert [login for login in ("dung", "ha") if f"yến-{login}" in read] == []
    assert [person.name for person in (world.giang, world.hung) if person.name in read] == []
    assert verify(app, path)[0] == 0
