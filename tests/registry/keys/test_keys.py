"""Keys: files that nobody else can read, names that stay, and what everybody may see of them."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from sqlalchemy import text
from sqlmodel import Session, select

from assessments import clock
from assessments.models import Publication, SigningKey
from assessments.queries import keys as queries
from registry import keys
from registry.keys import ring

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
