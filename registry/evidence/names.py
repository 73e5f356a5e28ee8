"""File names that strangers send, made fit to be shown, kept and offered for a download."""

import unicodedata

LONGEST = 150  # characters, extension included
LONGEST_EXTENSION = 10
FORBIDDEN = set('<>:"|?*')  # what Windows refuses in a name
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, writing direction, nothing assigned
NAMELESS = "tep"


def cleaned(name: str) -> str:
    """The name without a path, invisible or forbidden characters, in NFC, at most 150 characters; Vietnamese stays."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(" " if sign.isspace() else sign for sign in last if _visible(sign))
    kept = " ".join("".join("_" if sign in FORBIDDEN else sign for sign in seen).split()).strip(". ")
    stem, extension = _parts(kept)
    if not stem or stem.lower() in RESERVED:
        stem = f"{NAMELESS}-{stem}".rstrip("-")
    return stem[: LONGEST - len(extension)].rstrip(". ") + extension


def _visible(sign: str) -> bool:
    return sign in "\t\n\r" or unicodedata.category(sign) not in INVISIBLE


def _parts(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > LONGEST_EXTENSION:
        return name, ""
    return stem.rstrip(". "), f".{extension}"
