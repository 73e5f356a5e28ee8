"""An issuer of the tests' own: keys, credentials, status lists, a log and a snapshot in the registry's formats."""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fpdf import FPDF

HOST = "registry.example"
DID = f"did:web:{HOST}"
ORIGIN = f"{HOST}/log"
NUMBER = "VCSC-26-0001-K"
NOW = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
BITS = 131_072
LISTS = {purpose: f"https://{HOST}/status/{purpose}-1" for purpose in ("revocation", "suspension")}


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def iso(when: datetime) -> str:
    """As the registry writes moments."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass
class Signer:
    """A key pair of an issuer, and what the registry says of it."""

    kid: str
    purpose: str = "assertion"
    did: str = DID
    active_from: datetime = NOW - timedelta(days=400)
    retired_at: datetime | None = None
    lost_from: datetime | None = None
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self.private.public_key().public_bytes_raw()

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key as the snapshot has it."""
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": b64(self.public),
            "kid": f"{self.did}#{self.kid}",
            "use": "sig",
            "alg": "EdDSA",
            "purpose": self.purpose,
            "active_from": iso(self.active_from),
            "retired_at": iso(self.retired_at) if self.retired_at else None,
            "compromised_from": iso(self.lost_from) if self.lost_from else None,
            "log_origin": ORIGIN,
        }

    def header(self, **changes: Any) -> dict[str, Any]:
        """The header that the registry writes; None takes a member away."""
        header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": f"{self.did}#{self.kid}", **changes}
        return {name: value for name, value in header.items() if value is not None}

    def token(self, payload: Mapping[str, Any] | bytes, header: Mapping[str, Any] | bytes | None = None) -> str:
        """A compact JWS over a payload."""
        head = header if isinstance(header, bytes) else json.dumps(header or self.header()).encode()
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        signed = f"{b64(head)}.{b64(body)}"
        return f"{signed}.{b64(self.private.sign(signed.encode()))}"


def credential(**changes: Any) -> dict[str, Any]:
    """A certificate in the Open Badges shape; None takes a member away."""
    payload = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"https://{HOST}/c/{NUMBER}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{NUMBER}: Đèn Nhà 5.2",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Câu lạc bộ"},
        "validFrom": "2026-11-21T17:00:00Z",
        "validUntil": "2028-11-21T16:59:59Z",
        "iat": int((NOW - timedelta(days=3)).timestamp()),
        "credentialSubject": {
            "id": f"https://{HOST}/products/den-nha",
            "type": ["AchievementSubject"],
            "achievement": {"id": f"https://{HOST}/criteria/vcsc-2026#L1", "type": ["Achievement"], "name": "Đạt"},
            "number": NUMBER,
            "vendor": {"name": "Công ty CP Hạt Nắng", "nameEn": "Hat Nang JSC"},
            "product": {"nameVi": "Đèn Nhà", "nameEn": "Home Lamp", "version": "5.2"},
            "platforms": ["android", "ios"],
            "level": {"code": "L1", "rank": 1, "vi": "Đạt", "en": "Meets the criteria"},
            "issuingBody": {"vi": "Câu lạc bộ", "en": "The club"},
        },
        "credentialStatus": [entry("revocation"), entry("suspension")],
    }
    return {name: value for name, value in {**payload, **changes}.items() if value is not None}


def entry(purpose: str, index: int = 7, **changes: Any) -> dict[str, Any]:
    """Where a certificate stands in a list."""
    return {
        "id": f"{LISTS[purpose]}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": LISTS[purpose],
        **changes,
    }


