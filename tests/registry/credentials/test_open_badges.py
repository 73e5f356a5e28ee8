"""Certificates as another implementation of Open Badges 3.0 reads them, with the published contexts."""

from datetime import timedelta
from itertools import islice

import pytest
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.states import CertificateAction
from tests.deciding import certified
from tests.forgeries import flipped

DID = "did:web:localhost"
REASON = Change("Lộ vị trí của con.", "It leaks the child's location.", "", "", None)


@pytest.fixture
def fetch(browser):
    """What a verifier elsewhere gets when it asks for an address of ours."""

    def fetch(url, **_limits):
        answer = browser.get(url.removeprefix("https://localhost"))
        assert answer.status_code == 200
        return answer.data

    return fetch


@pytest.fixture
def verifier(world, fetch):
    """Another implementation that knows nothing but the did of the issuer."""
    return lambda: OB3Verifier.for_issuer_did(DID, download=fetch)


def test_a_certificate_is_an_open_badge(world, verifier, fetch, browser):
    certificate = certified(world)
    found = verifier().verify(browser.get(f"/c/{certificate.number}.jwt").text, check_status=True, download=fetch)
    assert (found.id, found.issuer.id) == (f"https://localhost/c/{certificate.number}", DID)
    assert found.recipient_id == f"https://localhost/products/{certificate.content['product']['slug']}"
    assert found.achievement.name == "Bộ tiêu chí VCSC 2026: Đạt bộ tiêu chí"


def test_a_withdrawn_one_is_revoked(world, verifier, fetch, browser):
    certificate = certified(world)
    token = browser.get(f"/c/{certificate.number}.jwt").text
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        verifier().verify(token, check_status=True, download=fetch)


def test_an_altered_one_is_refused(world, verifier, browser):
    certificate = certified(world)
    token = browser.get(f"/c/{certificate.number}.jwt").text
    other = verifier()
    for altered in islice(flipped(token, (0,)), 0, None, 17):
        with pytest.raises(OB3VerificationError):
            other.verify(altered)


def test_one_of_tomorrow_is_not_good_yet(world, verifier, browser):
    with clock.at(clock.now() + timedelta(days=1)):
        certificate = certified(world)
        token = browser.get(f"/c/{certificate.number}.jwt").text
    with pytest.raises(OB3VerificationError):
        verifier().verify(token)
