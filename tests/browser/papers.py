"""PDF files of any size that are what they say: pages to read, and bytes that make them heavy."""

import random
from pathlib import Path

HEADER = b"%PDF-1.7\n"
OBJECTS = (
    b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/PieceInfo<</Weight 4 0 R>>>>\nendobj\n",
)
DIGITS = 9  # of offsets and lengths, so that the frame is always as long


def pdf(seed: str, size: int = 2_000) -> bytes:
    """An empty page with ballast, exactly so many bytes long; the same seed makes the same file."""
    frame = len(_framed(b""))
    return _framed(random.Random(seed).randbytes(size - frame))  # noqa: S311  sizes, not secrets


def write(path: Path, size: int = 2_000) -> bytes:
    """The same as a file, its name being the seed; its content."""
    content = pdf(path.name, size)
    path.write_bytes(content)
    return content


def _framed(ballast: bytes) -> bytes:
    heavy = b"4 0 obj\n<</Length %0*d>>stream\n%b\nendstream\nendobj\n" % (DIGITS, len(ballast), ballast)
    written, offsets = HEADER, []
    for one in (*OBJECTS, heavy):
        offsets.append(len(written))
        written += one
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%0*d\n%%%%EOF\n" % (DIGITS, len(written))
    return b"%bxref\n0 5\n0000000000 65535 f \n%b%b" % (written, table, trailer)
