"""Keys: files that nobody else can read, names that stay, and what everybody may see of them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from sqlalchemy import text
from sqlmodel import Session, select

from assessments import certificates, clock
from assessments.models import Credential, LogEntry, Publication, SigningKey
from assessments.queries import credentials
from assessments.queries import keys as queries
from registry import issuing, keys
from registry.issuing import checks
from registry.keys import ring
from registry.log import checking, proofs
from registry.verifying import registry_verify as tool
from registry.verifying.snapshot import snapshot_of
from tests import signing
from tests.deciding import certified

NAMES = ("--did", "did:web:registry.example.vn", "--log-origin", "registry.example.vn/log")


@pytest.fixture
def run(app, tmp_path):
    """`keys ...` on a database without keys, their files in a folder of this test."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], keys_dir=str(tmp_path / "own"))
    with app.extensions["engine"].begin() as connection:
        for table in ("publication", "signing_key"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  our own names

    def run(*arguments, fails=False):
        done = app.test_cli_runner().invoke(args=["keys", *arguments])
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    return run


@pytest.fixture
def known(app):
    """Every key, as the database has them."""

    def known():
        with Session(app.extensions["engine"], expire_on_commit=False) as session:
            return queries.everyone(session)

    return known


def test_creating_makes_a_key_for_each_purpose_in_files_of_the_owner(app, run, known, tmp_path):
    run("create", *NAMES)
    assert {key.purpose.value for key in known()} == {"assertion", "log"}
    for key in known():
        path = tmp_path / "own" / f"{key.kid}.pem"
        assert path.stat().st_mode & 0o777 == 0o600
        assert key.kid == f"{key.purpose.value}-{ring.thumbprint(key.public_jwk)[:8]}"
        assert (key.did, key.log_origin) == ("did:web:registry.example.vn", "registry.example.vn/log")
        with app.app_context():
            assert ring.jwk_of(keys.signer(key).public_key()) == key.public_jwk
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700
    assert "PRIVATE" not in str([key.model_dump() for key in known()])


def test_a_thumbprint_is_the_one_another_library_makes(known):
    for key in known():
        other = OKPKey.import_key(key.public_jwk).thumbprint()
        assert other == ring.encoded(bytes.fromhex(ring.thumbprint(key.public_jwk)))


def test_issuer_and_log_are_fixed_with_the_first_key(run, known):
    run("create", *NAMES, "--purpose", "assertion")
    assert "Issuer and log are fixed" in run("create", "--did", "did:web:other.example", fails=True)
    run("create", "--purpose", "log")
    assert {(key.did, key.log_origin) for key in known()} == {(NAMES[1], NAMES[3])}


@pytest.mark.parametrize(
    ("did", "origin"),
    [
        ("did:key:z6Mk", "registry.example.vn/log"),
        ("did:web:registry.example.vn/x", "registry.example.vn/log"),
        ("did:web:registry.example.vn", "registry.example.vn log"),
        ("did:web:registry.example.vn", "registry.example.vn+log"),
    ],
)
def test_names_that_cannot_be_ones_are_refused(run, known, did, origin):
    run("create", "--did", did, "--log-origin", origin, fails=True)
    assert known() == []


def test_a_second_key_needs_a_rotation_and_the_former_is_retired(run, known, session):
    run("create", *NAMES)
    assert "keys rotate" in run("create", fails=True)
    former = next(key for key in known() if key.purpose.value == "assertion")
    run("rotate", "--purpose", "assertion")
    found = {key.kid: key for key in known() if key.purpose.value == "assertion"}
    assert len(found) == 2
    assert found[former.kid].retired_at is not None
    assert queries.active(session, "assertion").kid != former.kid
    told = session.exec(select(Publication.subject).order_by(Publication.id)).all()
    assert [one.split(":")[1] for one in told] == ["created", "created", "rotated", "retired"]


def test_a_retired_key_signs_no_more_and_is_not_retired_twice(run, known, session):
    run("create", *NAMES)
    kid = queries.active(session, "log").kid
    session.rollback()
    assert "Nothing is signed" in run("retire", kid)
    assert queries.active(session, "log") is None
    session.rollback()
    assert "was retired on" in run("retire", kid, fails=True)
    assert "There is no key" in run("retire", "log-00000000", fails=True)
    listed = run("list")
    assert "There is no key in force for the purpose log." in listed
    assert "\tretired" in listed


def test_the_list_says_what_is_wanting(run):
    assert run("list").splitlines() == [
        "There is no key in force for the purpose assertion.",
        "There is no key in force for the purpose log.",
    ]
    run("create", *NAMES)
    assert [line.rsplit("\t", 1)[1] for line in run("list").splitlines()[:2]] == ["file", "file"]


@pytest.mark.parametrize("where", ["file", "folder"])
def test_what_others_could_read_is_refused(app, run, known, tmp_path, where):
    run("create", *NAMES)
    key = known()[0]
    path = tmp_path / "own" / f"{key.kid}.pem"
    (path if where == "file" else path.parent).chmod(0o755)
    with app.app_context(), pytest.raises(keys.KeyUnavailable, match="open to others"):
        keys.signer(key)
    assert "open to others" in run("list")


def test_the_environment_comes_before_the_file(app, run, known, tmp_path, monkeypatch):
    run("create", *NAMES)
    key = known()[0]
    path = tmp_path / "own" / f"{key.kid}.pem"
    pem = path.read_text()
    path.unlink()
    with app.app_context():
        with pytest.raises(keys.KeyUnavailable, match="neither in"):
            keys.signer(key)
        monkeypatch.setenv(ring.variable(key.kid), pem)
        assert ring.jwk_of(keys.signer(key).public_key()) == key.public_jwk
        assert keys.place(key) == "environment"


def test_another_key_in_its_place_is_noticed(app, run, known, tmp_path):
    run("create", *NAMES)
    first, second = known()
    (tmp_path / "own" / f"{first.kid}.pem").write_bytes((tmp_path / "own" / f"{second.kid}.pem").read_bytes())
    with app.app_context(), pytest.raises(keys.KeyUnavailable, match="another key"):
        keys.signer(first)


def test_a_file_is_never_written_over(app, tmp_path):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], keys_dir=str(tmp_path / "own"))
    with app.app_context():
        ring.keep("assertion-1", Ed25519PrivateKey.generate())
        with pytest.raises(FileExistsError):
            ring.keep("assertion-1", Ed25519PrivateKey.generate())


