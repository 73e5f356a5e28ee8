"""The document in which an application's words travel: written by the self-check, read when a draft is filled."""

from collections.abc import Mapping
from typing import Any

FORMAT = "vcsc-application"
VERSION = 1


def document(edition_id: str, profile: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Profile and answers as one JSON-ready object.

    `profile` has fields of Application.profile, `answers` a claim, a "not applicable" or a self_score by the code of
    the criterion; every key of both may be left out.
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "edition": edition_id,
        "profile": dict(profile),
        "answers": {code: dict(answer) for code, answer in answers.items()},
    }
