"""Pages of handed-in files as pictures: made by the worker in a limited child, kept by hash, gone with their file."""

import io
import resource
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto import mock_aws
from PIL import Image
from sqlmodel import Session, col, select

from assessments import evidence, reading, scans
from assessments.clock import at, now
from assessments.models import Evidence, RenderedPage, Rendition, StoredFile
from assessments.queries import reading as queries
from assessments.queries.evidence import stored_elsewhere
from assessments.reading import MOST_PAGES, RENDERER
from assessments.states import RenditionState, ScanState
from registry import fsck
from registry.evidence import files, rendering
from registry.evidence import scans as scanning
from registry.storage import open_storage
from tests.registry.evidence import desk, pdfs
from tests.world import World


def handed_in(app: Flask, session: Session, world: World, content: bytes, media_type: str = "application/pdf") -> str:
    """A file of Hạt Nắng of which pages are wanted; returns its sha256."""
    piece = desk.keep(app, session, world.an, content, media_type=media_type)
    return want(session, piece)


def want(session: Session, piece: Evidence) -> str:
    """As if a submission had the piece."""
    file = session.get_one(StoredFile, piece.file_id)
    described = {"id": str(piece.id), "file": {"sha256": file.sha256, "media_type": file.media_type}}
    reading.want(session, {"profile": {"categories": ["PC"]}, "answers": {"TN-01": {"evidence": [described]}}})
    session.commit()
    return file.sha256


def work(app: Flask) -> int:
    """The worker's turn."""
    with app.app_context():
        return rendering.render_files()


def state_of(session: Session, sha256: str) -> Rendition:
    session.expire_all()
    found = session.get_one(Rendition, sha256)
    session.commit()  # a session of the tests holds the database from its first question on
    return found


def picture(app: Flask, page: RenderedPage) -> Image.Image:
    with app.extensions["storage"].open(page.image_sha256) as source:
        return Image.open(io.BytesIO(source.read())).convert("RGB")


def pages(session: Session, sha256: str) -> list[RenderedPage]:
    session.expire_all()
    question = select(RenderedPage).where(RenderedPage.sha256 == sha256).order_by(col(RenderedPage.number))
    found = list(session.exec(question).all())
    session.commit()
    return found


def test_a_vietnamese_pdf_becomes_pictures_with_their_words(app: Flask, session: Session, world: World) -> None:
    sha256 = handed_in(app, session, world, pdfs.honest(3))
    assert work(app) == 3

    found = state_of(session, sha256)
    assert (found.state, found.pages, found.done, found.faults) == (RenditionState.MADE, 3, 3, 0)
    made = pages(session, sha256)
    assert [one.number for one in made] == [1, 2, 3]
    assert [one.text.split(".")[0] for one in made] == ["Trang 1", "Trang 2", "Trang 3"]
    assert "Trẻ em được bảo vệ trên mạng: đường dây 111" in " ".join(made[0].text.split())
    drawn = picture(app, made[0])
    assert drawn.size == (made[0].width, made[0].height) == (1654, 2339)
    assert drawn.getpixel((40, 40)) == pytest.approx((255, 0, 0), abs=12)  # the square
    assert drawn.getpixel((1600, 2300)) == pytest.approx((255, 255, 255), abs=3)
    line = drawn.crop((0, 200, 1654, 330)).convert("L")
    assert 0.005 < sum(line.histogram()[:100]) / (line.width * line.height) < 0.3, "letters stand in the first line"
    assert not drawn.info.get("exif")


def test_the_same_bytes_are_drawn_once_for_everybody(app: Flask, session: Session, world: World) -> None:
    content = pdfs.honest(1)
    sha256 = handed_in(app, session, world, content)
    assert work(app) == 1
    piece = desk.keep(app, session, world.bao, content)
    assert want(session, piece) == sha256
    assert work(app) == 0
    assert len(pages(session, sha256)) == 1