def packed(bits: Sequence[int] = (), size: int = BITS) -> str:
    """An encoded list in which these bits are set."""
    raw = bytearray(size // 8)
    for bit in bits:
        raw[bit // 8] |= 128 >> bit % 8
    return "u" + b64(gzip.compress(bytes(raw), mtime=0))


def status_list(purpose: str, bits: Sequence[int] = (), encoded: str | None = None, **changes: Any) -> dict[str, Any]:
    """A list as the registry signs it."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LISTS[purpose],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": iso(NOW),
        "validUntil": iso(NOW + timedelta(days=7)),
        "credentialSubject": {
            "id": f"{LISTS[purpose]}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": packed(bits) if encoded is None else encoded,
        },
        **changes,
    }


def _lost(kid: str, purpose: str = "assertion") -> Signer:
    """A key that was lost to others ten days ago, and found lost yesterday."""
    return Signer(kid, purpose, retired_at=NOW - timedelta(days=1), lost_from=NOW - timedelta(days=10))


@dataclass
class Issuer:
    """Whoever issues: a key that signs, one that is retired, one of the log, and those that were lost to others."""

    now: Signer = field(default_factory=lambda: Signer("k2", active_from=NOW - timedelta(days=30)))
    retired: Signer = field(default_factory=lambda: Signer("k1", retired_at=NOW - timedelta(days=30)))
    log: Signer = field(default_factory=lambda: Signer("l1", "log"))
    lost: Signer = field(default_factory=lambda: _lost("k0"))
    lost_log: Signer = field(default_factory=lambda: _lost("l0", "log"))

    def snapshot(self, checkpoint: str = "", **lists: str) -> dict[str, Any]:
        """What /verify/snapshot.json says."""
        signed = {purpose: lists.get(purpose) or self.now.token(status_list(purpose)) for purpose in LISTS}
        return {
            "format": 1,
            "as_of": iso(NOW),
            "issuer": DID,
            "keys": {"keys": [one.jwk for one in (self.now, self.retired, self.log, self.lost, self.lost_log)]},
            "status_lists": {LISTS[purpose]: token for purpose, token in signed.items()},
            "checkpoint": checkpoint,
            "log_key": vkey(self.log),
        }


# --- a log, by the definition of RFC 9162 and not by the way that the registry does it ---


def note_id(signer: Signer) -> bytes:
    """The first four bytes of a note's signature."""
    return hashlib.sha256(f"{ORIGIN}\n".encode() + b"\x01" + signer.public).digest()[:4]


def vkey(signer: Signer) -> str:
    """The key of the log as signed notes write it."""
    return f"{ORIGIN}+{note_id(signer).hex()}+{base64.b64encode(bytes([1]) + signer.public).decode()}"


def tree(leaves: Sequence[bytes]) -> bytes:
    """The root over some entries."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from an entry to the root."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*path(leaves[:split], index), tree(leaves[split:])]
    return [*path(leaves[split:], index - split), tree(leaves[:split])]


def checkpoint(signer: Signer, leaves: Sequence[bytes]) -> str:
    """The signed head of a log."""
    text = f"{ORIGIN}\n{len(leaves)}\n{base64.b64encode(tree(leaves)).decode()}\n"
    signature = note_id(signer) + signer.private.sign(text.encode())
    return f"{text}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def grant(token: str, **changes: Any) -> bytes:
    """The entry of a certificate in the log."""
    body = {
        "format": 1,
        "kind": "grant",
        "at": "2026-11-22T01:00:00.000000+00:00",
        "certificate": NUMBER,
        "revision": 1,
        "credential": hashlib.sha256(token.encode()).hexdigest(),
        "status": "active",
        **changes,
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def proof(signer: Signer, leaves: Sequence[bytes], index: int) -> str:
    """A tlog-proof of an entry."""
    lines = [base64.b64encode(one).decode() for one in path(leaves, index)]
    extra = base64.b64encode(leaves[index]).decode()
    opening = "\n".join(["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {index}", *lines])
    return f"{opening}\n\n{checkpoint(signer, leaves)}"


# --- paper ---


def pdf(token: str, log_proof: str = "", *, compress: bool = False) -> bytes:
    """A certificate on paper, with its signed text inside."""
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=16)
    paper.cell(text=f"Certificate {NUMBER}")
    files = {f"{NUMBER}.jwt": token.encode(), f"{NUMBER}.json": json.dumps({"number": NUMBER}).encode()}
    if log_proof:
        files[f"{NUMBER}.proof"] = log_proof.encode()
    for name, content in files.items():
        paper.embed_file(bytes=content, basename=name, compress=compress)
    return bytes(paper.output())


def viet_nam(day: str) -> datetime:
    """Noon of a day in Viet Nam."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=timezone(timedelta(hours=7)))
