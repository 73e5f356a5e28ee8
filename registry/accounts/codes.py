"""One-time codes from an app on a phone (RFC 6238): six digits, thirty seconds, each accepted once."""

import hmac
from uuid import UUID

import pyotp
from markupsafe import Markup
from sqlmodel import Session, col, update

from assessments.clock import now
from registry import sealed
from registry.accounts.factor_models import CodeSecret
from registry.accounts.models import User

SECONDS = 30
DIGITS = 6
BESIDE = 1  # steps before and after that count too: clocks of phones are never quite right


def new_secret() -> str:
    """A secret for an app: 160 bits, as base32."""
    return pyotp.random_base32()


def address(secret: str, user: User, issuer: str) -> str:
    """What the picture says to the app."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(name=user.email, issuer_name=issuer)


def picture(text: str) -> Markup:
    """The same drawn in the page, light on every theme so that cameras read it."""
    import segno  # noqa: PLC0415  few pages show one

    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))  # noqa: S704  our own drawing


def in_groups(secret: str) -> str:
    """A secret as somebody copies it by hand."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def hide(secret: str, root: str) -> str:
    """A secret on its way through the form that sets it up: readable for the session it was made in only."""
    return sealed.ring(sealed.ONE_TIME_CODES).seal(secret, f"draft:{root}")


def reveal(hidden: str, root: str) -> str:
    """The same again; empty when it is not from this session."""
    try:
        return sealed.ring(sealed.ONE_TIME_CODES).open(hidden, f"draft:{root}")
    except (sealed.Unreadable, ValueError):
        return ""


def keep(session: Session, user: User, secret: str, step: int) -> None:
    """Keep a person's secret, in place of any before; the step of the code they have just shown is used up."""
    hidden = sealed.ring(sealed.ONE_TIME_CODES).seal(secret, str(user.id))
    session.merge(CodeSecret(user_id=user.id, sealed=hidden, last_step=step, created_at=now()))


def step_of(secret: str, code: str) -> int | None:
    """The step in which a secret says this code, now or just beside; None when it does not."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdecimal():
        return None
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)
    here = int(now().timestamp()) // SECONDS
    steps = range(here - BESIDE, here + BESIDE + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)), None)


def use(session: Session, user_id: UUID, code: str) -> bool:
    """Whether a code is right and has not been used; from now on it has, and so have those before it."""
    row = session.get(CodeSecret, user_id)
    secret = _opened(row) if row else ""
    step = step_of(secret, code) if secret else None
    if step is None:
        return False
    taken = session.exec(
        update(CodeSecret)
        .where(col(CodeSecret.user_id) == user_id, col(CodeSecret.last_step) < step)
        .values(last_step=step)
    )
    return bool(taken.rowcount)


def _opened(row: CodeSecret) -> str:
    """The secret; where its key is gone nobody's code is right, and recovery codes or an administrator help."""
    try:
        return sealed.ring(sealed.ONE_TIME_CODES).open(row.sealed, str(row.user_id))
    except sealed.Unreadable:
        return ""
