"""What a checker has to refuse, and what it has to accept beside it: one table for every checker there is."""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests import issuer as signing
from tests.issuer import DID, LISTS, NOW, Issuer, Signer, b64, credential, entry, iso, packed, status_list

_LOST = ("unknown_key", "lost_key")
LATER = NOW + timedelta(hours=1)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Case:
    """A file, what is known of the issuer, the moment, and the answer that is right."""

    name: str
    raw: bytes
    status: str
    reason: str
    snapshot: dict[str, Any]
    at: datetime = LATER
    proof: str = ""
    detail: str = ""


@dataclass
class Table:
    """Every case, made with the keys of one issuer."""

    issuer: Issuer = field(default_factory=Issuer)

    def cases(self) -> list[Case]:
        """All of them."""
        signed = (self.accepted, self.times, self.signatures, self.headers, self.contents, self.lost)
        return [case for part in (*signed, self.files, self.lists, self.logs) for case in part()]

    def of(self, name: str, token: str | bytes, status: str, reason: str, **more: Any) -> Case:
        """A case with the snapshot of an issuer with nothing to say against anybody."""
        raw = token.encode() if isinstance(token, str) else token
        return Case(name, raw, status, reason, more.pop("snapshot", None) or self.issuer.snapshot(), **more)

    @property
    def token(self) -> str:
        """A certificate that is good."""
        return self.issuer.now.token(credential())

    def accepted(self) -> Iterator[Case]:
        """What must not be refused."""
        token = self.token
        enveloped = {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token}"}
        yield self.of("good", token, "valid", "valid")
        yield self.of("with a line end", f"{token}\n", "valid", "valid")
        yield self.of("in a PDF", signing.pdf(token), "valid", "valid")
        yield self.of("packed in a PDF", signing.pdf(token, compress=True), "valid", "valid")
        tokens = (self.issuer.now.token(credential(name=f"{one}")) for one in range(100_000))
        odd = next(one for one in tokens if zlib.compress(one.encode()).endswith(b"\r"))
        yield self.of("packed, ending as a line does", signing.pdf(odd, compress=True), "valid", "valid")
        yield self.of("enveloped", json.dumps(enveloped), "valid", "valid")
        past = credential(validFrom=iso(NOW - YEAR), validUntil=iso(NOW + YEAR), iat=int((NOW - YEAR).timestamp()))
        yield self.of("a retired key", self.issuer.retired.token(past), "valid", "valid")
        body = {**credential(), "issuer": DID}
        yield self.of("issuer as a word", self.issuer.now.token(body), "valid", "valid")

    def times(self) -> Iterator[Case]:
        """Dates of the certificate and of its keys."""
        now = self.issuer.now
        future = credential(validFrom=iso(NOW + timedelta(days=3)))
        yield self.of("future-dated", now.token(future), "not_yet_valid", "not_yet_valid")
        ended = credential(validUntil=iso(NOW - timedelta(seconds=1)))
        yield self.of("expired", now.token(ended), "expired", "expired")
        early = credential(iat=int((NOW - YEAR).timestamp()))
        yield self.of("before the key", now.token(early), "unknown_key", "not_in_use")
        undated = credential(validFrom=iso(NOW - YEAR), iat=None)
        yield self.of("before the key, undated", now.token(undated), "unknown_key", "not_in_use")
        signed_late = credential(validFrom=iso(NOW - YEAR))
        yield self.of("signed after its first day", now.token(signed_late), "valid", "valid")
        yield self.of("after the key", self.issuer.retired.token(credential()), "unknown_key", "not_in_use")
        for what in ("2026-11-21", "yesterday", 20261121, None):
            yield self.of(f"dated {what}", now.token(credential(validFrom=what)), "unreadable", "date")
        yield self.of("without an end", now.token(credential(validUntil=None)), "unreadable", "date")

    def signatures(self) -> Iterator[Case]:
        """Whoever signed it was somebody else, or it was changed afterwards."""
        now, token = self.issuer.now, self.token
        head, body, signature = token.split(".")
        stranger = Signer("k2")
        yield self.of("another's key", stranger.token(credential()), "forged", "signature")
        altered = b64(json.dumps(credential(validUntil="2099-01-01T00:00:00Z")).encode())
        yield self.of("altered", f"{head}.{altered}.{signature}", "forged", "signature")
        yield self.of("no signature", f"{head}.{body}.", "unreadable", "jws")
        yield self.of("half a signature", f"{head}.{body}.{b64(b'x' * 32)}", "forged", "signature")
        other = Signer("k2", did="did:web:elsewhere.example", private=now.private)
        yield self.of("another issuer", other.token(credential(issuer=other.did)), "unknown_key", "other_issuer")
        lent = credential(issuer={"id": "did:web:elsewhere.example"})
        yield self.of("for another issuer", now.token(lent), "forged", "wrong_issuer")
        yield self.of("an unknown key", Signer("k9").token(credential()), "unknown_key", "no_such_key")
        yield self.of("the key of the log", self.issuer.log.token(credential()), "unknown_key", "wrong_purpose")

    def lost(self) -> Iterator[Case]:
        """Keys that others have: what they sign counts never, what the issuer signed before counts with its proof."""
        lost, log = self.issuer.lost, self.issuer.log
        since = lost.lost_from or NOW
        before = {"validFrom": iso(NOW - YEAR), "validUntil": iso(NOW + YEAR)}
        token = lost.token(credential(**before, iat=int((since - timedelta(days=2)).timestamp())))
        leaves = [b"a", signing.grant(token), b"c"]
        good = signing.proof(log, leaves, 1)
        yield self.of("a lost key, after", lost.token(credential(iat=int(since.timestamp()))), *_LOST)
        proven = lost.token(credential(iat=int(since.timestamp())))
        late = signing.proof(log, [signing.grant(proven)], 0)
        yield self.of("a lost key, after, in the log", proven, *_LOST, proof=late)
        yield self.of("a lost key, before, unproven", token, "unknown_key", "lost_key_unproven")
        yield self.of("a lost key, before, proven", token, "valid", "valid", proof=good)
        yield self.of("a lost key, in a PDF", signing.pdf(token, good), "valid", "valid")
        false = signing.proof(self.issuer.lost_log, leaves, 1)
        yield self.of("a lost key, proven by a lost key", token, "unknown_key", "lost_key_unproven", proof=false)
        nobody = signing.proof(Signer("l9", "log"), leaves, 1)
        yield self.of("a lost key, proven by nobody", token, "unknown_key", "lost_key_unproven", proof=nobody)
        of_other = signing.proof(log, [signing.grant(self.token)], 0)
        yield self.of("a lost key, another's proof", token, "forged", "other_proof", proof=of_other)
        alone = signing.proof(self.issuer.lost_log, [signing.grant(self.token)], 0)
        yield self.of("a proof by a lost key", self.token, "valid", "valid", proof=alone)
        snapshot = self.issuer.snapshot(revocation=lost.token(status_list("revocation", validFrom=iso(since - YEAR))))
        yield self.of(
            "a list under a lost key",
            self.token,
            "status_unknown",
            "status_unknown",
            snapshot=snapshot,
            detail="other_list",
        )

    def headers(self) -> Iterator[Case]:
        """What the header would like the checker to do."""
        now, body = self.issuer.now, credential()
        payload = b64(json.dumps(body).encode())
        none = b64(json.dumps(now.header(alg="none")).encode())
        yield self.of("alg none", f"{none}.{payload}.", "unreadable", "jws")
        yield self.of("alg none, signed", now.token(body, now.header(alg="none")), "forged", "algorithm")
        shared = f"{b64(json.dumps(now.header(alg='HS256')).encode())}.{payload}"
        made = hmac.new(now.public, shared.encode(), hashlib.sha256).digest()
        yield self.of("the public key as a secret", f"{shared}.{b64(made)}", "forged", "algorithm")
        for alg in ("ES256", "eddsa", "Ed25519ph", None):
            yield self.of(f"alg {alg}", now.token(body, now.header(alg=alg)), "forged", "algorithm")
        for name, value in {
            "crit": ["exp"],
            "jwk": Signer("k2").jwk,
            "jku": "https://elsewhere.example/jwks.json",
            "x5c": [],
            "b64": False,
            "zip": "DEF",
        }.items():
            yield self.of(f"header {name}", now.token(body, now.header(**{name: value})), "forged", "header")
        yield self.of("typ", now.token(body, now.header(typ="JWT")), "forged", "kind")
        yield self.of("no typ", now.token(body, now.header(typ=None)), "forged", "kind")
        yield self.of("cty", now.token(body, now.header(cty="vp")), "forged", "kind")
        yield self.of("no kid", now.token(body, now.header(kid=None)), "forged", "kind")
        twice = json.dumps(now.header()).replace('{"alg"', '{"alg": "none", "alg"').encode()
        yield self.of("a header twice", now.token(body, twice), "unreadable", "twice")

    def contents(self) -> Iterator[Case]:
        """What is signed, and is no certificate."""
        now = self.issuer.now
        twice = json.dumps(credential()).replace('"name":', '"validUntil": "2099-01-01T00:00:00Z", "name":').encode()
        yield self.of("a key twice", now.token(twice), "unreadable", "twice")
        yield self.of("no JSON", now.token(b"{"), "unreadable", "json")
        yield self.of("no object", now.token(b"[]"), "unreadable", "json")
        yield self.of("not a number", now.token(b'{"a": NaN}'), "unreadable", "json")
        yield self.of("not UTF-8", now.token(b'{"a": "\xff"}'), "unreadable", "json")
        own_list = now.token(status_list("revocation"))
        yield self.of("a list as a certificate", own_list, "unreadable", "not_a_certificate")
        yield self.of("no context", now.token(credential(**{"@context": None})), "unreadable", "shape")
        first = ["https://www.w3.org/2018/credentials/v1"]
        yield self.of("another model", now.token(credential(**{"@context": first})), "unreadable", "shape")
        plain = now.token(credential(type=["VerifiableCredential"]))
        yield self.of("no badge", plain, "unreadable", "not_a_certificate")

    def files(self) -> Iterator[Case]:
        """What is no file of ours."""
        token, other = self.token, self.issuer.now.token(credential(name="x"))
        others = {"nothing": b"", "words": b"hello", "zeros": b"\0" * 100, "a short PDF": b"%PDF-1.4\n%%EOF"}
        for name, raw in others.items():
            yield self.of(name, raw, "unreadable", "nothing")
        yield self.of("not signed", json.dumps(credential()), "unreadable", "unsigned")
        yield self.of("padded", f"{token}==", "unreadable", "nothing")
        yield self.of("four parts", f"{token}.e30", "unreadable", "nothing")
        yield self.of("very long", f"{token}{'A' * 70_000}", "unreadable", "jws")
        both = signing.pdf(token) + signing.pdf(other)
        yield self.of("two in a PDF", both, "unreadable", "several")

    def lists(self) -> Iterator[Case]:
        """Status lists that answer, and those that must not."""
        now, token = self.issuer.now, self.token

        def listed(name: str, status: str, detail: str = "", body: str = token, **lists: Any) -> Case:
            signed = {one: value if isinstance(value, str) else now.token(value) for one, value in lists.items()}
            snapshot = self.issuer.snapshot(**signed)
            return self.of(name, body, status, status, snapshot=snapshot, detail=detail)

        yield listed("withdrawn", "withdrawn", revocation=status_list("revocation", [7]))
        yield listed("suspended", "suspended", suspension=status_list("suspension", [7]))
        both = {one: status_list(one, [7]) for one in LISTS}
        yield listed("withdrawn while suspended", "withdrawn", **both)
        yield listed("the neighbours", "valid", revocation=status_list("revocation", [0, 6, 8, 15]))
        yield listed("withdrawn and expired", "withdrawn", body=now.token(credential(validUntil=iso(NOW))), **both)
        stranger = Signer("k2")
        forged = stranger.token(status_list("revocation"))
        yield listed("a forged list", "status_unknown", "bad_list", revocation=forged)
        elsewhere = Signer("k2", did="did:web:elsewhere.example")
        foreign = elsewhere.token(status_list("revocation", issuer=elsewhere.did))
        yield listed("a list of another issuer", "status_unknown", "bad_list", revocation=foreign)
        log = self.issuer.log.token(status_list("suspension"))
        yield listed("a list under the key of the log", "status_unknown", "bad_list", suspension=log)
        old = status_list("revocation", validUntil=iso(NOW))
        yield listed("an expired list", "status_unknown", "stale_list", revocation=old)
        coming = status_list("revocation", validFrom=iso(LATER + timedelta(hours=1)))
        yield listed("a list to come", "status_unknown", "stale_list", revocation=coming)
        swapped = {**status_list("suspension"), "id": LISTS["revocation"]}
        yield listed("a list for something else", "status_unknown", "other_list", revocation=swapped)
        moved = {**status_list("revocation"), "id": LISTS["suspension"]}
        yield listed("a list of another address", "status_unknown", "other_list", revocation=moved)
        huge = status_list("revocation", encoded=packed(size=64 * 1024 * 1024))
        yield listed("a list that grows", "status_unknown", "huge_list", revocation=huge)
        damaged = {"plain": "uAAAA", "cut": packed()[:-9], "other base": "z" + packed()[1:], "none": ""}
        for name, text in damaged.items():
            broken = status_list("revocation", encoded=text)
            yield listed(f"a list, {name}", "status_unknown", "bad_list", revocation=broken)
        for name, changes, detail in (
            ("out of range", {"statusListIndex": str(signing.BITS)}, "index"),
            ("below zero", {"statusListIndex": "-1"}, "entry"),
            ("in words", {"statusListIndex": "seven"}, "entry"),
            ("elsewhere", {"statusListCredential": "https://elsewhere.example/status/1"}, "no_list"),
            ("another kind", {"type": "StatusList2021Entry"}, "entry"),
        ):
            body = now.token(credential(credentialStatus=[entry("revocation", **changes), entry("suspension")]))
            yield listed(f"a place {name}", "status_unknown", detail, body)
        one = now.token(credential(credentialStatus=entry("suspension")))
        yield listed("no place for withdrawals", "status_unknown", "no_status", one)
        yield listed("no place at all", "status_unknown", "no_status", now.token(credential(credentialStatus=None)))

    def logs(self) -> Iterator[Case]:
        """Proofs that are of this certificate, and others."""
        log, token = self.issuer.log, self.token
        leaves = [b"a", b"b", signing.grant(token), b"d", b"e", b"f", b"g"]
        head = signing.checkpoint(log, leaves)

        def logged(name: str, text: str, reason: str = "valid", status: str = "forged", checkpoint: str = head) -> Case:
            right = "valid" if reason == "valid" else status
            snapshot = self.issuer.snapshot(checkpoint)
            return self.of(f"log: {name}", token, right, reason, snapshot=snapshot, proof=text)

        good = signing.proof(log, leaves, 2)
        yield logged("good", good)
        yield self.of("log: in a PDF", signing.pdf(token, good), "valid", "valid", snapshot=self.issuer.snapshot(head))
        for size in range(3, 18):
            some = leaves[:3] + [bytes([one]) for one in range(size - 3)]
            yield logged(f"a tree of {size}", signing.proof(log, some, 2), checkpoint="")
        yield logged("of another entry", signing.proof(log, [*leaves[:2], b"x"], 2), "proof")
        other = [*leaves[:2], signing.grant(token, credential="00" * 32)]
        yield logged("of another certificate", signing.proof(log, other, 2), "other_proof")
        renamed = [signing.grant(token, certificate="VCSC-26-0002-N")]
        yield logged("of another number", signing.proof(log, renamed, 0), "other_proof")
        yield logged("under a key that is not known", signing.proof(Signer("l9", "log"), leaves, 2))
        yield logged("cut", good[: len(good) // 3], "proof")
        yield logged("another place", good.replace("index 2", "index 3"), "proof")
        yield logged("beyond the tree", good.replace("index 2", "index 9"), "proof")
        yield logged("no entry", "\n".join(line for line in good.split("\n") if not line.startswith("extra ")), "proof")
        wrong = good.replace("\n7\n", "\n8\n")
        yield logged("another size", wrong, "proof")
        fork = signing.checkpoint(log, [*leaves[:6], b"another"])
        yield logged("two logs of one size", good, "two_logs", checkpoint=fork)


def flipped(token: str, bits: tuple[int, ...]) -> Iterator[str]:
    """The token with one byte changed: at each place, each of these bits."""
    raw = token.encode()
    for place in range(len(raw)):
        for bit in bits:
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            yield changed.decode("latin-1")


def as_plain(case: Case) -> dict[str, Any]:
    """The case for a checker that runs elsewhere."""
    return {
        "raw": base64.b64encode(case.raw).decode(),
        "snapshot": case.snapshot,
        "at": int(case.at.timestamp() * 1000),
        "proof": case.proof,
    }
