"""The tree of the log: known vectors of RFC 6962, every leaf and every pair of sizes, and nothing altered passes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tamperlog import merkle as other
from tamperlog._hash import hash_leaf

from assessments import merkle
from assessments.merkle import EMPTY, HASH, Place

# The inputs and roots that implementations of Certificate Transparency have tested with since 2012.
INPUTS = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
INPUTS.append(bytes(range(0x60, 0x70)))
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
FIRST_OF_EIGHT = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
SIX_TO_EIGHT = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
LARGE = 66_000  # entries: a full tile of level 1 and something of level 2


class Tree:
    """A log in memory, read as the tables are: by tiles."""

    def __init__(self, leaves=()):
        self.leaves, self.tiles, self.asked = [], {}, 0
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf):
        edge = {place: self.tiles[place] for place in merkle.edge(len(self.leaves))}
        self.tiles |= merkle.grown(edge, len(self.leaves), leaf)
        self.leaves.append(leaf)

    def read(self, places):
        self.asked += 1
        return {place: self.tiles[place] for place in places if place in self.tiles}

    def at(self, size):
        return size, merkle.root(self.read, size)


def numbered(count):
    return Tree(merkle.leaf_hash(str(number).encode()) for number in range(count))


@pytest.fixture(scope="module")
def small():
    """70 entries: every index and every pair of sizes are tried."""
    return numbered(70)


@pytest.fixture(scope="module")
def large():
    return numbered(LARGE)


def by_the_book(leaves):
    """The root as RFC 6962 defines it, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(by_the_book(leaves[:k]), by_the_book(leaves[k:]))


# --- known vectors ---


def test_the_roots_of_the_known_inputs():
    tree = Tree(merkle.leaf_hash(one) for one in INPUTS)
    assert [tree.at(size)[1].hex() for size in range(9)] == ROOTS


def test_known_proofs():
    tree = Tree(merkle.leaf_hash(one) for one in INPUTS)
    assert [one.hex() for one in merkle.inclusion(tree.read, 0, 8)] == FIRST_OF_EIGHT
    assert [one.hex() for one in merkle.consistency(tree.read, 6, 8)] == SIX_TO_EIGHT
    assert merkle.inclusion(tree.read, 0, 1) == []
    assert merkle.consistency(tree.read, 8, 8) == merkle.consistency(tree.read, 0, 8) == []


# --- every leaf, every pair ---


def test_every_root_is_that_of_the_book(small):
    assert [small.at(size)[1] for size in range(71)] == [by_the_book(small.leaves[:size]) for size in range(71)]


def test_every_leaf_of_every_size_is_proved(small):
    for size in range(1, 71):
        tree = small.at(size)
        for index in range(size):
            proof = merkle.inclusion(small.read, index, size)
            assert merkle.verify_inclusion(small.leaves[index], index, tree, proof)
            assert not merkle.verify_inclusion(small.leaves[index], index ^ 1, tree, proof)


def test_every_pair_of_sizes_is_consistent(small):
    trees = [small.at(size) for size in range(71)]
    for new in range(71):
        for old in range(new + 1):
            proof = merkle.consistency(small.read, old, new)
            assert merkle.verify_consistency(trees[old], trees[new], proof)
            assert old == new or not merkle.verify_consistency(trees[new], trees[old], proof)


