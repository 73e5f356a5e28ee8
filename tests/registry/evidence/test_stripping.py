"""What is taken out of a reviewer's files, and that they still show the same."""

import io
import struct

import pytest
from PIL import Image

from assessments.errors import Invalid
from registry.evidence import stripping
from tests.registry.evidence import samples

WHO = b"Vu Dung"


def stripped(content: bytes, media_type: str) -> bytes:
    out = io.BytesIO()
    stripping.copy(io.BytesIO(content), media_type, out.write)
    return out.getvalue()


def told(kind: str) -> bytes:
    """A picture that says who made it, in Exif, a comment or XMP, and has something behind its end."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = WHO.decode()
    more = {"comment": WHO} if kind == "JPEG" else {"xmp": b"<x>" + WHO + b"</x>"} if kind == "WEBP" else {}
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, kind, exif=exif, **more)
    return out.getvalue() + (b"" if kind == "WEBP" else WHO)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_shows_the_same_and_says_nothing(kind: str) -> None:
    content = told(kind)
    assert WHO in content
    left = stripped(content, f"image/{kind.lower()}")
    assert WHO not in left
    before, after = (Image.open(io.BytesIO(one)) for one in (content, left))
    assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    assert not after.getexif()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_is_lost_of_a_plain_picture(kind: str) -> None:
    content = samples.picture(kind, 300, 200)
    left = Image.open(io.BytesIO(stripped(content, f"image/{kind.lower()}")))
    assert left.tobytes() == Image.open(io.BytesIO(content)).tobytes()


def test_a_progressive_picture_keeps_all_its_scans() -> None:
    out = io.BytesIO()
    picture = Image.effect_mandelbrot((120, 90), (-2, -1, 1, 1), 60).convert("RGB")
    picture.save(out, "JPEG", progressive=True, comment=WHO)
    left = stripped(out.getvalue(), "image/jpeg")
    assert WHO not in left
    assert Image.open(io.BytesIO(left)).tobytes() == Image.open(io.BytesIO(out.getvalue())).tobytes()


def test_a_film_keeps_its_places_and_loses_what_it_says() -> None:
    track = box(b"trak", box(b"tkhd", b"t" * 20) + box(b"udta", WHO))
    film = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"m" * 20) + track + box(b"meta", WHO))
    film += box(b"mdat", b"f" * 100) + box(b"uuid", WHO)
    left = stripped(film, "video/mp4")
    assert WHO not in left
    assert len(left) == len(film)
    assert left.index(b"f" * 100) == film.index(b"f" * 100)
    assert left.count(b"free") == 3


def test_words_stay_as_they_are() -> None:
    assert stripped(samples.TEXT, "text/plain") == samples.TEXT


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_cut_picture_is_refused(kind: str) -> None:
    content = samples.picture(kind.upper(), 50, 50)
    with pytest.raises(Invalid):
        stripped(content[: len(content) // 2], f"image/{kind}")


def test_a_film_with_a_box_that_ends_outside_is_refused() -> None:
    with pytest.raises(Invalid):
        stripped(struct.pack(">I", 500) + b"moov" + b"x" * 20, "video/mp4")


@pytest.mark.parametrize("kind", [b"free", b"skip", b"XMP_", b"wide", b"\xa9too"])
def test_a_film_says_nothing_in_boxes_that_players_pass_over(kind: bytes) -> None:
    media = box(b"mdia", box(b"mdhd", b"h" * 20) + box(kind, WHO) + box(b"udta", WHO))
    track = box(b"trak", box(b"tkhd", b"t" * 20) + media + box(kind, WHO))
    film = box(b"ftyp", b"isom") + box(kind, WHO) + box(b"moov", box(b"mvhd", b"m" * 20) + track + box(kind, WHO))
    film += box(b"mdat", b"f" * 100)
    left = stripped(film, "video/mp4")
    assert WHO not in left
    assert len(left) == len(film)
    assert left.index(b"f" * 100) == film.index(b"f" * 100)
    assert [left.count(one) for one in (b"mdhd", b"tkhd", b"mvhd")] == [1, 1, 1]
