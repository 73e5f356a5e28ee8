"""The registry's own keys: made, rotated and retired by command, read from files or the environment, shown to all."""

from assessments.queries.keys import Identity, active, everyone, identity
from registry.keys.ring import KeyUnavailable, missing, place, signer, usual_identity

__all__ = [
    "Identity",
    "KeyUnavailable",
    "active",
    "everyone",
    "identity",
    "missing",
    "place",
    "signer",
    "usual_identity",
]
