"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right.

The site that a passkey belongs to is the host of PUBLIC_URL, and answers are taken from that very address only. Every
answer is refused with the same words, whatever is wrong with it: a stranger learns nothing of accounts or keys.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlmodel import Session, col, select, update

from assessments.clock import now
from assessments.errors import N_, Invalid
from registry.accounts import challenges
from registry.accounts.challenges import Purpose
from registry.accounts.factor_models import Passkey
from registry.accounts.models import User

MOST = 20  # passkeys of one person
LONGEST_ANSWER = 20_000
REFUSED = N_("Khóa đăng nhập này không dùng được ở đây. Thử lại, hoặc chọn cách khác.")


@dataclass(frozen=True)
class Answer:
    """Who has shown a passkey, and whether the device made sure that it was them: then it stands for both factors."""

    user_id: UUID
    verified: bool


def ask_new(session: Session, user: User, bound: str, site_name: str) -> str:
    """What a browser needs to make a passkey for a person, as JSON."""
    webauthn = _library()
    structs = webauthn.helpers.structs
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=site_name,
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenges.make(session, bound, Purpose.REGISTER),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(session, user.id),
    )
    return str(webauthn.options_to_json(options))


def keep_new(session: Session, user: User, challenge: bytes | None, answer: str, name: str) -> Passkey:
    """Keep the passkey that a browser has made; refuses (Invalid) what does not answer the challenge it was given."""
    made = _verified(
        _library().verify_registration_response,
        credential=_short(answer),
        expected_challenge=challenge,
        expected_rp_id=_host(),
        expected_origin=_origin(),
    )
    identifier = _text(made.credential_id)
    held = passkeys_of(session, user.id)
    taken = session.exec(select(Passkey.id).where(Passkey.credential_id == identifier)).first()
    if taken or len(held) >= MOST:
        raise Invalid(N_("Không thêm được khóa này: đã có rồi, hoặc tài khoản đã đủ số khóa."))
    public = _text(made.credential_public_key)
    row = Passkey(user_id=user.id, credential_id=identifier, public_key=public, sign_count=made.sign_count, name=name)
    session.add(row)
    session.flush()
    return row


def ask(session: Session, bound: str, purpose: Purpose, user: User | None = None) -> str:
    """What a browser needs to have a passkey sign, as JSON: of one person's, or of whoever it is.

    Instead of a password a device must make sure of its person; after one, having it is enough.
    """
    alone = purpose is Purpose.SIGN_IN
    webauthn = _library()
    structs = webauthn.helpers.structs
    wish = structs.UserVerificationRequirement.REQUIRED if alone else structs.UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=challenges.make(session, bound, purpose),
        allow_credentials=_described(session, user.id) if user else [],
        user_verification=wish,
    )
    return str(webauthn.options_to_json(options))


def check(session: Session, challenge: bytes | None, answer: str, *, alone: bool) -> Answer:
    """Whose passkey has signed a challenge; refuses (Invalid) everything else in the same words.

    `alone`: no password was asked for, so that the device must have made sure of its person.
    """
    row = session.exec(select(Passkey).where(Passkey.credential_id == credential_of(answer))).one_or_none()
    if row is None:
        raise Invalid(REFUSED)
    shown = _verified(
        _library().verify_authentication_response,
        credential=_short(answer),
        expected_challenge=challenge,
        expected_rp_id=_host(),
        expected_origin=_origin(),
        credential_public_key=_octets(row.public_key),
        credential_current_sign_count=row.sign_count,
        require_user_verification=alone,
    )
    counted = (col(Passkey.id) == row.id, col(Passkey.sign_count) == row.sign_count)
    values = {"sign_count": shown.new_sign_count, "used_at": now()}
    if not session.exec(update(Passkey).where(*counted).values(values)).rowcount:
        raise Invalid(REFUSED)  # the same passkey was used elsewhere at this very moment
    return Answer(row.user_id, bool(shown.user_verified))


def passkeys_of(session: Session, user_id: UUID) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    question = select(Passkey).where(Passkey.user_id == user_id).order_by(col(Passkey.created_at), col(Passkey.id))
    return list(session.exec(question).all())


def credential_of(answer: str) -> str:
    """The passkey that an answer names, as the table has it; empty when it names none."""
    try:
        return _text(_library().helpers.parse_authentication_credential_json(_short(answer)).raw_id)
    except Exception:  # whatever a stranger has sent: see _verified
        return ""


def _short(answer: str) -> str:
    """An answer that may be read at all; what no browser writes is no JSON."""
    return answer if len(answer) <= LONGEST_ANSWER else ""


def _verified(verify: Callable[..., Any], **given: Any) -> Any:
    """What the library makes of an answer; without a challenge that is still good there is none."""
    if given["expected_challenge"] is None:
        raise Invalid(REFUSED)
    try:
        return verify(**given)
    except Exception as error:  # a library takes apart what a stranger sent: whatever it stumbles over, it is no proof
        raise Invalid(REFUSED) from error


def _described(session: Session, user_id: UUID) -> list[Any]:
    structs = _library().helpers.structs
    held = passkeys_of(session, user_id)
    return [structs.PublicKeyCredentialDescriptor(id=_octets(one.credential_id)) for one in held]


def _library() -> Any:
    """webauthn, loaded for the first passkey: with what it brings along it takes some ten megabytes."""
    import webauthn  # noqa: PLC0415  see above

    return webauthn


def _host() -> str:
    return urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost"


def _origin() -> str:
    public = urlsplit(current_app.config["SETTINGS"].public_url)
    return f"{public.scheme}://{public.netloc}".lower()


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def _octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
