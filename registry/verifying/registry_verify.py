#!/usr/bin/env python3
"""Checks a VCSC certificate on your own machine: the registry need not be asked, nor even be there.

Needs Python 3.11 or newer and one package:  pip install cryptography

  registry-verify.py https://HOST/c/VCSC-26-0001-K             fetch a certificate and what is needed, and check it
  registry-verify.py --registry https://HOST --save-snapshot snapshot.json       save what checking needs, for later
  registry-verify.py --snapshot snapshot.json certificate.pdf                  check without any network

A file may be the PDF, the .jwt, or JSON that holds the signed text. What is checked is the signed text alone: compare
what is printed here with the paper and the product in your hand. The pages of a PDF are not signed.

Whom you trust. A snapshot says who the issuer is (a name such as did:web:HOST) and which public keys are theirs; this
program believes it. So take the snapshot from the registry itself over https, and keep it. With --did you say which
issuer you accept, whatever the snapshot says; with --key you accept only certificates under keys that you know from
elsewhere: the "x" of a key in /.well-known/jwks.json, or its RFC 7638 thumbprint. Both may be given more than once.

The answer, and the exit code:
   0  valid            signed by the issuer, within its dates, neither suspended nor withdrawn as of the snapshot
   3  suspended        for the time being the certificate does not count
   4  expired          its last day has passed
   5  withdrawn        withdrawn, ended by the vendor, or replaced: it no longer counts
   6  not_yet_valid    its first day is still to come
   7  forged           the signature does not fit: made by somebody else, or altered afterwards
   8  unknown_key      signed with a key that is not (or was not then) one of the issuer's for certificates, or that
                       was lost to others since, where no proof shows that the issuer signed it before
   9  unreadable       no certificate found in it, or not one in the form that the issuer writes
  10  status_unknown   genuine and within its dates, but no list that holds now says whether it was withdrawn
   1  the network or a file failed;  2  wrong options
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NoReturn, TypeGuard
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VIET_NAM = timezone(timedelta(hours=7))  # legal days are days there; it has no summer time

MOST_FILE = 32 * 1024 * 1024  # bytes; far above what the registry writes, far below what hurts
MOST_TOKEN = 64 * 1024
MOST_LIST = 1024 * 1024  # bytes of an unpacked status list: eight million certificates
MOST_STREAMS = 5_000  # of a PDF that are looked at
MOST_PROOF = 64 * 1024
CLOCKS_DIFFER = timedelta(minutes=10)  # a list signed this moment is not refused by a clock that is slow

VALID, SUSPENDED, EXPIRED, WITHDRAWN = "valid", "suspended", "expired", "withdrawn"
NOT_YET, FORGED, UNKNOWN_KEY, UNREADABLE = "not_yet_valid", "forged", "unknown_key", "unreadable"
STATUS_UNKNOWN = "status_unknown"
# Exit code, and what the answer is called in Vietnamese and English.
ANSWERS = {
    VALID: (0, "Còn hiệu lực", "Valid"),
    SUSPENDED: (3, "Tạm đình chỉ", "Suspended"),
    EXPIRED: (4, "Hết hạn", "Expired"),
    WITHDRAWN: (5, "Đã thu hồi", "Withdrawn"),
    NOT_YET: (6, "Chưa đến ngày có giá trị", "Not valid yet"),
    FORGED: (7, "Giả hoặc đã bị sửa", "Forged or altered"),
    UNKNOWN_KEY: (8, "Khóa lạ", "Unknown key"),
    UNREADABLE: (9, "Không đọc được", "Cannot be read"),
    STATUS_UNKNOWN: (10, "Chưa rõ tình trạng", "Status unknown"),
}
FAILED = 1


class Refused(Exception):
    """Why something is not accepted: one of the answers, a code of SENTENCES, and what to fill in there."""

    def __init__(self, status: str, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.status, self.reason, self.values = status, reason, values


@dataclass(frozen=True)
class Jws:
    """A signed text taken apart; nothing of it is believed yet, and its content is not even read."""

    token: str
    header: dict[str, Any]
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is over."""
        return self.token.rpartition(".")[0].encode("ascii")


