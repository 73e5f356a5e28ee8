"""The signed certificate: what it says, that others can check it, and what nobody gets to see."""

import hashlib
import json
import warnings
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlmodel import select

from assessments import certificates, clock, decisions
from assessments.certificates import Change
from assessments.decisions import Proposing
from assessments.manifest import file_set_digest
from assessments.models import Credential, SigningKey, Submission
from assessments.queries import credentials as queries
from assessments.queries.certificates import certificate_of
from assessments.queries.grants import Issuer, Signatory
from assessments.reductions import PARTS, Reduction
from assessments.states import CertificateAction, Outcome
from registry.credentials import making
from registry.credentials.lists import says
from tests import signing
from tests.deciding import certified, in_decision

HOME = "https://localhost"


def opened(browser, jwt):
    """Header and payload, checked by another library against the keys the site shows."""
    keys = KeySet.import_key_set(browser.get("/.well-known/jwks.json").json)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # RFC 9864 has another name for the algorithm
        found = jws.deserialize_compact(jwt, keys, algorithms=["EdDSA"])
    return found.headers(), json.loads(found.payload)


def test_a_certificate_is_a_signed_credential_that_another_library_opens(world, browser, session):
    certificate = certified(world)
    answer = browser.get(f"/c/{certificate.number}.jwt")
    assert (answer.status_code, answer.content_type) == (200, "application/vc+jwt")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    header, payload = opened(browser, answer.text)
    key = session.exec(select(SigningKey).where(SigningKey.purpose == "assertion")).one()
    assert header == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": f"did:web:localhost#{key.kid}"}
    assert payload["id"] == f"{HOME}/c/{certificate.number}"
    assert payload["issuer"] == {
        "id": "did:web:localhost",
        "type": ["Profile"],
        "name": "Câu lạc bộ VCSC",
        "url": HOME,
    }
    assert payload["validFrom"] == f"{certificate.valid_from - timedelta(days=1)}T17:00:00Z"
    assert payload["validUntil"] == f"{certificate.valid_until}T16:59:59Z"


def test_it_says_what_was_certified(world, browser, session):
    certificate = certified(world)
    _header, payload = opened(browser, browser.get(f"/c/{certificate.number}.jwt").text)
    subject, content = payload["credentialSubject"], certificate.content
    submission = session.exec(select(Submission)).one()
    assert subject["vendor"] == {
        "name": world.hat_nang.name,
        "nameEn": world.hat_nang.name_en,
        "address": world.hat_nang.address,
        "country": world.hat_nang.country,
        "registrationNumber": world.hat_nang.registration_number,
    }
    assert subject["product"] == {
        "nameVi": "Đèn Nhà",
        "nameEn": "Home Lamp",
        "version": "5.2",
        "versionDate": "2026-05-12",
    }
    assert (subject["platforms"], subject["categories"]) == (["android", "ios"], ["PC"])
    assert subject["ages"] == ["7-11", "12-15"]
    assert subject["level"] == {key: content["level"][key] for key in ("code", "rank", "vi", "en")}
    assert subject["edition"] == {
        "id": "vcsc-2026",
        "version": content["edition"]["version"],
        "digest": certificate.edition_digest,
    }
    assert subject["evidenceManifest"] == file_set_digest(submission.content)
    assert (subject["number"], subject["revision"]) == (certificate.number, 1)
    assert "signatory" not in subject


