"""Status lists: a bit for each certificate, signed, and anew when a day has passed."""

import gzip
import json
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.models import StatusList
from assessments.queries.credentials import SIZE
from assessments.states import CertificateAction
from registry import issuing
from tests.deciding import certified
from tests.registry.credentials.test_credentials import opened

SUSPENDED = Change("Lý do.", "Reason.", "Điều kiện.", "Condition.", clock.today() + timedelta(days=20))
REASON = Change("Lý do.", "Reason.")


@pytest.fixture
def shown(browser):
    """What a list says now, opened by another library: its payload and its bits."""

    def shown(purpose):
        answer = browser.get(f"/status/{purpose}-1")
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.content_type == "application/vc+jwt"
        _header, payload = opened(browser, answer.text)
        packed = payload["credentialSubject"]["encodedList"]
        assert packed[0] == "u"
        bits = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
        return payload, bits

    return shown


def test_a_list_is_a_signed_credential_with_room_for_many(world, shown):
    certified(world)
    for purpose in ("revocation", "suspension"):
        payload, bits = shown(purpose)
        assert len(bits) * 8 == SIZE == 131_072
        assert not any(bits)
        assert payload["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        assert payload["issuer"] == "did:web:localhost"
        assert payload["id"] == f"https://localhost/status/{purpose}-1"
        assert payload["credentialSubject"]["statusPurpose"] == purpose
        assert payload["validFrom"] < payload["validUntil"]


def test_a_suspension_sets_the_first_bit_from_the_left_and_lifting_clears_it(world, shown):
    certificate = certified(world)
    event = certificates.suspend(world.session, world.giang, certificate.number, SUSPENDED)
    world.session.commit()
    assert (shown("suspension")[1][0], shown("revocation")[1][0]) == (0x80, 0)
    certificates.dismiss(world.session, world.hung, certificate.number, event.number, "Không đủ căn cứ.")
    world.session.commit()
    assert (shown("suspension")[1][0], shown("revocation")[1][0]) == (0, 0)


def test_a_withdrawal_is_for_good_and_touches_no_other(world, shown):
    others = [certified(world), certified(world, "HS-2026-0002"), certified(world, "HS-2026-0003")]
    event = certificates.propose(world.session, world.giang, others[1].number, CertificateAction.WITHDRAW, REASON)
    world.session.commit()
    assert shown("revocation")[1][0] == 0
    certificates.confirm(world.session, world.hung, others[1].number, event.number)
    world.session.commit()
    assert (shown("revocation")[1][0], shown("suspension")[1][0]) == (0x40, 0)


def test_a_suspended_certificate_that_is_withdrawn_is_only_revoked(world, shown):
    certificate = certified(world)
    suspended = certificates.suspend(world.session, world.giang, certificate.number, SUSPENDED)
    certificates.confirm(world.session, world.hung, certificate.number, suspended.number)
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    assert (shown("revocation")[1][0], shown("suspension")[1][0]) == (0x80, 0)


def test_the_worker_signs_again_when_a_day_has_passed_and_not_before(app, world, session, shown):
    certified(world)
    before = shown("revocation")[0]["validUntil"]
    with app.app_context():
        issuing.turn()
        assert shown("revocation")[0]["validUntil"] == before
        with clock.at(clock.now() + timedelta(days=1, minutes=1)):
            issuing.turn()
    assert shown("revocation")[0]["validUntil"] > before


def test_a_rotated_key_signs_the_lists_anew(app, world, session, shown):
    certified(world)
    before = {one.kid for one in session.exec(select(StatusList)).all()}
    session.commit()
    app.test_cli_runner().invoke(args=["keys", "rotate", "--purpose", "assertion"])
    with app.app_context():
        issuing.turn()
    session.expire_all()
    after = {one.kid for one in session.exec(select(StatusList)).all()}
    session.commit()
    assert len(after) == 1
    assert after != before
    assert json.dumps(shown("revocation")[0])