@dataclass(frozen=True)
class Key:
    """A public key of the issuer, and the time in which it signed."""

    did: str
    kid: str
    purpose: str
    public: bytes
    active_from: datetime
    retired_at: datetime | None
    log_origin: str
    lost_from: datetime | None = None  # from then on others may have signed with it

    def thumbprint(self) -> str:
        """RFC 7638: the hash of the key in its one canonical form."""
        return encoded(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{self.x}"}}'.encode()).digest())

    @property
    def x(self) -> str:
        """The public key as a JWK writes it."""
        return encoded(self.public)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature (Ed25519, RFC 8032)."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Snapshot:
    """What the registry said at one moment: its keys, its status lists, the head of its log."""

    as_of: datetime
    issuer: str
    keys: tuple[Key, ...]
    lists: dict[str, str]
    checkpoint: str


@dataclass(frozen=True)
class Trust:
    """Whose certificates are accepted: these issuers and, if any are named, these keys only."""

    dids: frozenset[str]
    keys: frozenset[str]


@dataclass
class Result:
    """The answer, with what the signed text says."""

    status: str
    reason: str
    values: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    credential: dict[str, Any] | None = None
    as_of: datetime | None = None
    log: dict[str, Any] | None = None


# --- reading, strictly: two ways to read one text are two texts ---


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding; one spelling only, so that no changed character goes unseen."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise Refused(UNREADABLE, "base64") from error
    if encoded(raw) != text:
        raise Refused(UNREADABLE, "base64")
    return raw


def strict_json(raw: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8 in which no key stands twice."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(UNREADABLE, "json") from error
    if not isinstance(value, dict):
        raise Refused(UNREADABLE, "json")
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused(UNREADABLE, "twice")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise Refused(UNREADABLE, "json")  # NaN and Infinity are no JSON


RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def moment(text: Any) -> datetime:
    """A date with time and zone (RFC 3339)."""
    if not isinstance(text, str) or not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", text, re.ASCII
    ):
        raise Refused(UNREADABLE, "date")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(UNREADABLE, "date") from error


def parse_jws(token: str) -> Jws:
    """A compact JWS (RFC 7515) of at most 64 KB."""
    parts = token.split(".")
    if len(token) > MOST_TOKEN or len(parts) != 3 or not all(parts) or not token.isascii():
        raise Refused(UNREADABLE, "jws")
    header, payload, signature = (decoded(part) for part in parts)
    return Jws(token, strict_json(header), payload, signature)


# --- what to check: a token, JSON around it, or a PDF with it inside ---

COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
STREAM = re.compile(rb">>\s{0,8}stream\r?\n")
PROOF_MARK = b"c2sp.org/tlog-proof@v1\n"


def contents(raw: bytes) -> tuple[str, str]:
    """The signed text in a file, and the log proof beside it or ""."""
    if len(raw) > MOST_FILE:
        raise Refused(UNREADABLE, "large")
    if raw[:1024].lstrip().startswith(b"%PDF-"):
        return _in_pdf(raw)
    text = raw.strip()
    if text.startswith(b"{"):
        return _in_json(text), ""
    if not COMPACT.fullmatch(text):
        raise Refused(UNREADABLE, "nothing")
    return text.decode("ascii"), ""


def _in_json(text: bytes) -> str:
    """The token of an EnvelopedVerifiableCredential, or under "jwt". A credential without signature proves nothing."""
    value = strict_json(text)
    held = str(value.get("id", "")).partition("data:application/vc+jwt,")[2] or value.get("jwt")
    if not isinstance(held, str):
        raise Refused(UNREADABLE, "unsigned")
    return held


def _in_pdf(raw: bytes) -> tuple[str, str]:
    """The attachments of a PDF that are a token or a proof, recognised by what they hold."""
    files = _attachments(raw)
    tokens = {one.strip().decode("ascii") for one in files if COMPACT.fullmatch(one.strip())}
    if len(tokens) != 1:
        raise Refused(UNREADABLE, "several" if tokens else "nothing")
    proofs = [one for one in files if one.startswith(PROOF_MARK)]
    return tokens.pop(), proofs[0].decode("utf-8", errors="replace") if proofs else ""


def _attachments(raw: bytes) -> list[bytes]:
    """The bytes of each embedded file, unpacked. PDFs are read no further than that."""
    found, position = [], 0
    for _ in range(MOST_STREAMS):
        begin = STREAM.search(raw, position)
        if begin is None:
            break
        position = raw.find(b"endstream", begin.end())
        position = len(raw) if position < 0 else position
        about = raw[max(raw.rfind(b" obj", 0, begin.start()), begin.start() - 4096, 0) : begin.start()]
        if b"/EmbeddedFile" in about:
            found.append(_stream(raw[begin.end() : position], packed=b"/FlateDecode" in about))
    return found


def _stream(raw: bytes, *, packed: bool) -> bytes:
    if not packed:
        return re.sub(rb"\r?\n\Z", b"", raw) if len(raw) <= 4 * MOST_TOKEN else b""
    try:
        return zlib.decompressobj().decompress(raw, 4 * MOST_TOKEN)
    except zlib.error:
        return b""


# --- the snapshot ---


def read_snapshot(raw: bytes) -> Snapshot:
    """What /verify/snapshot.json said. Raises Refused."""
    try:
        data = strict_json(raw)
        issuer = str(data["issuer"])
        keys = tuple(_key(one, issuer) for one in data["keys"]["keys"])
        lists = {str(url): str(token) for url, token in data["status_lists"].items()}
        known = data["format"] == 1
        as_of, checkpoint = moment(data["as_of"]), str(data.get("checkpoint") or "")
    except (Refused, KeyError, TypeError, AttributeError) as error:
        raise Refused(UNREADABLE, "snapshot") from error
    if not known:
        raise Refused(UNREADABLE, "snapshot")
    return Snapshot(as_of, issuer, keys, lists, checkpoint)


def _key(jwk: dict[str, Any], issuer: str) -> Key:
    public = decoded(str(jwk["x"]))
    if (jwk["kty"], jwk["crv"], len(public)) != ("OKP", "Ed25519", 32):
        raise Refused(UNREADABLE, "snapshot")
    did, _, kid = str(jwk["kid"]).rpartition("#")  # the full name, or the short one of a key of the issuer
    return Key(
        did=did or issuer,
        kid=kid,
        purpose=str(jwk["purpose"]),
        public=public,
        active_from=moment(jwk["active_from"]),
        retired_at=moment(jwk["retired_at"]) if jwk.get("retired_at") else None,
        log_origin=str(jwk.get("log_origin") or ""),
        lost_from=moment(jwk["compromised_from"]) if jwk.get("compromised_from") else None,
    )


# --- who signed it ---

HEADER = {"alg", "typ", "cty", "kid"}  # all that the issuer writes; anything more is somebody else's


def verified(jws: Jws, snapshot: Snapshot, trust: Trust) -> tuple[Key, dict[str, Any]]:
    """The issuer's key that signed it, and what it says: the issuer's own word. Raises Refused."""
    _check_header(jws.header)
    did, _, name = str(jws.header["kid"]).partition("#")
    if did not in trust.dids:
        raise Refused(UNKNOWN_KEY, "other_issuer", did=did[:200])
    key = next((one for one in snapshot.keys if (one.did, one.kid) == (did, name)), None)
    if key is None:
        raise Refused(UNKNOWN_KEY, "no_such_key", kid=name[:200])
    if not key.verifies(jws.signature, jws.signed):
        raise Refused(FORGED, "signature")
    _check_key(key, trust)
    payload = strict_json(jws.payload)
    issuer = payload.get("issuer")
    if (issuer.get("id") if isinstance(issuer, dict) else issuer) != did:
        raise Refused(FORGED, "wrong_issuer")
    return key, payload


def _check_key(key: Key, trust: Trust) -> None:
    """A key of the log signs no certificates, and whoever pins keys accepts no others."""
    if key.purpose != "assertion":
        raise Refused(UNKNOWN_KEY, "wrong_purpose", kid=key.kid)
    if trust.keys and not trust.keys & {key.x, key.thumbprint()}:
        raise Refused(UNKNOWN_KEY, "not_pinned", kid=key.kid)


def _check_header(header: dict[str, Any]) -> None:
    """The algorithm is fixed beforehand, never taken from the text; no key and no condition comes with it."""
    if header.get("alg") != "EdDSA":
        raise Refused(FORGED, "algorithm", alg=str(header.get("alg"))[:40])
    if set(header) - HEADER:
        raise Refused(FORGED, "header", names=", ".join(sorted(set(header) - HEADER))[:200])
    if header.get("typ") != "vc+jwt" or header.get("cty", "vc") != "vc" or not isinstance(header.get("kid"), str):
        raise Refused(FORGED, "kind")


def _is(value: Any, *wanted: str) -> bool:
    """Whether a type, or a list of types, is one of these."""
    return bool(set(wanted) & set(value if isinstance(value, list) else [value]))


# --- what it says ---


def check_credential(credential: dict[str, Any], key: Key) -> tuple[datetime, datetime]:
    """First and last moment of a certificate that this key was to sign when it did. Raises Refused."""
    context, kinds = credential.get("@context"), credential.get("type")
    if not isinstance(context, list) or context[:1] != ["https://www.w3.org/ns/credentials/v2"]:
        raise Refused(UNREADABLE, "shape")
    if not isinstance(kinds, list) or not all(isinstance(one, str) for one in kinds):
        raise Refused(UNREADABLE, "shape")
    if "VerifiableCredential" not in kinds or not _is(kinds, "OpenBadgeCredential", "AchievementCredential"):
        raise Refused(UNREADABLE, "not_a_certificate")
    begins, ends = moment(credential.get("validFrom")), moment(credential.get("validUntil"))
    signed = credential.get("iat")  # seconds, as JSON Web Tokens have it; what has none counts from its first day
    _check_key_time(key, datetime.fromtimestamp(signed, UTC) if _is_time(signed) else begins)
    return begins, ends


def _is_time(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and 0 < value < 2**33


def _check_key_time(key: Key, signed: datetime) -> None:
    """A key signs from its first day until it is retired; what it signed then stays good after it."""
    too_early = signed.astimezone(VIET_NAM).date() < key.active_from.astimezone(VIET_NAM).date()
    if too_early or (key.retired_at is not None and signed > key.retired_at):
        raise Refused(UNKNOWN_KEY, "not_in_use", kid=key.kid)
    if key.lost_from is not None and signed >= key.lost_from:
        raise Refused(UNKNOWN_KEY, "lost_key", kid=key.kid)


def _check_lost(key: Key, log: dict[str, Any] | None) -> None:
    """Whoever has a lost key can write any day into a certificate: only the log shows that the issuer signed it."""
    if key.lost_from is not None and log is None:
        raise Refused(UNKNOWN_KEY, "lost_key_unproven", kid=key.kid)


def facts_of(credential: dict[str, Any]) -> dict[str, str]:
    """What a person compares with the paper, as far as the signed text says it; _en is the English of the other."""
    subject, issuer = _dict(credential.get("credentialSubject")), _dict(credential.get("issuer"))
    product, vendor, level = (_dict(subject.get(name)) for name in ("product", "vendor", "level"))
    body = _dict(subject.get("issuingBody"))
    facts = {
        "number": str(credential.get("id", "")).rpartition("/")[2],
        "product": _joined(product.get("nameVi"), product.get("version")),
        "product_en": _joined(product.get("nameEn"), product.get("version")),
        "vendor": _joined(vendor.get("name")),
        "vendor_en": _joined(vendor.get("nameEn")),
        "platforms": _joined(*_list(subject.get("platforms"))),
        "level": _joined(level.get("vi")),
        "level_en": _joined(level.get("en")),
        "issuer": _joined(body.get("vi") or issuer.get("name")),
        "issuer_en": _joined(body.get("en")),
        "did": _joined(issuer.get("id") or credential.get("issuer")),
        "valid_from": _joined(credential.get("validFrom")),
        "valid_until": _joined(credential.get("validUntil")),
    }
    return {name: clean(value) for name, value in facts.items() if value}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _joined(*words: Any) -> str:
    return " ".join(word for word in words if isinstance(word, str))


def clean(text: str) -> str:
    """Without characters that move the cursor or turn the writing round."""
    return "".join(one if one.isprintable() else " " for one in text)[:500]


# --- whether it still counts ---


def status_of(credential: dict[str, Any], snapshot: Snapshot, trust: Trust, at: datetime) -> tuple[str, str]:
    """The answer of the status lists, and why it is not known. A withdrawal that one list shows needs no other list."""
    unknown = ""
    for purpose, answer in (("revocation", WITHDRAWN), ("suspension", SUSPENDED)):
        try:
            if any(_bit(entry, purpose, snapshot, trust, at) for entry in _entries(credential, purpose)):
                return answer, ""
        except Refused as refusal:
            unknown = unknown or refusal.reason
    return (STATUS_UNKNOWN, unknown) if unknown else (VALID, "")


def _entries(credential: dict[str, Any], purpose: str) -> list[dict[str, Any]]:
    """Where a certificate says that its status for a purpose stands; it has to say so for both."""
    said = credential.get("credentialStatus")
    listed = said if isinstance(said, list) else [said]
    found = [one for one in listed if isinstance(one, dict) and one.get("statusPurpose") == purpose]
    if not found:
        raise Refused(STATUS_UNKNOWN, "no_status")
    return found


def _bit(entry: dict[str, Any], purpose: str, snapshot: Snapshot, trust: Trust, at: datetime) -> bool:
    """Whether the list that an entry names has its bit set (Bitstring Status List 1.0, section 3.2)."""
    url, index = entry.get("statusListCredential"), entry.get("statusListIndex")
    if (
        entry.get("type") != "BitstringStatusListEntry"
        or not isinstance(index, str)
        or not re.fullmatch(r"[0-9]{1,9}", index)
    ):
        raise Refused(STATUS_UNKNOWN, "entry")
    if not isinstance(url, str) or url not in snapshot.lists:
        raise Refused(STATUS_UNKNOWN, "no_list")
    bits = _bits(_list_credential(url, purpose, snapshot, trust, at))
    byte, bit = divmod(int(index), 8)
    if byte >= len(bits):
        raise Refused(STATUS_UNKNOWN, "index")
    return bool(bits[byte] >> (7 - bit) & 1)  # index 0 is the leftmost bit


def _list_credential(url: str, purpose: str, snapshot: Snapshot, trust: Trust, at: datetime) -> dict[str, Any]:
    """The list as its signer wrote it: the issuer, for this address, for this purpose, at this time."""
    try:
        key, said = verified(parse_jws(snapshot.lists[url]), snapshot, trust)
        subject, begins, ends = said["credentialSubject"], said["validFrom"], said["validUntil"]
        genuine = said["id"] == url and _is(said["type"], "BitstringStatusListCredential")
        genuine = genuine and subject["type"] == "BitstringStatusList" and subject["statusPurpose"] == purpose
        genuine = genuine and key.lost_from is None
        current = moment(begins) <= at + CLOCKS_DIFFER and at <= moment(ends)
    except (Refused, KeyError, TypeError) as error:
        raise Refused(STATUS_UNKNOWN, "bad_list") from error
    if not genuine or subject.get("statusSize", 1) != 1:
        raise Refused(STATUS_UNKNOWN, "other_list")
    if not current:
        raise Refused(STATUS_UNKNOWN, "stale_list")
    return said


def _bits(credential: dict[str, Any]) -> bytes:
    """The list unpacked, up to a limit: a few bytes can be packed that grow to fill a machine."""
    text = str(credential["credentialSubject"].get("encodedList"))
    unpacking = zlib.decompressobj(wbits=31)  # gzip
    try:
        bits = unpacking.decompress(decoded(text[1:]), MOST_LIST + 1)
    except (zlib.error, Refused) as error:
        raise Refused(STATUS_UNKNOWN, "bad_list") from error
    if len(bits) > MOST_LIST:
        raise Refused(STATUS_UNKNOWN, "huge_list")
    if not text.startswith("u") or not unpacking.eof or unpacking.unused_data:
        raise Refused(STATUS_UNKNOWN, "bad_list")
    return bits


# --- the log: C2SP tlog-proof, signed notes, RFC 9162 ---


def check_proof(text: str, token: str, number: str, snapshot: Snapshot) -> dict[str, Any]:
    """Where the log holds this very certificate. Raises Refused with FORGED when the proof is of something else."""
    try:
        index, entry, path, note = _proof(text)
        origin, size, root = checkpoint(note, snapshot)
        body = strict_json(entry)
    except (ValueError, IndexError) as error:
        raise Refused(FORGED, "proof") from error
    except Refused as refusal:
        raise refusal if refusal.status == UNKNOWN_KEY else Refused(FORGED, "proof") from refusal
    if not included(hashlib.sha256(b"\0" + entry).digest(), index, size, path, root):
        raise Refused(FORGED, "proof")
    if (body.get("certificate"), body.get("credential")) != (number, hashlib.sha256(token.encode()).hexdigest()):
        raise Refused(FORGED, "other_proof")
    _same_tree(size, root, snapshot)
    return {"origin": origin, "index": index, "size": size, "kind": body.get("kind"), "at": body.get("at")}


def _proof(text: str) -> tuple[int, bytes, list[bytes], str]:
    """(index, entry, path, checkpoint) of a tlog-proof; the entry itself comes in its line "extra"."""
    head, _, note = text.partition("\n\n")
    mark, extra, index, *path = head.split("\n")
    found = re.fullmatch(r"index (0|[1-9][0-9]{0,17})", index)
    if len(text) > MOST_PROOF or f"{mark}\n".encode() != PROOF_MARK or not extra.startswith("extra ") or found is None:
        raise ValueError
    entry = base64.b64decode(extra.removeprefix("extra "), validate=True)
    return int(found[1]), entry, [base64.b64decode(line, validate=True) for line in path], note


def checkpoint(note: str, snapshot: Snapshot) -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint that a log key of the snapshot signed. Raises Refused or ValueError."""
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")[:3]
    mine = (one for one in snapshot.keys if one.purpose == "log" and one.log_origin == origin)
    known = {_note_key(one): one for one in mine if one.lost_from is None}
    for line in signatures.split("\n")[:64]:
        name, _, signature = line.removeprefix("— ").partition(" ")
        raw = base64.b64decode(signature, validate=True)
        key = known.get((name, raw[:4]))
        if key is None:
            continue
        if not key.verifies(raw[4:], f"{text}\n".encode()) or not re.fullmatch(r"0|[1-9][0-9]{0,17}", size):
            raise Refused(FORGED, "proof")
        return origin, int(size), base64.b64decode(root, validate=True)
    raise Refused(UNKNOWN_KEY, "log_key")


def _note_key(key: Key) -> tuple[str, bytes]:
    """Name and id under which a key signs notes."""
    return key.log_origin, hashlib.sha256(key.log_origin.encode() + b"\n\x01" + key.public).digest()[:4]


def _same_tree(size: int, root: bytes, snapshot: Snapshot) -> None:
    """The proof and the snapshot must not show two logs of one size."""
    if not snapshot.checkpoint:
        return
    try:
        _, other_size, other_root = checkpoint(snapshot.checkpoint, snapshot)
    except ValueError as error:
        raise Refused(FORGED, "two_logs") from error
    if size == other_size and root != other_root:
        raise Refused(FORGED, "two_logs")


def included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether the path leads from a leaf to the root."""
    if index >= size:
        return False
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = hashlib.sha256(b"\1" + step + found).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + step).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


# --- the whole check ---


def check(raw: bytes, snapshot: Snapshot, trust: Trust, at: datetime, proof: str = "") -> Result:
    """The answer for a file, as of a snapshot, at a moment. Asks nobody. Never raises for what is in the file."""
    result = Result(UNREADABLE, "nothing", as_of=snapshot.as_of)
    try:
        token, enclosed = contents(raw)
        key, said = verified(parse_jws(token), snapshot, trust)
        begins, ends = check_credential(said, key)
        result.facts, result.credential = facts_of(said), said
        _check_log(result, proof or enclosed, token, snapshot)
        _check_lost(key, result.log)
        result.status, detail = status_of(said, snapshot, trust, at)
        result.reason, result.values = result.status, {"detail": detail}
    except Refused as refusal:
        result.status, result.reason, result.values = refusal.status, refusal.reason, refusal.values
        return result
    if at < begins:
        result.status, result.reason = NOT_YET, "not_yet_valid"
    elif at > ends and result.status != WITHDRAWN:
        result.status, result.reason = EXPIRED, "expired"
    return result


def _check_log(result: Result, proof: str, token: str, snapshot: Snapshot) -> None:
    """A proof of this certificate is told; one under a log key that is not known is left alone; any other refuses."""
    if not proof:
        return
    try:
        result.log = check_proof(proof, token, result.facts["number"], snapshot)
    except Refused as refusal:
        if refusal.status != UNKNOWN_KEY:
            raise


# --- words ---

# One sentence a line: its code, Vietnamese, English.
SENTENCES = """
valid | Chữ ký đúng là của nơi cấp, giấy còn trong thời hạn và không có trong danh sách đình chỉ hay thu hồi. | Signed by the issuer, within its dates, and on neither the list of the suspended nor of the withdrawn.
suspended | Chữ ký đúng, nhưng giấy đang bị tạm đình chỉ: lúc này không có giá trị. | The signature is right, but the certificate is suspended: for now it does not count.
expired | Chữ ký đúng, nhưng ngày cuối của giấy đã qua. | The signature is right, but its last day has passed.
withdrawn | Chữ ký đúng, nhưng giấy đã thu hồi, đã chấm dứt hoặc đã thay bằng giấy mới: không còn giá trị. | The signature is right, but it was withdrawn, ended or replaced by a newer one: it no longer counts.
not_yet_valid | Chữ ký đúng, nhưng ngày đầu của giấy chưa tới. | The signature is right, but its first day is to come.
status_unknown | Chữ ký đúng và còn trong thời hạn, nhưng không biết giấy có bị đình chỉ hay thu hồi không: {detail} | Genuine and within its dates, but whether it was suspended or withdrawn is not known: {detail}
signature | Chữ ký không khớp với nội dung: giấy do người khác làm ra, hoặc đã bị sửa sau khi ký. | The signature does not fit the content: made by somebody else, or altered after it was signed.
algorithm | Ký bằng cách mà nơi cấp không dùng ({alg}). | Signed in a way that the issuer does not use ({alg}).
header | Phần đầu chứa điều mà nơi cấp không ghi: {names}. | Its header holds what the issuer never writes: {names}.
kind | Đây không phải là loại chữ ký của một giấy. | This is not the kind of signature that a certificate has.
wrong_issuer | Nơi cấp ghi trong giấy không phải là chủ của khóa. | The issuer that it names is not the owner of the key.
proof | Bằng chứng nhật ký đi kèm không đúng. | The log proof that comes with it is wrong.
other_proof | Bằng chứng nhật ký đi kèm là của giấy khác. | The log proof that comes with it is of something else.
two_logs | Bằng chứng và bản lưu cho thấy hai nhật ký khác nhau. | Proof and snapshot show two different logs.
other_issuer | Ký dưới tên khác: {did}. Không phải nơi cấp bạn tin. | Signed under another name: {did}, not the issuer you trust.
no_such_key | Nơi cấp không có khóa nào tên {kid}. | The issuer has no key called {kid}.
wrong_purpose | Khóa {kid} không dùng để ký giấy. | The key {kid} is not for certificates.
not_pinned | Khóa {kid} không nằm trong số khóa bạn chấp nhận. | The key {kid} is not one that you accept.
not_in_use | Khóa {kid} chưa dùng hoặc đã thôi dùng vào ngày đó. | The key {kid} was not in use on that day.
lost_key | Khóa {kid} đã lọt ra ngoài trước lúc ký: người khác có thể đã ký. Hãy lấy bản mới của giấy ở sổ đăng ký. | The key {kid} was lost to others before this was signed: others may have signed it. Take a new copy from the registry.
lost_key_unproven | Khóa {kid} đã lọt ra ngoài, và không có bằng chứng nhật ký rằng nơi cấp đã ký giấy này. Hãy lấy bản mới ở sổ đăng ký. | The key {kid} was lost to others, and no log proof shows that the issuer signed this. Take a new copy from the registry.
large | Tệp quá lớn. | The file is too large.
nothing | Không thấy giấy nào trong tệp này. | There is no certificate in this file.
several | Trong tệp có nhiều giấy khác nhau. | There are several different certificates in this file.
unsigned | Tệp JSON này không có chữ ký nên không chứng tỏ được gì. Hãy dùng tệp PDF hoặc .jwt. | This JSON has no signature and proves nothing. Take the PDF or the .jwt.
jws | Nội dung không có dạng của một giấy đã ký. | The content does not have the form of something signed.
base64 | Nội dung bị hỏng: có ký tự không đúng. | The content is damaged: a character is wrong.
json | Nội dung bị hỏng: không phải JSON. | The content is damaged: it is no JSON.
twice | Một mục được ghi hai lần trong nội dung. | Something stands twice in the content.
date | Giấy ghi một ngày không đọc được. | It holds a date that cannot be read.
shape | Nội dung không theo mẫu của nơi cấp. | The content is not in the form that the issuer uses.
not_a_certificate | Có chữ ký của nơi cấp, nhưng đây không phải là giấy. | Signed by the issuer, but no certificate.
snapshot | Không đọc được bản lưu. | The snapshot cannot be read.
no_status | giấy không ghi danh sách nào | it names no list
entry | giấy ghi vị trí không đọc được | its place in a list cannot be read
no_list | bản lưu không có danh sách của giấy này | the snapshot does not hold its list
bad_list | danh sách bị hỏng hoặc không do nơi cấp ký | the list is damaged or not signed by the issuer
other_list | danh sách là của việc khác | the list is about something else
stale_list | danh sách không còn mới vào lúc này; hãy lấy bản lưu mới | the list does not hold at this time; take a new snapshot
huge_list | danh sách quá lớn | the list is too large
index | vị trí của giấy nằm ngoài danh sách | its place is outside the list
number | Số | Number
product | Sản phẩm | Product
vendor | Nhà cung cấp | Vendor
platforms | Nền tảng | Platforms
level | Mức | Level
issuer | Nơi cấp | Issuer
did | Tên khóa của nơi cấp | Name of the issuer's keys
valid_from | Giá trị từ ngày | Valid from
valid_until | Giá trị đến hết ngày | Valid to the end of
log | Nhật ký công khai: mục {index} trong {size} | Public log: entry {index} of {size}
as_of | Tình trạng tính đến: {when} (giờ Việt Nam) | As of: {when} (Viet Nam time)
compare | So các dòng trên với tờ giấy và sản phẩm bạn đang cầm; các trang của tệp PDF không được ký. | Compare these lines with the paper and the product in your hand; the pages of a PDF are not signed.
"""
SAID = {line.split(" | ")[0]: line.split(" | ")[1:] for line in SENTENCES.strip().split("\n")}
FACTS = ("number", "product", "vendor", "platforms", "level", "issuer", "did", "valid_from", "valid_until")


def explained(result: Result, language: int) -> str:
    """The reason as a sentence: language 0 is Vietnamese, 1 is English."""
    values = {name: clean(value) for name, value in result.values.items()}
    if values.get("detail"):
        values["detail"] = SAID[values["detail"]][language]
    return SAID[result.reason][language].format(**values)


def written(result: Result, language: int) -> str:
    """The answer for people."""
    lines = [f"{ANSWERS[result.status][1 + language]}: {explained(result, language)}"]
    for name in FACTS:
        english = result.facts.get(f"{name}_en") if language else None
        if value := english or result.facts.get(name):
            lines.append(
                f"  {SAID[name][language]}: {_local(value, '%d/%m/%Y') if name.startswith('valid_') else value}"
            )
    if result.log:
        lines.append(f"  {SAID['log'][language].format(**result.log)}")
    if result.as_of:
        lines.append(f"  {SAID['as_of'][language].format(when=_local(result.as_of.isoformat(), '%d/%m/%Y %H:%M'))}")
    if result.facts:
        lines.append(SAID["compare"][language])
    return "\n".join(lines)


def _local(text: str, pattern: str) -> str:
    return datetime.fromisoformat(text).astimezone(VIET_NAM).strftime(pattern)


def described(result: Result, language: int) -> str:
    """The answer for machines; keys once published stay."""
    data = {
        "format": 1,
        "status": result.status,
        "exit_code": ANSWERS[result.status][0],
        "reason": result.reason,
        "detail": result.values.get("detail", ""),
        "text": explained(result, language),
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "facts": result.facts,
        "credential": result.credential,
        "log": result.log,
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


# --- the command line ---


def fetched(url: str, *, missing: bool = False) -> bytes:
    """What an address answers, up to a limit; b"" for a 404 that may be. https, or this machine itself."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}):
        raise OSError(f"{url}: https://")
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310  the scheme was looked at
            body: bytes = answer.read(MOST_FILE + 1)
    except urllib.error.HTTPError as error:
        if missing and error.code == 404:
            return b""
        raise
    return body


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What was asked for; ends with code 2 when it makes no sense."""
    opening, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=opening, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("certificate", nargs="?", help="a file (PDF, .jwt, JSON), - for standard input, or an address")
    parser.add_argument(
        "--snapshot", type=Path, metavar="FILE", help="check against this snapshot, without any network"
    )
    parser.add_argument("--save-snapshot", type=Path, metavar="FILE", help="fetch a snapshot and keep it")
    parser.add_argument("--registry", metavar="URL", help="where to fetch the snapshot, such as https://HOST")
    parser.add_argument("--did", action="append", default=[], help="the issuer you accept (default: the snapshot's)")
    parser.add_argument("--key", action="append", default=[], help="a key you accept: its x, or its thumbprint")
    parser.add_argument("--proof", type=Path, metavar="FILE", help="the log proof, where it does not lie in the PDF")
    parser.add_argument("--at", type=_day, metavar="DATE", help="judge at noon of this day in Viet Nam, not now")
    parser.add_argument("--json", action="store_true", help="answer for machines")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    options = parser.parse_args(given)
    if not options.certificate and not options.save_snapshot:
        parser.error("nothing to check")
    if not (options.snapshot or options.registry or _is_address(options.certificate)):
        parser.error(
            "a file needs --snapshot FILE or --registry URL: who the issuer is cannot come from the file itself"
        )
    return options


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(hour=12, tzinfo=VIET_NAM).astimezone(UTC)


def _is_address(text: str | None) -> bool:
    return bool(text) and str(text).startswith(("https://", "http://"))


def _snapshot(options: argparse.Namespace) -> bytes:
    if options.snapshot:
        saved: bytes = options.snapshot.read_bytes()
        return saved
    parts = urlsplit(options.registry or options.certificate)
    raw = fetched(f"{parts.scheme}://{parts.netloc}/verify/snapshot.json")
    if options.save_snapshot:
        read_snapshot(raw)
        options.save_snapshot.write_bytes(raw)
    return raw


def _certificate(options: argparse.Namespace) -> tuple[bytes, str]:
    """What to check, and the proof that lies beside it."""
    proof = options.proof.read_text("utf-8") if options.proof else ""
    if options.certificate == "-":
        return sys.stdin.buffer.read(MOST_FILE + 1), proof
    if not _is_address(options.certificate):
        with Path(options.certificate).open("rb") as file:
            return file.read(MOST_FILE + 1), proof
    address = options.certificate.partition("?")[0].partition("#")[0]
    stem = re.sub(r"\.(jwt|json|pdf|svg|proof)$", "", address)
    proof = proof or fetched(f"{stem}.proof", missing=True).decode("utf-8", errors="replace")
    return fetched(address if address.endswith(".pdf") else f"{stem}.jwt"), proof


def main(given: list[str] | None = None) -> int:
    """Run the command; the exit code is the answer."""
    options = arguments(given)
    language = ("vi", "en").index(options.lang)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # always a text stream here
    try:
        snapshot = read_snapshot(_snapshot(options))
        if not options.certificate:
            return 0
        raw, proof = _certificate(options)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except Refused as refusal:
        sys.stderr.write(f"{SAID[refusal.reason][language]}\n")
        return FAILED
    dids = frozenset(options.did) or frozenset({snapshot.issuer, *(one.did for one in snapshot.keys)})
    result = check(raw, snapshot, Trust(dids, frozenset(options.key)), options.at or datetime.now(UTC), proof)
    sys.stdout.write((described if options.json else written)(result, language) + "\n")
    return ANSWERS[result.status][0]


if __name__ == "__main__":
    sys.exit(main())
