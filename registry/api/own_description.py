"""What the OpenAPI description says of a company's own data: the token, the scopes, the refusals."""

from typing import Any

from registry.api.own_operations import OwnOperation

SCHEME = "companyToken"

Data = dict[str, Any]


def security_schemes() -> Data:
    """How a program says who it is."""
    said = (
        "A token of 256 random bits that an owner of the company makes in the workspace. In this header only: a token "
        "in an address is refused and revoked, a cookie is refused."
    )
    return {SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "vcsc_...", "description": said}}


def security(one: OwnOperation) -> list[Data]:
    """What an operation asks for; the scope stands beside the scheme."""
    return [{SCHEME: [one.scope.value] if one.scope else []}]


def refusals(content: Data) -> Data:
    """Answers that only these addresses give."""
    challenge = {"description": "What is asked for (RFC 6750).", "schema": {"type": "string"}}
    return {
        "Unauthorized": {
            "description": "No token, or one that is wrong, expired or revoked.",
            "content": content,
            "headers": {"WWW-Authenticate": challenge},
        },
        "Forbidden": {
            "description": "The token may not read this; the header names the scope.",
            "content": content,
            "headers": {"WWW-Authenticate": challenge},
        },
    }


def references(one: OwnOperation) -> Data:
    """The refusals of an operation."""
    named = {"401": "Unauthorized"} | ({"403": "Forbidden"} if one.scope else {})
    return {code: {"$ref": f"#/components/responses/{name}"} for code, name in named.items()}