@pytest.mark.parametrize(
    ("mode", "form"), [("RGB", "PNG"), ("RGBA", "PNG"), ("P", "PNG"), ("CMYK", "JPEG"), ("L", "WEBP")]
)
def test_pictures_are_drawn_anew(app: Flask, session: Session, world: World, mode: str, form: str) -> None:
    content = io.BytesIO()
    Image.new("RGB", (2400, 1200), (10, 120, 200)).convert(mode).save(content, form)
    sha256 = handed_in(app, session, world, content.getvalue(), f"image/{form.lower()}")
    assert work(app) == 1
    [made] = pages(session, sha256)
    assert (made.width, made.height, made.text) == (1654, 827, "")
    assert picture(app, made).size == (1654, 827)


def test_what_a_camera_wrote_is_turned_and_left_behind(app: Flask, session: Session, world: World) -> None:
    content, about = io.BytesIO(), Image.Exif()
    about[0x0112], about[0x013B] = 6, "Nguyễn Thị An"  # turned a quarter; the artist
    Image.new("RGB", (800, 400), "navy").save(content, "JPEG", exif=about)
    sha256 = handed_in(app, session, world, content.getvalue(), "image/jpeg")
    work(app)
    [made] = pages(session, sha256)
    assert made.height > made.width
    with app.extensions["storage"].open(made.image_sha256) as source:
        kept = source.read()
    assert b"Exif" not in kept
    assert "Nguyễn".encode() not in kept


@pytest.mark.parametrize(
    ("content", "pages_there", "state"),
    [
        (pdfs.locked(), 0, RenditionState.FAILED),
        (b"%PDF-1.7 nothing at all", 0, RenditionState.FAILED),
        (pdfs.honest(3)[:3000], 0, RenditionState.FAILED),
        (pdfs.kids_of_itself(), 0, RenditionState.FAILED),
        (pdfs.drawn("0 0 m", box="0 0 100000 1"), 0, RenditionState.FAILED),
        (pdfs.drawn("0 0 9 9 re f", box="0 0 1e9 1e9"), 1, RenditionState.MADE),
        (pdfs.drawn("0 0 9 9 re f", box="0 0 -5 0"), 1, RenditionState.MADE),
        (pdfs.drawn("0 0 9 9 re f", box="0 0 1000000 700000"), 1, RenditionState.MADE),
    ],
    ids=["locked", "nonsense", "cut", "its own branch", "a line", "endless", "no box", "a field"],
)
def test_broken_and_absurd_files(
    app: Flask, session: Session, world: World, content: bytes, pages_there: int, state: RenditionState
) -> None:
    sha256 = handed_in(app, session, world, content)
    work(app)
    assert state_of(session, sha256).state is state
    made = pages(session, sha256)
    assert len(made) == pages_there
    assert all(one.width * one.height <= 6_100_000 for one in made)
    assert work(app) == 0, "it is not tried again and again"


