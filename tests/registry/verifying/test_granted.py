"""Certificates as they are really granted: checked through all that can become of them."""

import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jsonschema import Draft202012Validator

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.publishing import KeyPurpose
from assessments.states import CertificateAction
from registry.keys import making
from registry.verifying import registry_verify as tool
from tests import issuer as signing
from tests import published_shapes as shapes
from tests.counting import statements
from tests.deciding import certified
from tests.forgeries import flipped

REASON = Change("Lộ vị trí của con.", "It leaks the child's location.", "Sửa lỗi", "The fault is mended", None)


@pytest.fixture
def check(browser):
    """What the tool says of a certificate with what the site says now, or said in a snapshot."""

    def check(number, snapshot=None, at=None, raw=None, proof=None):
        known = tool.read_snapshot(snapshot or browser.get("/verify/snapshot.json").data)
        token = raw or browser.get(f"/c/{number}.jwt").data
        beside = browser.get(f"/c/{number}.proof").text if proof is None else proof
        trust = tool.Trust(frozenset({"did:web:localhost"}), frozenset())
        return tool.check(token, known, trust, at or clock.now(), beside)

    return check


def test_a_certificate_is_valid_and_says_what_was_granted(world, check, browser):
    certificate = certified(world)
    found = check(certificate.number)
    assert (found.status, found.reason) == ("valid", "valid")
    assert found.facts == {
        "number": certificate.number,
        "product": "Đèn Nhà 5.2",
        "product_en": "Home Lamp 5.2",
        "vendor": world.hat_nang.name,
        **({"vendor_en": world.hat_nang.name_en} if world.hat_nang.name_en else {}),
        "platforms": "android ios",
        "level": certificate.content["level"]["vi"],
        "level_en": certificate.content["level"]["en"],
        "issuer": "Câu lạc bộ VCSC",
        "issuer_en": "VCSC Club",
        "did": "did:web:localhost",
        "valid_from": f"{certificate.valid_from - timedelta(days=1)}T17:00:00Z",
        "valid_until": f"{certificate.valid_until}T16:59:59Z",
    }
    assert (found.log["kind"], found.log["size"]) == ("grant", found.log["index"] + 1)
    snapshot = browser.get("/verify/snapshot.json").json
    assert set(snapshot) == {"format", "as_of", "issuer", "keys", "status_lists", "checkpoint", "log_key"}
    assert snapshot["log_key"].startswith("localhost/log+")
    assert set(snapshot["status_lists"]) == {
        f"https://localhost/status/{one}-1" for one in ("revocation", "suspension")
    }


