"""Pages as they are written for the static copy: how a template knows, and the marks of its moment and its end."""

from flask import has_request_context, request

KEY = "registry.copy"  # in the environ of such a request; nobody outside can set a key without HTTP_ before it
AS_OF, AS_OF_ISO = "@copy:as-of@", "@copy:as-of:iso@"
UNTIL, UNTIL_ISO = "@copy:until@", "@copy:until:iso@"
MARKS = {"as_of": AS_OF, "as_of_iso": AS_OF_ISO, "until": UNTIL, "until_iso": UNTIL_ISO}


def copied() -> dict[str, str]:
    """The marks of the moment and the last day, on a page that is written for the copy; nothing on any other."""
    return MARKS if is_copied() else {}


def is_copied() -> bool:
    """Whether this page is being written for the copy."""
    return has_request_context() and bool(request.environ.get(KEY))
