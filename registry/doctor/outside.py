"""What the site talks to and what stands in front of it: mail server, scanner, proxy, certificate of TLS."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from json import JSONDecodeError, loads
from urllib.parse import unquote, urlsplit

from flask import current_app

from assessments.clock import now
from registry import scanner
from registry.doctor.findings import Asked, Finding, doubtful, well, wrong
from registry.doctor.settings import settings
from registry.health import probes

PATIENCE = 8  # seconds
DONE = 250  # what a mail server says to NOOP
CLAIMED = "203.0.113.77"  # of the block for documentation (RFC 5737): nobody's address
SOON, LATE = timedelta(days=21), timedelta(days=5)


def mail(_asked: Asked) -> Iterator[Finding]:
    """The mail server takes a connection and says that it is there (NOOP); no letter is sent."""
    url = urlsplit(settings().mail_url)
    if url.scheme == "file":
        yield well("mail server", "None is set up: letters go into a folder.")
        return
    try:
        with _connected(url.scheme, url.hostname or "localhost", url.port) as server:
            if url.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            code, _ = server.noop()
    except (OSError, smtplib.SMTPException) as error:
        said = f"{url.hostname}: {type(error).__name__}."
        yield wrong("mail server", said, "Look at MAIL_URL: name, port, password; and whether a firewall is between.")
        return
    if code == DONE:
        yield well("mail server", f"{url.hostname} answers.")
    else:
        yield wrong("mail server", f"{url.hostname} answers {code}.", "Ask whoever runs it.")


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or 587, timeout=PATIENCE)


def harmful(_asked: Asked) -> Iterator[Finding]:
    """The malware scanner answers, where one is set up."""
    url = settings().clamd_url
    if not url:
        mend = "Install clamav-daemon and set CLAMD_URL; see docs/operations.md."
        yield doubtful("scanner", "None is set up: files are read unscanned.", mend)
        return
    try:
        alive = scanner.Scanner(url, scanner.Patience(connect=3, answer=PATIENCE)).ping()
    except scanner.Unreachable as error:
        yield wrong("scanner", f"{url}: {error}.", "systemctl restart clamav-daemon; new files wait until it answers.")
        return
    if alive:
        yield well("scanner", "It answers.")
    else:
        yield wrong("scanner", f"{url} is there, and is no clamd.", "Look at CLAMD_URL.")


def front(asked: Asked) -> Iterator[Finding]:
    """Asks PUBLIC_URL itself, and has the site say how that request looked: the plausibility of PROXY_HOPS."""
    if not asked.outside:
        return
    try:
        code, body = _seen(asked)
    except (OSError, HTTPException) as error:
        said = f"{settings().public_url} cannot be reached from here: {error}."
        yield wrong("front", said, "Is the web process running, the proxy, the name in DNS, the port in the firewall?")
        return
    if code != 200 or "seen" not in body:
        said = f"{settings().public_url} answers {code}, and not as this site with this SECRET_KEY would."
        yield wrong("front", said, "Does the proxy lead here, and do all processes have the same settings?")
        return
    yield from _judged(body["seen"])


def _seen(asked: Asked) -> tuple[int, dict[str, dict[str, str]]]:
    """What /healthz says to somebody who proves to have the SECRET_KEY, and claims to come from elsewhere."""
    url = urlsplit(settings().public_url)
    connection = _line(url.scheme, url.hostname or "", url.port, asked)
    try:
        proof = probes.signed(str(current_app.secret_key))
        headers = {"Authorization": f"Probe {proof}", "X-Forwarded-For": CLAIMED, "Connection": "close"}
        connection.request("GET", "/healthz", headers=headers)
        answer = connection.getresponse()
        text = answer.read(10_000)
    finally:
        connection.close()
    try:
        found = loads(text)
    except (JSONDecodeError, UnicodeDecodeError):
        found = {}
    return answer.status, found if isinstance(found, dict) else {}


def _line(scheme: str, host: str, port: int | None, asked: Asked) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=PATIENCE, context=_trusting(asked))
    return HTTPConnection(host, port, timeout=PATIENCE)


def _judged(seen: dict[str, str]) -> Iterator[Finding]:
    wanted, hops = settings().public_url.split(":")[0], settings().proxy_hops
    named = [one for one in seen.get("forwarded", "").split(",") if one.strip()]
    if seen.get("address") == CLAIMED:
        said = f"A visitor can claim any address: PROXY_HOPS={hops} is more than there are proxies, or they pass it on."
        yield wrong("proxies", said, "Lower PROXY_HOPS, or have the proxy set X-Forwarded-For by itself.")
    elif seen.get("scheme") != wanted:
        said = f"The site believes to be asked over {seen.get('scheme')}, and is asked over {wanted}."
        yield wrong("proxies", said, "Set PROXY_HOPS, and have the proxy send X-Forwarded-Proto.")
    elif len(named) < hops:
        said = f"PROXY_HOPS is {hops}, and only {len(named)} proxies name a visitor."
        yield wrong("proxies", said, f"Set PROXY_HOPS={len(named)}.")
    elif hops == 0 and seen.get("forwarded", "") not in {"", CLAIMED}:
        said = "There is a proxy in front, and PROXY_HOPS is 0: every visitor looks like that proxy."
        yield wrong("proxies", said, "Set PROXY_HOPS=1.")
    else:
        yield well("proxies", "The site sees visitors as they come.")


def certificate(asked: Asked) -> Iterator[Finding]:
    """The certificate of TLS is trusted, has the right name, and is good for some time."""
    url = urlsplit(settings().public_url)
    if url.scheme != "https" or not asked.outside:
        return
    try:
        with (
            socket.create_connection((url.hostname or "", url.port or 443), PATIENCE) as line,
            _trusting(asked).wrap_socket(line, server_hostname=url.hostname) as safe,
        ):
            until = _end_of(safe.getpeercert())
    except ssl.SSLCertVerificationError as error:
        said = f"It is refused: {error.verify_message}"
        yield wrong("TLS certificate", said, "Renew it (certbot renew, or caddy reload), with the name of PUBLIC_URL.")
        return
    except OSError as error:
        yield wrong("TLS certificate", f"It could not be asked for: {error}.", "See the line about the front.")
        return
    left = until - now()
    mend = "It should have been renewed by itself: systemctl status certbot.timer, or Caddy's journal."
    if left < SOON:
        level = wrong if left < LATE else doubtful
        yield level("TLS certificate", f"It ends on {until:%Y-%m-%d}, in {left.days} days.", mend)
    else:
        yield well("TLS certificate", f"It is good until {until:%Y-%m-%d}.")


def _end_of(found: object) -> datetime:
    said = found.get("notAfter") if isinstance(found, dict) else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(said)), UTC)


def _trusting(asked: Asked) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if asked.authorities:
        context.load_verify_locations(asked.authorities)
    return context
