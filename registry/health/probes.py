"""How a request looks to the site, told only to whoever proves to have its SECRET_KEY: the doctor."""

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

PURPOSE = "doctor's probe"
HOLDS = 60  # seconds
KIND = "Probe "


def signed(secret_key: str) -> str:
    """A proof that one has the key now."""
    return URLSafeTimedSerializer(secret_key, salt=PURPOSE).dumps("probe")


def seen() -> dict[str, dict[str, str]]:
    """Scheme, host, address and what the proxies said, for whoever brings a proof; nothing for everybody else."""
    given = request.headers.get("Authorization", "")
    if not given.startswith(KIND):
        return {}
    try:
        signer = URLSafeTimedSerializer(str(current_app.secret_key), salt=PURPOSE)
        signer.loads(given.removeprefix(KIND), max_age=HOLDS)
    except BadSignature:
        return {}
    return {
        "seen": {
            "scheme": request.scheme,
            "host": request.host,
            "address": request.remote_addr or "",
            "forwarded": request.headers.get("X-Forwarded-For", ""),
        }
    }