def test_it_has_the_shape_that_open_badges_ask_for(world, browser):
    certificate = certified(world)
    _header, payload = opened(browser, browser.get(f"/c/{certificate.number}.jwt").text)
    assert payload["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert payload["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    subject = payload["credentialSubject"]
    assert (subject["type"], subject["achievement"]["type"]) == (["AchievementSubject"], ["Achievement"])
    assert {"id", "name", "description", "criteria"} <= subject["achievement"].keys()
    assert [
        (one["type"], one["statusPurpose"], one["statusListIndex"], one["statusListCredential"])
        for one in payload["credentialStatus"]
    ] == [
        ("BitstringStatusListEntry", "revocation", "0", f"{HOME}/status/revocation-1"),
        ("BitstringStatusListEntry", "suspension", "0", f"{HOME}/status/suspension-1"),
    ]


def test_nobody_of_the_club_or_the_company_is_named_but_the_signatory(world, browser):
    certificate = certified(world)
    text = json.dumps(opened(browser, browser.get(f"/c/{certificate.number}.jwt").text), ensure_ascii=False)
    people = (world.an, world.anh, world.chi, world.dung, world.ha, world.giang, world.hung)
    assert [person.name for person in people if person.name in text or person.email in text] == []
    assert world.hat_nang.representative not in text or not world.hat_nang.representative


def test_who_signs_for_the_issuing_body_stands_in_it(world, browser):
    application = in_decision(world)
    proposal = decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    issuer = Issuer("Câu lạc bộ VCSC", "VCSC Club", Signatory("Trần Thị Mai", "Chủ tịch", "President"))
    decisions.confirm(world.session, world.hung, application, proposal.number, issuer)
    world.session.commit()
    number = certificate_of(world.session, application.id).number
    world.session.commit()
    _header, payload = opened(browser, browser.get(f"/c/{number}.jwt").text)
    assert payload["credentialSubject"]["signatory"] == {
        "name": "Trần Thị Mai",
        "officeVi": "Chủ tịch",
        "officeEn": "President",
    }
    page = browser.get(f"/c/{number}").text
    assert "Trần Thị Mai, Chủ tịch" in page
    assert "Trần Thị Mai, President" in browser.get(f"/en/c/{number}").text


def test_any_change_of_a_byte_is_noticed(world, browser):
    certificate = certified(world)
    jwt = browser.get(f"/c/{certificate.number}.jwt").text
    for place in range(0, len(jwt), 37):
        changed = jwt[:place] + ("A" if jwt[place] != "A" else "B") + jwt[place + 1 :]
        with pytest.raises((JoseError, ValueError)):
            opened(browser, changed)


def test_the_same_revision_gives_the_same_bytes(app, world, session):
    certificate = certified(world)
    made = queries.newest(session, certificate.id)
    key = session.get_one(SigningKey, made.kid)
    with app.app_context(), clock.at(clock.now() + timedelta(days=90)):
        assert making.written(session, certificate, made, key) == made.jwt
    assert made.sha256 == hashlib.sha256(made.jwt.encode()).hexdigest()


def test_a_reduction_is_signed_anew_and_what_was_signed_stays_what_it_was(app, world, browser, session):
    certificate = certified(world)
    scope = {part: tuple(certificate.content["profile"][part]) for part in PARTS}
    less = Change("Lý do.", "Reason.", reduction=Reduction(**{**scope, "platforms": ("ios",)}))
    event = certificates.propose(session, world.giang, certificate.number, CertificateAction.REDUCE, less)
    certificates.confirm(session, world.hung, certificate.number, event.number)
    session.commit()
    first, second = queries.of_certificate(session, certificate.id)
    platforms = [opened(browser, one.jwt)[1]["credentialSubject"]["platforms"] for one in (first, second)]
    assert platforms == [["android", "ios"], ["ios"]]
    lists = browser.get("/status/revocation-1").text
    assert [says(lists, one.status_index) for one in (first, second)] == [True, False]
    with app.app_context():
        for one in (first, second):
            assert making.written(session, certificate, one, session.get_one(SigningKey, one.kid)) == one.jwt
    session.rollback()
    assert browser.get(f"/c/{certificate.number}.jwt").text == second.jwt


def test_signing_a_second_time_gives_what_was_signed(app, world, session):
    certificate = certified(world)
    made = queries.newest(session, certificate.id)
    with app.app_context():
        assert making.issue(session, certificate, 1) is made
    assert len(session.exec(select(Credential)).all()) == 1


def test_certificates_of_retired_keys_still_verify(app, world, browser):
    first = certified(world)
    app.test_cli_runner().invoke(args=["keys", "rotate", "--purpose", "assertion"])
    second = certified(world, "HS-2026-0002")
    kids = {opened(browser, browser.get(f"/c/{one.number}.jwt").text)[0]["kid"] for one in (first, second)}
    assert len(kids) == 2


@pytest.mark.parametrize("path", ["/c/VCSC-26-0009-X.jwt", "/c/nothing.jwt", "/status/revocation-9", "/status/x"])
def test_what_is_not_there_is_not_found(world, browser, path):
    certified(world)
    assert browser.get(path).status_code == 404


def test_a_scheduled_certificate_is_neither_signed_nor_shown(world, browser, session):
    world.round.announce_on = clock.today() + timedelta(days=30)
    world.session.add(world.round)
    certificate = certified(world)
    assert session.exec(select(Credential)).all() == []
    session.commit()
    assert browser.get(f"/c/{certificate.number}.jwt").status_code == 404
    with clock.at(clock.start_of_day(certificate.valid_from)):
        assert browser.get(f"/c/{certificate.number}.jwt").status_code == 200


def test_another_spelling_leads_to_the_number(world, browser):
    certificate = certified(world)
    answer = browser.get(f"/c/{certificate.number.lower()}.jwt")
    assert (answer.status_code, answer.location) == (302, f"/c/{certificate.number}.jwt")
    assert browser.get(f"/c/{certificate.number}.jwt?revision=1").status_code == 200
    for wrong in ("2", "0", "-1", "x", "9" * 30):
        assert browser.get(f"/c/{certificate.number}.jwt?revision={wrong}").status_code == 404


def test_the_data_and_the_page_name_it(world, browser, session):
    certificate = certified(world)
    made = queries.newest(session, certificate.id)
    session.commit()
    shown = browser.get(f"/c/{certificate.number}.json").json["credential"]
    assert shown == {
        "url": f"http://localhost/c/{certificate.number}.jwt",
        "sha256": made.sha256,
        "revision": 1,
        "kid": made.kid,
        "issued_at": made.issued_at.isoformat(),
        "status_lists": {
            "revocation": "http://localhost/status/revocation-1",
            "suspension": "http://localhost/status/suspension-1",
        },
    }
    page = browser.get(f"/c/{certificate.number}").text
    assert f'href="/c/{certificate.number}.jwt"' in page
    assert "Câu lạc bộ đã ký số nội dung này" in page


def test_the_database_refuses_to_change_what_was_signed(world, session):
    certified(world)
    made = session.exec(select(Credential)).one()
    made.jwt = "x"
    session.add(made)
    with pytest.raises(Exception, match="immutable"):
        session.flush()
    session.rollback()


def test_the_payload_is_the_credential_itself(world, browser):
    certificate = certified(world)
    body = browser.get(f"/c/{certificate.number}.jwt").text.split(".")[1]
    payload = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert not {"vc", "exp"} & payload.keys()
    said = (payload["issuer"]["id"], payload["credentialSubject"]["id"], payload["id"])
    assert (payload["iss"], payload["sub"], payload["jti"]) == said
    assert payload["validFrom"] == f"{datetime.fromtimestamp(payload['nbf'], UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert payload["iat"] > 0
    assert signing.folder().is_dir()