@pytest.mark.parametrize("content", [pdfs.form_within_form(), pdfs.doubling()], ids=["in itself", "doubling"])
def test_a_bomb_ends_the_child_and_never_the_worker(
    app: Flask, session: Session, world: World, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = rendering.Limits(cpu_seconds=2, seconds=10, memory=400 * rendering.MEGABYTE)
    monkeypatch.setattr(rendering, "SEVERAL", small)
    monkeypatch.setattr(rendering, "ONE", small)
    bad, good = handed_in(app, session, world, content), handed_in(app, session, world, pdfs.honest(1))
    work(app)
    assert state_of(session, bad).state is RenditionState.FAILED
    assert state_of(session, good).state is RenditionState.MADE


def test_one_bad_page_costs_one_page(
    app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = handed_in(app, session, world, pdfs.honest(12))
    draw = rendering._draw

    def breaking(due: queries.Due, file: object, first: int, count: int, limits: object) -> reading.Stretch:
        if first <= 3 < first + count:
            raise rendering.Overrun("page 3")
        return draw(due, file, first, count, limits)  # type: ignore[arg-type]

    monkeypatch.setattr(rendering, "_draw", breaking)
    work(app)
    found = state_of(session, sha256)
    assert (found.state, found.done, found.faults) == (RenditionState.MADE, 12, 1)
    assert [one.number for one in pages(session, sha256)] == [1, 2, *range(4, 13)]


def test_five_hundred_pages_stop_at_the_limit_and_go_on_turn_by_turn(
    app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "MOST_PAGES", 20)
    monkeypatch.setattr(reading, "MOST_PAGES", 20)
    monkeypatch.setattr(rendering, "ONE_TURN", 0.001)
    sha256 = handed_in(app, session, world, pdfs.honest(500))
    turns = []
    while done := work(app):
        turns.append(done)
    assert turns == [8, 8, 4]
    found = state_of(session, sha256)
    assert (found.state, found.pages, found.done) == (RenditionState.MADE, 500, 20)
    assert len(pages(session, sha256)) == 20
    assert MOST_PAGES < 500


def test_a_long_file_keeps_no_other_from_its_first_pages(
    app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "ONE_TURN", 0.001)
    short = handed_in(app, session, world, pdfs.honest(2, "Ngắn"))
    long = handed_in(app, session, world, pdfs.honest(40, "Dài"))  # handed in last
    assert [work(app), work(app)] == [8, 2]
    assert [state_of(session, one).done for one in (long, short)] == [8, 2]


def test_nothing_is_drawn_of_what_nobody_may_read(app: Flask, session: Session, world: World) -> None:
    for scan in (ScanState.WAITING, ScanState.QUARANTINED):
        sha256 = handed_in(app, session, world, pdfs.honest(1, f"{scan}"))
        file = session.exec(select(StoredFile).where(StoredFile.sha256 == sha256)).one()
        file.scan = scan
        session.add(file)
        session.commit()
        assert work(app) == 0
        assert pages(session, sha256) == []


def test_nothing_is_drawn_before_it_is_handed_in(app: Flask, session: Session, world: World) -> None:
    desk.keep(app, session, world.an, pdfs.honest(1))
    assert work(app) == 0
    assert session.exec(select(Rendition)).all() == []


def test_nothing_is_drawn_for_products_that_find_abuse_material(app: Flask, session: Session, world: World) -> None:
    piece = desk.keep(app, session, world.an, pdfs.honest(1))
    file = session.get_one(StoredFile, piece.file_id)
    described = {"id": str(piece.id), "file": {"sha256": file.sha256, "media_type": file.media_type}}
    reading.want(session, {"profile": {"categories": ["CF", "HM"]}, "answers": {"TN-01": {"evidence": [described]}}})
    session.commit()
    assert session.exec(select(Rendition)).all() == []


def test_pages_go_with_their_file(app: Flask, session: Session, world: World) -> None:
    piece = desk.keep(app, session, world.an, pdfs.honest(2))
    sha256 = want(session, piece)
    work(app)
    assert len(desk.stored(app)) == 3
    freed = evidence.remove(session, world.an, world.hat_nang.id, piece.id)
    session.commit()
    with app.app_context():
        files.discard_unneeded(freed)
    assert desk.stored(app) == []
    assert pages(session, sha256) == []
    assert session.exec(select(Rendition)).all() == []


def test_pages_of_harmful_files_go_at_the_next_turn(app: Flask, session: Session, world: World) -> None:
    sha256 = handed_in(app, session, world, pdfs.honest(2))
    work(app)
    scans.shut_away(session, sha256, "Eicar")
    session.commit()
    with app.app_context():
        assert rendering.sweep_pages() == 1
        assert rendering.sweep_pages() == 0
    assert pages(session, sha256) == []
    assert desk.stored(app) == [sha256], "the office may have the file itself looked at"
    with app.app_context(), at(now() + timedelta(days=8)):
        scanning.erase_harmful()
    assert desk.stored(app) == []


def test_what_was_shut_away_while_it_was_drawn_is_not_kept(
    app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = handed_in(app, session, world, pdfs.honest(1))
    draw = rendering._draw

    def meanwhile(*asked: object) -> reading.Stretch:
        drawn = draw(*asked)  # type: ignore[arg-type]
        scans.shut_away(session, sha256, "Eicar")
        session.commit()
        return drawn

    monkeypatch.setattr(rendering, "_draw", meanwhile)
    work(app)
    assert pages(session, sha256) == []
    assert desk.stored(app) == [sha256]


def test_a_newer_renderer_makes_them_anew(app: Flask, session: Session, world: World) -> None:
    sha256 = handed_in(app, session, world, pdfs.honest(1))
    work(app)
    found = state_of(session, sha256)
    found.renderer = RENDERER - 1
    session.add(found)
    session.commit()
    with app.app_context():
        assert rendering.sweep_pages() == 1
    assert state_of(session, sha256).state is RenditionState.WAITING
    assert work(app) == 1
    assert len(pages(session, sha256)) == 1
    assert state_of(session, sha256).renderer == RENDERER


def test_a_storage_that_does_not_answer_is_tried_later(
    app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = handed_in(app, session, world, pdfs.honest(1))
    with monkeypatch.context() as patch:
        patch.setattr(app.extensions["storage"], "open", lambda _name: (_ for _ in ()).throw(OSError("away")))
        assert work(app) == 0
    assert state_of(session, sha256).state is RenditionState.WAITING
    assert work(app) == 0
    with at(now() + timedelta(minutes=1)):
        assert work(app) == 1


def test_a_bucket_keeps_them_too(
    app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="evidence")
        app.extensions["storage"] = open_storage("s3://evidence/registry?region=us-east-1", tmp_path / "spool")
        piece = desk.keep(app, session, world.an, pdfs.honest(2))
        sha256 = want(session, piece)
        assert work(app) == 2
        assert picture(app, pages(session, sha256)[1]).size == (1654, 2339)
        assert len(list(app.extensions["storage"].names())) == 3
        freed = evidence.remove(session, world.an, world.hat_nang.id, piece.id)
        session.commit()
        with app.app_context():
            files.discard_unneeded(freed)
        assert list(app.extensions["storage"].names()) == []


def test_fsck_knows_the_pages(app: Flask, session: Session, world: World) -> None:
    sha256 = handed_in(app, session, world, pdfs.honest(2))
    work(app)
    everything = fsck.Asked(grace=timedelta(0))
    with app.app_context():
        assert list(fsck.findings(everything)) == []
        assert len(stored_elsewhere(session, desk.stored(app))) == 3
        app.extensions["storage"].remove(pages(session, sha256)[1].image_sha256)
        assert list(fsck.findings(everything)) == [f"Pages of file {sha256} are gone or changed."]
        list(fsck.findings(fsck.Asked(repair=True, grace=timedelta(0))))
        assert list(fsck.findings(everything)) == []
    assert work(app) == 2
    assert len(desk.stored(app)) == 3


def test_the_worker_does_not_grow_with_the_file(app: Flask, session: Session, world: World) -> None:
    """A hundred megabytes behind the end of a PDF are read by the child alone, piece by piece."""
    work(app)
    handed_in(app, session, world, pdfs.honest(1))
    work(app)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with app.extensions["storage"].begin() as incoming:
        incoming.write(b"%PDF-1.7\n%")
        for _ in range(100):
            incoming.write(b"x" * 1024 * 1024)
        incoming.write(b"\n" + pdfs.honest(1)[9:])
        sha256, size = incoming.keep()
    kept = evidence.Kept(sha256, size, "application/pdf", "a.pdf")
    found = evidence.add_file(session, world.an, world.hat_nang.id, kept, evidence.Facts("DOC", "Lớn"))
    session.commit()
    want(session, found)
    work(app)
    assert state_of(session, sha256).state is not RenditionState.WAITING
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024  # kilobytes
