"""Signed notes: a note of another program, and everything that is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.log import notes
from registry.log.notes import NotSigned, Signer, Unreadable

# The example of the Go project's own library of notes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
OURS = Signer("registry.example.vn/log", Ed25519PrivateKey.from_private_bytes(bytes(32)))
OTHER = Signer("registry.example.vn/log", Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01"))


def test_a_note_of_another_program_is_read():
    verifier = notes.verifier_from(PETER)
    assert (verifier.name, verifier.id.hex(), verifier.text) == ("PeterNeumann", "c74f20a3", PETER)
    assert notes.opened(NOTE, [verifier]) == TEXT


def test_our_own_note_is_read_by_its_key_alone():
    note = notes.signed("một\nhai\n", OURS)
    assert note.startswith("một\nhai\n\n— registry.example.vn/log ")
    assert notes.opened(note, [OURS.verifier]) == notes.text_of(note) == "một\nhai\n"
    assert notes.opened(note, [OTHER.verifier, OURS.verifier]) == "một\nhai\n"
    with pytest.raises(NotSigned, match="No known key"):
        notes.opened(note, [OTHER.verifier])
    with pytest.raises(NotSigned):
        notes.opened(note, [])


def test_lines_of_unknown_keys_count_for_nothing():
    note = notes.signed("a\n", OURS)
    both = note + NOTE.rpartition("\n\n")[2]
    assert notes.opened(both, [OURS.verifier]) == "a\n"
    with pytest.raises(NotSigned, match="does not fit"):
        notes.opened(both, [notes.verifier_from(PETER)])


def test_one_bad_signature_of_a_known_key_is_enough():
    note = notes.signed("a\n", OURS)
    bad = notes.signed("b\n", OTHER).rpartition("\n\n")[2]
    with pytest.raises(NotSigned, match="does not fit"):
        notes.opened(note + bad, [OURS.verifier, OTHER.verifier])


@given(st.integers(0, 8 * 44 - 1))
def test_no_changed_bit_passes(bit):
    """44 bytes: the text, the line between, and the beginning of the signature's line."""
    raw = bytearray(notes.signed("0123456789\n", OURS).encode())
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises((NotSigned, Unreadable, UnicodeDecodeError)):
        notes.opened(raw.decode(), [OURS.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "a\n",
        "a\n\n",
        "a\n\n— name\n",
        "a\n\n— name !!!!\n",
        "a\n\n— na+me AAAAAAAAAAAA\n",
        "a\n\n-- name AAAAAAAAAAAA\n",
        "a\n\n— name AAAA\n",
        notes.signed("a\n", OURS).rstrip("\n"),
        notes.signed("a\tb\n", OURS),
        notes.signed("a\n", OURS).replace("\n", "\r\n"),
    ],
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(Unreadable):
        notes.opened(note, [OURS.verifier])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "name",
        "name+c74f20a3",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER[:-4],
        PETER.replace("+AR", "+BR"),
        "a b+0+",
    ],
)
def test_what_is_no_key_is_refused(key):
    with pytest.raises(Unreadable):
        notes.verifier_from(key)
