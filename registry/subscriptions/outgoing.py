"""Sends a message to an address a stranger gave: to public addresses only, once, without following anything.

The name is looked up once; every address it has must be public, and the connection goes to one of those that were
looked at, so that a name cannot answer differently the second time. No redirect is followed, nothing of the answer but
its code is read, and the whole takes a few seconds at most.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

TIMEOUT = 8.0  # seconds for one step of the exchange
WHOLE = 15.0  # seconds for all of it, however slowly it drips
LONGEST_URL = 500
TLS = 443
FREE = 1024  # below stand services that are no webhook
TRANSLATED = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))

Address = IPv4Address | IPv6Address


class Refused(Exception):
    """The address is none that this site sends to; the message says why, for the log and the tests."""


class Failed(Exception):
    """Nothing arrived, or whoever is there did not say that it did; `gone` when it wants nothing more."""

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


@dataclass(frozen=True)
class Target:
    """Where a message goes: the address as it was given, and the one that its name led to."""

    parts: SplitResult
    port: int
    address: str


def checked(url: str, *, at_home: bool = False) -> SplitResult:
    """The parts of an address a webhook may have: https, a name, no password in it. Refused says what is wrong.

    `at_home` (a setting for trying out) lets http and this network pass.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("unreadable") from error
    if len(url) > LONGEST_URL or any(one.isspace() or not one.isprintable() for one in url):
        raise Refused("unreadable")
    if parts.scheme != "https" and not (at_home and parts.scheme == "http"):
        raise Refused("not https")
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("not a plain address")
    if port is not None and port != TLS and port < FREE and not at_home:
        raise Refused("port")
    return parts


def target(url: str, *, at_home: bool = False) -> Target:
    """Look a name up and choose where to go; Refused when any address of it is not public, Failed when it has none."""
    parts = checked(url, at_home=at_home)
    port = parts.port or (TLS if parts.scheme == "https" else 80)
    try:
        name = (parts.hostname or "").encode("idna").decode()
        answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Failed("no such name") from error
    found = [str(answer[4][0]) for answer in answers]
    private = [one for one in found if not is_public(ip_address(one.split("%")[0]))]
    if not found or (private and not at_home):
        raise Refused("not a public address")
    return Target(parts, port, found[0])


def is_public(address: Address) -> bool:
    """Whether an address is one of the open Internet: not of this machine, this network, a carrier's, a group."""
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        return is_public(inner)
    if isinstance(address, IPv6Address) and any(address in network for network in TRANSLATED):
        return False  # a private one may hide in these
    return address.is_global and not address.is_multicast and not address.is_reserved


def post(url: str, body: bytes, headers: Mapping[str, str], *, at_home: bool = False) -> None:
    """Post a message; returns when it was taken (2xx). Raises Refused or Failed."""
    where = target(url, at_home=at_home)
    connection = _Pinned(where)
    alarm = threading.Timer(WHOLE, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("POST", _path(where.parts), body, {**headers, "Host": _host(where), "Connection": "close"})
        code = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Failed(type(error).__name__) from error
    finally:
        alarm.cancel()
        connection.close()
    if connection.late:
        raise Failed("too slow")
    if not 200 <= code < 300:
        raise Failed(f"answered {code}", gone=code == 410)


class _Pinned(http.client.HTTPConnection):
    """A connection to one address that was looked at, with TLS for the name that was asked for."""

    def __init__(self, where: Target) -> None:
        super().__init__(where.parts.hostname or "", where.port, timeout=TIMEOUT)
        self.where = where
        self.late = False

    def connect(self) -> None:
        plain = socket.create_connection((self.where.address, self.where.port), TIMEOUT)
        self.sock = plain
        if self.where.parts.scheme == "https":
            context = ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self.sock = context.wrap_socket(
                plain, server_hostname=self.where.parts.hostname, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it, whatever it waits for: what was read by then is no answer."""
        self.late = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _host(where: Target) -> str:
    usual = 443 if where.parts.scheme == "https" else 80
    name = where.parts.netloc.rpartition("@")[2]
    return name if where.port != usual else name.removesuffix(f":{usual}")