@given(st.integers(1, LARGE), st.data())
def test_any_leaf_of_a_large_tree_is_proved(large, size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(large.read, index, size)
    assert merkle.verify_inclusion(large.leaves[index], index, large.at(size), proof)


@given(st.integers(0, LARGE), st.integers(0, LARGE))
def test_any_two_sizes_of_a_large_tree_are_consistent(large, one, other):
    old, new = sorted((one, other))
    proof = merkle.consistency(large.read, old, new)
    assert merkle.verify_consistency(large.at(old), large.at(new), proof)


@given(st.integers(2, LARGE), st.data())
def test_a_proof_asks_once_and_for_few_tiles(large, size, data):
    asked = []

    def read(places):
        asked.append(list(places))
        return large.read(places)

    merkle.inclusion(read, data.draw(st.integers(0, size - 1)), size)
    merkle.consistency(read, data.draw(st.integers(1, size - 1)), size)
    assert [len(places) <= 8 for places in asked] == [True, True]


# --- nothing altered passes ---


@given(st.integers(2, LARGE), st.data())
def test_an_altered_proof_of_inclusion_is_refused(large, size, data):
    index = data.draw(st.integers(0, size - 1))
    leaf, tree, proof = large.leaves[index], large.at(size), merkle.inclusion(large.read, index, size)
    wrong = data.draw(altered(proof))
    assert not merkle.verify_inclusion(leaf, index, tree, wrong)
    assert not merkle.verify_inclusion(data.draw(flipped(leaf)), index, tree, proof)
    assert not merkle.verify_inclusion(leaf, index, (size, data.draw(flipped(tree[1]))), proof)
    assert not merkle.verify_inclusion(
        leaf, data.draw(st.integers(-2, size + 2).filter(lambda n: n != index)), tree, proof
    )


@given(st.integers(2, LARGE), st.data())
def test_an_altered_proof_of_consistency_is_refused(large, new, data):
    old = data.draw(st.integers(1, new - 1))
    before, after, proof = large.at(old), large.at(new), merkle.consistency(large.read, old, new)
    assert not merkle.verify_consistency(before, after, data.draw(altered(proof)))
    assert not merkle.verify_consistency((old, data.draw(flipped(before[1]))), after, proof)
    assert not merkle.verify_consistency(before, (new, data.draw(flipped(after[1]))), proof)


def test_a_leaf_is_never_taken_for_a_node(small):
    pair = small.leaves[0] + small.leaves[1]
    assert merkle.leaf_hash(pair) != merkle.node_hash(small.leaves[0], small.leaves[1])
    assert not merkle.verify_inclusion(merkle.leaf_hash(pair), 0, small.at(2), [])


def test_what_is_no_tree_is_refused(small):
    proof = merkle.inclusion(small.read, 3, 7)
    assert not merkle.verify_inclusion(small.leaves[3], 3, (0, EMPTY), proof)
    assert not merkle.verify_inclusion(small.leaves[3], -1, small.at(7), proof)
    assert not merkle.verify_inclusion(small.leaves[3], 3, small.at(7), [*proof[:-1], proof[-1][:-1]])
    assert not merkle.verify_consistency((-1, EMPTY), small.at(7), [])
    assert not merkle.verify_consistency((0, small.leaves[0]), small.at(7), [])
    assert not merkle.verify_consistency(small.at(7), (7, small.leaves[0]), [])
    assert not merkle.verify_consistency(small.at(4), small.at(7), [])


def flipped(value):
    """The same with one bit changed."""
    return st.integers(0, len(value) * 8 - 1).map(
        lambda bit: (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(len(value), "big")
    )


def altered(proof):
    """A proof with one bit changed, one hash less, one more, or two in each other's place."""
    places = st.integers(0, len(proof) - 1)
    return st.one_of(
        places.flatmap(lambda at: flipped(proof[at]).map(lambda one: [*proof[:at], one, *proof[at + 1 :]])),
        places.map(lambda at: proof[:at] + proof[at + 1 :]),
        places.map(lambda at: [*proof[:at], hashlib.sha256(b"more").digest(), *proof[at:]]),
        st.permutations(proof).filter(lambda other: list(other) != proof) if len(set(proof)) > 1 else st.nothing(),
    )


# --- tiles ---


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, LARGE])
def test_the_tiles_are_those_of_the_specification(large, size):
    tree = large.at(size)
    places = {place for place in large.tiles if merkle.width(place, size)}
    for place in places:
        first = place.number * 256
        spans = 256**place.level
        width = min(256, size // spans - first)
        assert merkle.width(place, size) == width
    partial = {place for place in places if merkle.width(place, size) < 256}
    assert set(merkle.edge(size)) == partial
    prefixes = {place: large.tiles[place][: merkle.width(place, size) * HASH] for place in places}
    assert merkle.root(lambda _wanted: prefixes, size) == tree[1]


def test_the_tiles_of_seventy_thousand():
    counts = [merkle.width(Place(0, number), 70_000) for number in range(275)]
    assert (counts.count(256), counts[273], counts[274]) == (273, 112, 0)
    assert merkle.edge(70_000) == [Place(0, 273), Place(1, 1), Place(2, 0)]
    assert [merkle.width(place, 70_000) for place in merkle.edge(70_000)] == [112, 17, 1]
    assert (merkle.edge(256), merkle.edge(0)) == ([Place(1, 0)], [])


def test_a_tile_of_level_one_holds_the_roots_of_full_tiles(large):
    roots = b"".join(by_the_book(large.leaves[at * 256 : (at + 1) * 256]) for at in range(3))
    assert large.tiles[Place(1, 0)][: 3 * HASH] == roots


def test_missing_tiles_are_refused(small):
    with pytest.raises(merkle.Incomplete):
        merkle.root(lambda _places: {}, 5)
    with pytest.raises(merkle.Incomplete):
        merkle.inclusion(small.read, 3, 71)
    with pytest.raises(merkle.Incomplete):
        merkle.grown({}, 5, small.leaves[0])
    with pytest.raises(ValueError, match="no entry 7"):
        merkle.inclusion(small.read, 7, 7)
    with pytest.raises(ValueError, match="does not follow"):
        merkle.consistency(small.read, 8, 7)


# --- another library, which checks by another algorithm ---


def test_another_library_makes_the_same_roots_and_proofs(small):
    for size in range(71):
        leaves = small.leaves[:size]
        assert small.at(size)[1] == other.merkle_root(leaves)
        for index in range(size):
            assert merkle.inclusion(small.read, index, size) == other.inclusion_proof(index, leaves)
        for old in range(size + 1):
            assert merkle.consistency(small.read, old, size) == other.consistency_proof(old, leaves)


@given(st.integers(1, LARGE), st.data())
def test_another_library_accepts_our_proofs_of_a_large_tree(large, size, data):
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = large.at(size)[1]
    other.verify_inclusion(index, size, large.leaves[index], merkle.inclusion(large.read, index, size), root)
    other.verify_consistency(old, large.at(old)[1], size, root, merkle.consistency(large.read, old, size))


def test_another_library_hashes_leaves_as_we_do():
    assert [merkle.leaf_hash(one) for one in INPUTS] == [hash_leaf(one) for one in INPUTS]
