"""The Merkle tree of the public log: hashes and proofs of RFC 6962 and 9162 over tiles of 256 hashes (C2SP tlog-tiles).

A tile of level 0 holds the hashes of 256 entries, one of level 1 the roots of 256 full tiles of level 0, and so on.
Tiles only grow, so that what was true of a smaller tree can be worked out from the tiles of a larger one. Whatever
needs hashes takes a reader: it is asked once, for every tile it takes, and gives those that are there.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

HEIGHT = 8  # levels of the tree in one tile
WIDTH = 1 << HEIGHT  # hashes in a full tile
HASH = 32  # bytes of a hash
EMPTY = hashlib.sha256().digest()  # the root of a tree of nothing


class Place(NamedTuple):
    """Where a tile stands: its level, counted from the entries, and its number in that level."""

    level: int
    number: int


class Node(NamedTuple):
    """A subtree of 2**height entries; `at` counts those of its height from the left."""

    height: int
    at: int

    @property
    def place(self) -> Place:
        """The tile that the hash of this subtree is worked out from."""
        return Place(self.height // HEIGHT, self.at >> (HEIGHT - self.height % HEIGHT))


class Range(NamedTuple):
    """A subtree as RFC 6962 splits one: the entries from `first` up to, and without, `end`."""

    first: int
    end: int

    @property
    def nodes(self) -> Iterator[Node]:
        """The full subtrees it is made of, from the left, each smaller than the one before."""
        first = self.first
        while first < self.end:
            height = (self.end - first).bit_length() - 1
            yield Node(height, first >> height)
            first += 1 << height


class Incomplete(LookupError):
    """A tile is missing, or shorter than a tree of this size has it."""


Reader = Callable[[Collection[Place]], Mapping[Place, bytes]]


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


# --- what a tree says of itself ---


def root(read: Reader, size: int) -> bytes:
    """The root of the first `size` entries. Refuses (Incomplete) when tiles are missing."""
    return _hashes(read, [Range(0, size)])[0] if size else EMPTY


def inclusion(read: Reader, index: int, size: int) -> list[bytes]:
    """The proof that the entry `index` is in the tree of `size` entries (RFC 6962, 2.1.1), from its sibling upwards.

    Refuses (ValueError) an index outside of the tree, (Incomplete) missing tiles.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} entries has no entry {index}")
    whole = Range(0, size)
    beside: list[Range] = []
    while whole.end - whole.first > 1:
        left, right = _split(whole)
        whole, other = (left, right) if index < left.end else (right, left)
        beside.append(other)
    return _hashes(read, beside[::-1])


def consistency(read: Reader, old: int, new: int) -> list[bytes]:
    """The proof that the first `old` entries of a tree of `new` are those of the tree of `old` (RFC 6962, 2.1.2).

    It is empty where there is nothing to prove: both the same, or `old` empty. Refuses (ValueError) an `old` larger
    than `new`, (Incomplete) missing tiles.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} entries does not follow one of {old}")
    if old in {0, new}:
        return []
    whole = Range(0, new)
    beside: list[Range] = []
    while old != whole.end:
        left, right = _split(whole)
        whole, other = (left, right) if old <= left.end else (right, left)
        beside.append(other)
    return _hashes(read, [*([whole] if whole.first else []), *beside[::-1]])


def _split(whole: Range) -> tuple[Range, Range]:
    """Left of the split as many entries as the largest power of two that leaves some for the right."""
    middle = whole.first + (1 << (whole.end - whole.first - 1).bit_length() - 1)
    return Range(whole.first, middle), Range(middle, whole.end)


def _hashes(read: Reader, ranges: Sequence[Range]) -> list[bytes]:
    """The hashes of some subtrees, with one question to the reader."""
    tiles = read({node.place for one in ranges for node in one.nodes})
    return [_folded([_hash_of(tiles, node) for node in one.nodes]) for one in ranges]


def _folded(hashes: Sequence[bytes]) -> bytes:
    found = hashes[-1]
    for one in hashes[-2::-1]:
        found = node_hash(one, found)
    return found


def _hash_of(tiles: Mapping[Place, bytes], node: Node) -> bytes:
    count = 1 << node.height % HEIGHT
    first = node.at * count % WIDTH
    part = tiles.get(node.place, b"")[first * HASH : (first + count) * HASH]
    if len(part) != count * HASH:
        raise Incomplete(f"the tile {node.place.number} of level {node.place.level} lacks hashes")
    return full_root(part)


def full_root(hashes: bytes) -> bytes:
    """The root over as many hashes as a power of two, such as those of a full tile."""
    level = [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


# --- tiles ---


def width(place: Place, size: int) -> int:
    """How many hashes a tile has in a tree of `size` entries: from 0 (there is no such tile) to 256 (it is full)."""
    return max(0, min(WIDTH, (size >> HEIGHT * place.level) - place.number * WIDTH))


def edge(size: int) -> list[Place]:
    """The tiles of a tree of `size` entries that are not full: those that the next entries may change."""
    levels = range((size.bit_length() + HEIGHT - 1) // HEIGHT)
    counts = [(level, size >> HEIGHT * level) for level in levels]
    return [Place(level, count // WIDTH) for level, count in counts if count % WIDTH]


def grown(tiles: Mapping[Place, bytes], size: int, leaf: bytes) -> dict[Place, bytes]:
    """The tiles that change when the hash of an entry is added to a tree of `size`: one, and one more for each filled.

    `tiles` are those of the edge. Refuses (Incomplete) when they are not of this size.
    """
    changed: dict[Place, bytes] = {}
    added, level, count = leaf, 0, size
    while True:
        place = Place(level, count // WIDTH)
        before = tiles.get(place, b"")
        if len(before) != count % WIDTH * HASH:
            raise Incomplete(f"the tile {place.number} of level {level} is not that of a tree of {size} entries")
        changed[place] = before + added
        if len(changed[place]) < WIDTH * HASH:
            return changed
        added, level, count = full_root(changed[place]), level + 1, count // WIDTH


# --- checking, without any tile ---


def verify_inclusion(leaf: bytes, index: int, tree: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the hash of an entry stands at `index` in the tree (size, root); RFC 9162, 2.1.3.2."""
    size, expected = tree
    if not 0 <= index < size or not _are_hashes(proof):
        return False
    at, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(one, found)
            at, last = _to_the_left(at, last)
        else:
            found = node_hash(found, one)
        at, last = at >> 1, last >> 1
    return last == 0 and found == expected


def verify_consistency(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree `new` (size, root) begins with the whole tree `old`; RFC 9162, 2.1.4.2."""
    if not 0 <= old[0] <= new[0] or not _are_hashes(proof):
        return False
    if old[0] in {0, new[0]}:
        return not proof and old[1] == (new[1] if old[0] == new[0] else EMPTY)
    full = old[0] & (old[0] - 1) == 0  # the old tree is a subtree of the new one: its root begins the proof
    path = [old[1], *proof] if full else list(proof)
    return bool(path) and _leads_to(path, old, new)


def _leads_to(path: list[bytes], old: tuple[int, bytes], new: tuple[int, bytes]) -> bool:
    at, last = old[0] - 1, new[0] - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(one, before), node_hash(one, after)
            at, last = _to_the_left(at, last)
        else:
            after = node_hash(after, one)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old[1] and after == new[1]


def _to_the_left(at: int, last: int) -> tuple[int, int]:
    """Up the right edge, past the levels in which there is nothing beside it."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(proof: Sequence[bytes]) -> bool:
    return all(len(one) == HASH for one in proof)
