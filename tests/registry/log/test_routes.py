"""What programs read of the log: checkpoint, tiles, bundles, proofs, checked as a stranger would check them."""

import hashlib
import json
from base64 import b64decode

import pytest
from sqlmodel import select
from tamperlog import merkle as other

from assessments import log, merkle
from assessments.merkle import Place
from assessments.models import LogEntry
from assessments.queries import log as queries
from registry.log import checkpoints, notes, proofs, tiles
from registry.log.notes import Unreadable
from tests import log_entries
from tests.counting import statements
from tests.listings import Shop

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def signed(app, session):
    """300 entries: one full tile, one partial, one of level 1."""
    log_entries.fill(app, session, 300)
    return queries.head(session)


def taken_apart(bundle):
    """The entries of a bundle."""
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found


# --- checkpoint ---


def test_the_checkpoint_is_served_as_text_that_any_site_may_read(app, browser, signed):
    answer = browser.get("/log/checkpoint")
    assert (answer.text, answer.content_type) == (signed.checkpoint, "text/plain; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=2"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/en/log/checkpoint").text == signed.checkpoint


def test_before_the_first_signature_there_is_none(browser, session):
    for path in ("/log/checkpoint", "/log/consistency/0", "/log/tile/0/000.p/1", "/log/tile/entries/000.p/1"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


# --- tiles ---


def test_a_stranger_works_the_root_out_from_the_tiles(browser, signed):
    hashes = browser.get("/log/tile/0/000").data + browser.get("/log/tile/0/001.p/44").data
    leaves = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    assert len(leaves) == 300
    assert other.merkle_root(leaves).hex() == signed.root
    assert browser.get("/log/tile/1/000.p/1").data == other.merkle_root(leaves[:256])


def test_every_entry_of_the_bundles_has_its_hash_in_the_tiles(browser, signed):
    for bundle, tile, count in (("000", "000", 256), ("001.p/44", "001.p/44", 44)):
        entries = taken_apart(browser.get(f"/log/tile/entries/{bundle}").data)
        hashes = browser.get(f"/log/tile/0/{tile}").data
        assert len(entries) == count
        assert b"".join(hashlib.sha256(b"\0" + one).digest() for one in entries) == hashes


def test_tiles_are_kept_for_ever_and_any_narrower_one_is_served(browser, signed):
    answer = browser.get("/log/tile/0/001.p/44")
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/octet-stream", FOR_EVER)
    assert browser.get("/log/tile/0/001.p/7").data == answer.data[: 7 * 32]
    assert browser.get("/log/tile/0/000.p/255").data == browser.get("/log/tile/0/000").data[: 255 * 32]
    assert len(taken_apart(browser.get("/log/tile/entries/001.p/7").data)) == 7


NOWHERE = (
    *("0/001", "0/001.p/45", "0/002.p/1", "1/000", "1/000.p/2", "2/000.p/1", "63/000.p/1", "entries/001"),
    *("0/0", "0/00", "0/0000", "0/x000/001.p/1", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/", "0/000.p"),
    *("64/000", "00/000", "-1/000", "a/000", "Entries/000", "0/000/", "0/x001", "0/001/x000", "0/000.q/1"),
    *("0/x999/x999/x999/x999/999", "0/٠٠٠", "0/000.p/1/2", "entries/000.p/9999"),
)


def test_other_addresses_lead_nowhere(browser, signed):
    assert [path for path in NOWHERE if browser.get(f"/log/tile/{path}").status_code != 404] == []


@pytest.mark.parametrize(
    ("number", "address"), [(0, "000"), (67, "067"), (1067, "x001/067"), (1_234_067, "x001/x234/067")]
)
def test_addresses_are_those_of_the_specification(number, address):
    assert tiles.address(number) == address
    assert tiles.asked("0", address).place == Place(0, number)
    assert tiles.asked("entries", f"{address}.p/9") == tiles.Wanted(Place(0, number), 9, entries=True)


def test_a_tile_is_served_as_far_as_it_is_signed(app, browser, session, signed):
    log_entries.edition(session, "unsigned")
    session.commit()
    assert browser.get("/log/tile/0/001.p/45").status_code == 404
    assert browser.get("/log/tile/entries/001.p/45").status_code == 404
    assert browser.get("/log/entries/300.proof").status_code == 404
    assert browser.get("/log/entries/300").status_code == 200


# --- proofs ---


def test_the_proof_of_an_entry_convinces_another_library(app, browser, session, signed):
    with app.app_context():
        known = checkpoints.verifiers(session)
    for index in (0, 17, 255, 256, 299):
        text = browser.get(f"/log/entries/{index}.proof").text
        above, _, note = text.partition("\n\n")
        first, extra, place, *path = above.split("\n")
        assert (first, place) == ("c2sp.org/tlog-proof@v1", f"index {index}")
        leaf = b64decode(extra.removeprefix("extra "))
        assert leaf == browser.get(f"/log/entries/{index}.json").data
        signed_text = notes.opened(note, known).split("\n")
        size, root = int(signed_text[1]), b64decode(signed_text[2])
        other.verify_inclusion(
            index, size, hashlib.sha256(b"\0" + leaf).digest(), [b64decode(one) for one in path], root
        )
        ours = proofs.read(text)
        assert (ours.text, ours.holds(checkpoints.opened(note, known))) == (text, True)


def test_any_changed_entry_or_path_is_refused(app, browser, session, signed):
    with app.app_context():
        known = checkpoints.verifiers(session)
    proof = proofs.read(browser.get("/log/entries/17.proof").text)
    tree = checkpoints.opened(proof.note, known)
    for change in (
        {"index": 16},
        {"body": proof.body.replace(b"vcsc-17", b"vcsc-18")},
        {"path": proof.path[1:]},
        {"path": (*proof.path[1:], proof.path[0])},
    ):
        assert not proofs.Proof(**{**vars(proof), **change}).holds(tree)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v2\nextra AA==\nindex 0\n\na\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n\na\n",
        "c2sp.org/tlog-proof@v1\nextra AA==\nindex 00\n\na\n",
        "c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n!\n\na\n",
        "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\na\n",
    ],
)
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(Unreadable):
        proofs.read(text)


def test_the_log_of_an_old_checkpoint_is_the_beginning_of_todays(app, browser, session, signed):
    old = checkpoints.current(signed)
    log_entries.fill(app, session, 33)
    answer = browser.get("/log/consistency/300")
    above, _, note = answer.text.partition("\n\n")
    first, *path = above.split("\n")
    now = checkpoints.parsed(notes.text_of(note))
    assert (first, now.size, note) == ("old 300", 333, browser.get("/log/checkpoint").text)
    proof = [b64decode(one) for one in path]
    other.verify_consistency(300, old.root, 333, now.root, proof)
    assert merkle.verify_consistency(old.tree, now.tree, proof)
    assert browser.get("/log/consistency/333").text.startswith("old 333\n\n")
    assert browser.get("/log/consistency/334").status_code == 404


# --- of a certificate ---


def granted(app, session, world):
    """A certificate with two entries among others."""
    certificate = Shop(world).publish()
    log_entries.fill(app, session, 5)
    for kind, status in (("grant", "active"), ("suspend", "suspended")):
        body = {"certificate": certificate.number, "revision": 1, "on": "2026-11-26", "status": status}
        log.append(session, kind, f"{kind}:{certificate.number}", body, certificate_id=certificate.id)
    log_entries.fill(app, session, 5)
    return certificate


def test_a_certificate_has_the_proof_of_what_was_said_last(app, browser, world, session):
    certificate = granted(app, session, world)
    with statements(app) as seen:
        answer = browser.get(f"/c/{certificate.number}.proof")
    assert len(seen) == 3
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    proof = proofs.read(answer.text)
    told = json.loads(proof.body)
    assert (told["certificate"], told["kind"], told["status"]) == (certificate.number, "suspend", "suspended")
    with app.app_context():
        assert proof.holds(checkpoints.opened(proof.note, checkpoints.verifiers(session)))
    assert proof.text == browser.get(f"/log/entries/{proof.index}.proof").text


def test_another_spelling_leads_to_the_canonical_one(app, browser, world, session):
    number = granted(app, session, world).number
    answer = browser.get(f"/c/{number.lower()}.proof")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/c/{number}.proof")
    for unknown in ("VCSC-26-9999-A", "x", "%20"):
        assert browser.get(f"/c/{unknown}.proof").status_code == 404


def test_the_page_of_a_certificate_says_what_its_proof_means(app, browser, world, session):
    certificate = granted(app, session, world)
    entry = session.exec(select(LogEntry).where(LogEntry.kind == "suspend")).one()
    head = queries.head(session)
    session.commit()
    text = browser.get(f"/c/{certificate.number}").text
    assert f"Giấy này là dòng {entry.index} trong nhật ký công khai của Câu lạc bộ" in text
    assert f"Dòng {entry.index} trong {head.signed_size} dòng" in text
    assert f'<span class="code">{checkpoints.current(head).encoded_root}</span>' in text
    assert f'href="/log/entries/{entry.index}"' in text
    assert f'href="/c/{certificate.number}.proof"' in text


def test_a_certificate_that_is_not_in_the_log_says_nothing_of_it(browser, world, session):
    number = Shop(world).publish().number
    assert "nhật ký công khai" not in browser.get(f"/c/{number}").text
    assert browser.get(f"/c/{number}.proof").status_code == 404