def test_the_snapshot_knows_what_happened_until_then_and_no_more(world, check, browser):
    certificate = certified(world)
    number = certificate.number
    before = browser.get("/verify/snapshot.json").data
    change = Change(**{**REASON.__dict__, "restore_by": clock.today() + timedelta(days=30)})
    event = certificates.suspend(world.session, world.giang, number, change)
    world.session.commit()
    assert (check(number).status, check(number).log["kind"]) == ("suspended", "suspend")
    assert check(number, before, proof="").status == "valid"
    certificates.dismiss(world.session, world.hung, number, event.number, "Không đủ căn cứ.")
    world.session.commit()
    assert check(number).status == "valid"
    event = certificates.propose(world.session, world.giang, number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(world.session, world.hung, number, event.number)
    world.session.commit()
    assert check(number).status == "withdrawn"


def test_dates_are_those_of_viet_nam_and_lists_go_stale(world, check):
    certificate = certified(world)
    last = clock.end_of_day(certificate.valid_until)
    number, hour = certificate.number, timedelta(hours=1)
    assert check(number, at=last + hour).status == "expired"
    assert check(number, at=last - hour).reason == "status_unknown"  # the lists of today say nothing of that day
    assert check(number, at=clock.start_of_day(certificate.valid_from) - hour).status == "not_yet_valid"
    assert check(number, at=clock.now() + timedelta(days=6)).status == "valid"
    assert check(number, at=clock.now() + timedelta(days=8)).values["detail"] == "stale_list"


def test_what_a_retired_key_has_signed_stays_valid(world, check, browser, app):
    certificate = certified(world)
    token, proof = (browser.get(f"/c/{certificate.number}.{one}") for one in ("jwt", "proof"))
    with app.app_context():
        for purpose in KeyPurpose:
            making.rotate(world.session, purpose)
    world.session.commit()
    with clock.at(clock.now() + timedelta(minutes=1)):
        again = certified(world, "HS-2026-0002")
        found = check(certificate.number, raw=token.data, proof=proof.text)
        assert (found.status, found.log["kind"]) == ("valid", "grant")
        assert check(again.number).status == "valid"
    kids = [jwt.get_unverified_header(one)["kid"] for one in (token.text, browser.get(f"/c/{again.number}.jwt").text)]
    assert len(set(kids)) == 2


@pytest.mark.parametrize("bit", [0, 5])
def test_every_changed_byte_is_refused_by_the_tool_and_by_a_library(world, check, browser, bit):
    number = certified(world).number
    token = browser.get(f"/c/{number}.jwt").text
    snapshot = browser.get("/verify/snapshot.json").data
    jwk = next(one for one in json.loads(snapshot)["keys"]["keys"] if one["purpose"] == "assertion")
    key = Ed25519PublicKey.from_public_bytes(tool.decoded(jwk["x"]))

    def opened(text):
        # dates are no business of the signature's: the tool judges them by what the credential says
        return jwt.decode(text, key, algorithms=["EdDSA"], options={"verify_iat": False})

    assert opened(token)["credentialSubject"]["number"] == number
    for changed in flipped(token, (bit,)):
        assert check(number, snapshot, raw=changed.encode("latin-1"), proof="").status in {
            *("forged", "unknown_key", "unreadable")
        }
        with pytest.raises(jwt.InvalidTokenError):
            opened(changed)


def test_a_certificate_inside_a_pdf(world, check, browser):
    number = certified(world).number
    paper = signing.pdf(browser.get(f"/c/{number}.jwt").text, browser.get(f"/c/{number}.proof").text)
    found = check(number, raw=paper, proof="")
    assert (found.status, found.log["kind"]) == ("valid", "grant")


def test_another_registry_is_another_issuer(world, check, browser):
    number = certified(world).number
    other = json.dumps(signing.Issuer().snapshot()).encode()
    assert check(number, other).reason == "no_such_key"
    own = signing.Issuer().now.token(signing.credential())
    assert check(number, raw=own.encode(), proof="").reason == "other_issuer"


def faults(shape, value):
    """What a shape finds wrong, in words."""
    Draft202012Validator.check_schema(shape)
    return [f"{one.json_path}: {one.message}" for one in Draft202012Validator(shape).iter_errors(value)]


def test_it_has_the_shapes_that_the_standards_publish(world, check, browser):
    certificate = certified(world)
    found = check(certificate.number)
    assert faults(shapes.thing(shapes.CREDENTIAL, **shapes.DATED), found.credential) == []
    assert faults(shapes.BADGE, found.credential) == []
    lists = browser.get("/verify/snapshot.json").json["status_lists"]
    for token in lists.values():
        listed = json.loads(tool.decoded(token.split(".")[1]))
        assert faults(shapes.thing(shapes.CREDENTIAL, **shapes.DATED), listed) == []
        assert faults(shapes.STATUS_LIST, listed) == []


@pytest.mark.parametrize("name", sorted(shapes.BADGE["required"]))
def test_the_shapes_miss_what_is_taken_away(world, check, name):
    credential = dict(check(certified(world).number).credential)
    del credential[name]
    assert faults(shapes.BADGE, credential) != []


def test_a_snapshot_asks_little_of_the_database(world, app, browser):
    certified(world)
    with statements(app) as seen:
        assert browser.get("/verify/snapshot.json").status_code == 200
    assert len(seen) <= 3, seen
