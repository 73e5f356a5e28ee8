"""What every page of a copy stands on besides its rows: the program, the settings, the club, editions and guides."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from sqlmodel import Session, SQLModel

from assessments.clock import today
from assessments.queries import editions, guides, identities, open_data
from criteria.digest import digest
from registry import keys
from registry.config import Settings

ROOT = Path(__file__).parent.parent.parent
PARTS = ("criteria", "assessments", "registry", "templates")
SAID = ("public_url", "demonstration", "office_email", "issuer_vi", "issuer_en", "licence", "licence_url", "wording")
SAID_TOO = ("site_name_vi", "site_name_en", "security_contact", "security_txt_days", "publish_days")


def basis_of(session: Session) -> dict[str, Any]:
    """The legal day, the revision of the catalogue, the length of the log, who signs it, and a hash of all the rest."""
    standing = open_data.standing(session)
    return {
        "day": today().isoformat(),
        "revision": standing.revision,
        "log": standing.log,
        "keys": hashlib.sha256(" ".join(one.kid for one in keys.everyone(session)).encode()).hexdigest()[:16],
        "rest": _rest(session, current_app.config["SETTINGS"]),
    }


def _rest(session: Session, settings: Settings) -> str:
    club = [_written(one) for one in identities.everything(session)]
    public = [digest(one) for one in editions.public(editions.publications(session))]
    written = [_written(one.publication) for one in guides.standings(session)]
    said = [str(getattr(settings, name)) for name in (*SAID, *SAID_TOO)]
    measure = repr((program(), club, public, written, said))
    return hashlib.sha256(measure.encode()).hexdigest()[:32]


def _written(row: SQLModel) -> str:
    return json.dumps(row.model_dump(mode="json"), sort_keys=True)


@cache
def program() -> str:
    """One hash of the files that this program is made of."""
    found = hashlib.sha256()
    for path in sorted(one for part in PARTS for one in (ROOT / part).rglob("*") if _counts(one)):
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