def test_everybody_reads_the_public_keys_with_their_days(app, browser, session):
    shown = browser.get("/.well-known/jwks.json")
    assert (shown.content_type, shown.headers["Access-Control-Allow-Origin"]) == ("application/jwk-set+json", "*")
    found = {key.method: key for key in session.exec(select(SigningKey)).all()}
    assert {one["kid"] for one in shown.json["keys"]} == found.keys()
    for one in shown.json["keys"]:
        key = found[one["kid"]]
        assert (one["kty"], one["crv"], one["alg"], one["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
        assert (one["purpose"], one["retired_at"]) == (key.purpose.value, None)
        assert "d" not in one


def test_the_did_document_asserts_with_the_keys_of_certificates_retired_ones_too(app, browser, session):
    former = queries.active(session, "assertion").kid
    session.rollback()
    app.test_cli_runner().invoke(args=["keys", "rotate", "--purpose", "assertion"])
    document = browser.get("/.well-known/did.json").json
    assert document["id"] == "did:web:localhost"
    assert len(document["verificationMethod"]) == 3
    asserting = {key.method for key in session.exec(select(SigningKey)).all() if key.purpose.value == "assertion"}
    assert set(document["assertionMethod"]) == asserting
    assert f"did:web:localhost#{former}" in document["assertionMethod"]


def test_a_site_without_keys_has_no_document(run, browser):
    assert browser.get("/.well-known/did.json").status_code == 404
    assert browser.get("/.well-known/jwks.json").json == {"keys": []}


def test_the_key_of_a_moment_is_the_one_that_was_in_force_then(run, session):
    run("create", *NAMES)
    first = queries.active(session, "assertion")
    before = clock.now()
    session.rollback()
    run("rotate", "--purpose", "assertion")
    assert queries.active(session, "assertion", before).kid == first.kid
    assert queries.active(session, "assertion", first.created_at.replace(year=2020)) is None


# --- lost ---


@pytest.fixture
def granted(world):
    """A certificate of Hạt Nắng, signed, in the log and shown."""
    return certified(world)


def in_force(session, purpose="assertion"):
    """The name of the key in force; the test lets go of the database."""
    session.expire_all()
    kid = queries.active(session, purpose).kid
    session.rollback()
    return kid


@pytest.fixture
def command(app, session, granted):
    """`keys ...` beside a certificate that is signed."""

    def command(*arguments, fails=False):
        session.rollback()
        done = app.test_cli_runner().invoke(args=["keys", *arguments])
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    return command


def checked(app, session, certificate, *, revision=None, proof=""):
    """What registry-verify says of a certificate against the snapshot of now."""
    with app.test_request_context():
        known = tool.read_snapshot(json.dumps(snapshot_of(session)).encode())
    found = session.get(Credential, (certificate.id, revision or 1))
    did = queries.identity(session).did
    return tool.check(found.jwt.encode(), known, tool.Trust(frozenset({did}), frozenset()), clock.now(), proof)


def proof_of(session, certificate):
    return proofs.about(session, certificate.number).text


def test_a_lost_key_gives_way_and_says_what_has_to_be_signed_anew(app, command, session, granted):
    kid = in_force(session)
    number, day = granted.number, clock.today().isoformat()
    said = command("compromise", kid, "--from", day)
    assert f"{number}\t{clock.now():%Y-%m-%d}\trefused" in said
    assert f"1 certificates have to be signed anew: keys reissue {kid}" in said
    assert in_force(session) != kid
    lost = session.get(SigningKey, kid)
    assert (lost.retired_at is not None, lost.compromised_from) == (
        True,
        max(lost.active_from, clock.start_of_day(clock.today())),
    )
    signing.publish(session)
    entry = session.exec(select(LogEntry).where(LogEntry.key == f"key:{kid}:compromised")).one()
    assert json.loads(entry.body)["compromised_from"].startswith(f"{lost.compromised_from:%Y-%m-%d}")
    assert f"lost from {lost.compromised_from:%Y-%m-%d}" in command("list")


def test_what_a_lost_key_signed_is_refused_until_it_is_signed_anew(app, command, session, granted):
    kid, before = in_force(session), proof_of(session, granted)
    assert checked(app, session, granted).status == "valid"
    command("compromise", kid, "--from", clock.today().isoformat())
    found = checked(app, session, granted, proof=before)
    assert (found.status, found.reason) == ("unknown_key", "lost_key")
    with app.app_context():
        assert f"keys reissue {kid}" in " ".join(checks.everything(session))
    session.rollback()
    assert f"{granted.number}\tsigned anew" in command("reissue", kid)
    session.expire_all()
    first, second = credentials.of_certificate(session, granted.id)
    assert (first.kid, second.kid, first.event_number) == (kid, in_force(session), second.event_number)
    found = checked(app, session, granted, revision=2, proof=proof_of(session, granted))
    assert (found.status, found.log["kind"]) == ("valid", "reissue")
    with app.app_context():
        assert list(checks.everything(session)) == []
        assert list(checking.sound(session, None)) == []


WARNED = "Chữ ký điện tử đang được thay"


def test_its_page_warns_until_it_is_signed_anew(app, command, browser, session, granted):
    kid, page = in_force(session), f"/c/{granted.number}"
    assert WARNED not in browser.get(page).text
    command("compromise", kid, "--from", clock.today().isoformat())
    assert WARNED in browser.get(page).text
    assert "The electronic signature is being replaced" in browser.get(f"/en{page}").text
    command("reissue", kid)
    assert WARNED not in browser.get(page).text


def test_the_page_of_one_that_has_ended_does_not_wait_for_a_signature(app, command, browser, session, world, granted):
    certificates.terminate(session, world.an, granted.number, "Ngừng bán.")
    session.commit()
    command("compromise", in_force(session), "--from", clock.today().isoformat())
    assert WARNED not in browser.get(f"/c/{granted.number}").text


def test_signing_anew_twice_signs_once(app, command, session, granted):
    kid = in_force(session)
    assert "no key that was lost" in command("reissue", kid, fails=True)
    command("compromise", kid, "--from", clock.today().isoformat())
    command("reissue", kid)
    assert command("reissue", kid) == "0 certificates.\n"
    assert len(credentials.of_certificate(session, granted.id)) == 2


def test_what_it_signed_before_counts_with_its_proof_only(app, command, session, granted):
    kid, proof = in_force(session), proof_of(session, granted)
    with clock.at(clock.now() + timedelta(days=3)):
        said = command("compromise", kid, "--from", (clock.today() - timedelta(days=1)).isoformat())
        assert "counts with its log proof only" in said
        signing.publish(session)
        with app.app_context():
            issuing.turn()
        assert checked(app, session, granted, proof=proof).status == "valid"
        assert checked(app, session, granted).reason == "lost_key_unproven"


def test_what_has_ended_is_not_signed_anew(app, command, session, world, granted):
    kid = in_force(session)
    certificates.terminate(session, world.an, granted.number, "Ngừng bán.")
    session.commit()
    assert "have to be signed anew" not in command("compromise", kid, "--from", clock.today().isoformat())


def test_a_lost_key_of_the_log_gives_way_too(app, command, session, granted):
    kid = in_force(session, "log")
    proof = proof_of(session, granted)
    command("compromise", kid, "--from", clock.today().isoformat())
    signing.publish(session)
    session.expire_all()
    assert checked(app, session, granted, proof=proof).log is None
    found = checked(app, session, granted, proof=proof_of(session, granted))
    assert (found.status, found.log["index"] >= 0) == ("valid", True)


def test_what_cannot_be_said_of_a_key(app, command, session, granted):
    kid = in_force(session)
    today = clock.today()
    assert "There is no key" in command("compromise", "assertion-0000", "--from", today.isoformat(), fails=True)
    assert "lies ahead" in command("compromise", kid, "--from", (today + timedelta(days=2)).isoformat(), fails=True)
    assert "YYYY-MM-DD" in command("compromise", kid, "--from", "today", fails=True)
    command("compromise", kid, "--from", today.isoformat())
    assert "is known to be lost" in command("compromise", kid, "--from", today.isoformat(), fails=True)


def test_the_public_documents_say_it(app, command, session):
    kid = in_force(session)
    command("compromise", kid, "--from", clock.today().isoformat())
    client = app.test_client()
    told = {one["kid"].split("#")[1]: one for one in client.get("/.well-known/jwks.json").json["keys"]}
    assert told[kid]["compromised_from"]
    document = client.get("/.well-known/did.json").json
    methods = {one.split("#")[1] for one in document["assertionMethod"]}
    assert (kid in methods, in_force(session) in methods) == (False, True)
    assert kid in {one["id"].split("#")[1] for one in document["verificationMethod"]}
