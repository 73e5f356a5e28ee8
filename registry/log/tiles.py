"""Tiles and bundles of entries under their addresses (C2SP tlog-tiles): what is served once is served for ever."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from assessments import merkle
from assessments.merkle import HASH, WIDTH, Place
from assessments.models import LogHead
from assessments.queries import log as queries

ENTRIES = "entries"  # stands where the level of a tile does
LEVEL = re.compile(r"[0-9]|[1-5][0-9]|6[0-3]")
NUMBER = re.compile(r"(?:x[0-9]{3}/)*[0-9]{3}")
COUNT = re.compile(r"[1-9][0-9]{0,2}")
DEEPEST = 4  # parts of an address: 256 * 10**12 entries


@dataclass(frozen=True)
class Wanted:
    """What an address asks for: the first `count` hashes of a tile, or entries of a bundle."""

    place: Place
    count: int
    entries: bool = False


def asked(level: str, address: str) -> Wanted | None:
    """Read the address behind /log/tile/; None for one that is not written as the specification has it."""
    number, parting, count = address.partition(".p/")
    if not (LEVEL.fullmatch(level) or level == ENTRIES) or not NUMBER.fullmatch(number):
        return None
    parts = [part.removeprefix("x") for part in number.split("/")]
    if len(parts) > DEEPEST or (len(parts) > 1 and parts[0] == "000"):  # 67 has one address, not two
        return None
    if parting and not (COUNT.fullmatch(count) and int(count) < WIDTH):
        return None
    place = Place(0 if level == ENTRIES else int(level), int("".join(parts)))
    return Wanted(place, int(count) if parting else WIDTH, level == ENTRIES)


def content(session: Session, head: LogHead, wanted: Wanted) -> bytes | None:
    """The bytes of what is asked for; None where the tree of the checkpoint signed last has no such thing."""
    if wanted.count > merkle.width(wanted.place, head.signed_size):
        return None
    if wanted.entries:
        return bundle(queries.bodies(session, wanted.place.number * WIDTH, wanted.count))
    found = queries.tiles(session, [wanted.place]).get(wanted.place, b"")
    return found[: wanted.count * HASH]


def bundle(bodies: list[str]) -> bytes:
    """Entries one after the other, each behind its length in two bytes."""
    leaves = [body.encode() for body in bodies]
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def address(number: int) -> str:
    """The number of a tile as it stands in addresses: 1234067 is x001/x234/067."""
    digits = f"{number:d}".zfill(-(-len(f"{number:d}") // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
