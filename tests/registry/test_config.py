"""Settings: typed, with sensible defaults, and refused in words when they make no sense."""

import stat

import pytest

from registry.config import BadSetting, cautions, from_environment

KEY = "0123456789abcdef0123456789abcdef"


def test_a_real_site_needs_a_secret_and_little_else(tmp_path):
    settings = from_environment({"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), "PUBLIC_URL": "https://registry.example"})
    assert settings.database_url == f"sqlite:///{tmp_path}/registry.db"
    assert settings.storage_url == f"file://{tmp_path}/files"
    assert settings.trusted_hosts == ("registry.example",)
    assert settings.secure
    assert not settings.demonstration
    assert settings.club_shows_factors


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PUBLIC_URL": "registry.example"}, "PUBLIC_URL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"STORAGE_URL": "/srv/files"}, "STORAGE_URL"),
        ({"MAIL_URL": "mail.example"}, "MAIL_URL"),
        ({"WORDING": "C"}, "WORDING"),
        ({"PROXY_HOPS": "one"}, "PROXY_HOPS"),
        ({"MAX_UPLOAD_MB": "-5"}, "MAX_UPLOAD_MB"),
        ({"TRUSTED_HOSTS": " , "}, "TRUSTED_HOSTS"),
        ({"CLAMD_URL": "localhost:3310"}, "CLAMD_URL"),
        ({"ENCRYPTION_KEY": f"{KEY},short"}, "ENCRYPTION_KEY"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"SECOND_FACTOR": "yes"}, "SECOND_FACTOR"),
        ({"STEP_UP_MINUTES": "0"}, "STEP_UP_MINUTES"),
        ({"CLUB_IDLE_MINUTES": "an hour"}, "CLUB_IDLE_MINUTES"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path, wrong, named):
    with pytest.raises(BadSetting, match=named):
        from_environment({"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), **wrong})


def test_a_demonstration_keeps_a_key_of_its_own(tmp_path):
    first = from_environment({"DEMONSTRATION": "1", "VAR_DIR": str(tmp_path)})
    again = from_environment({"DEMONSTRATION": "1", "VAR_DIR": str(tmp_path)})
    kept = tmp_path / "demonstration" / "secret_key"
    assert first.secret_key == again.secret_key == kept.read_text("ascii")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.database_url == f"sqlite:///{tmp_path}/demonstration/registry.db"
    assert first.log_origin == "demonstration.localhost"
    assert not first.club_shows_factors  # so that its printed sign-ins work
    asked = from_environment({"DEMONSTRATION": "1", "VAR_DIR": str(tmp_path), "SECOND_FACTOR": "required"})
    assert asked.club_shows_factors


@pytest.mark.parametrize("key", ["changeme" * 5, "0" * 40, "abcabcabc" * 6])
@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEY", "CONCERN_KEY"])
def test_a_key_somebody_could_think_of_is_refused(tmp_path, name, key):
    with pytest.raises(BadSetting, match=name):
        from_environment({"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), name: key})


@pytest.mark.parametrize(
    "elsewhere", [{"HOST": "192.0.2.1"}, {"PUBLIC_URL": "https://registry.example"}, {"PUBLIC_URL": "http://192.0.2.1"}]
)
def test_debugging_is_for_this_machine_only(tmp_path, elsewhere):
    at_home = {"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), "FLASK_DEBUG": "1"}
    assert from_environment(at_home).host == "127.0.0.1"
    with pytest.raises(BadSetting, match="FLASK_DEBUG"):
        from_environment({**at_home, **elsewhere})
    assert from_environment({**at_home, **elsewhere, "FLASK_DEBUG": "0"})


def test_a_key_that_others_can_read_is_refused(tmp_path):
    given = {"DEMONSTRATION": "1", "VAR_DIR": str(tmp_path)}
    from_environment(given)
    (tmp_path / "demonstration" / "secret_key").chmod(0o644)
    with pytest.raises(BadSetting, match="chmod 600"):
        from_environment(given)


def test_a_password_never_goes_over_an_open_line(tmp_path):
    given = {"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path)}
    with pytest.raises(BadSetting, match="MAIL_URL"):
        from_environment({**given, "MAIL_URL": "smtp://user:password@mail.example"})
    for url in ("smtp+starttls://user:password@mail.example", "smtp://user:password@localhost:25"):
        assert from_environment({**given, "MAIL_URL": url}).mail_url == url


@pytest.mark.parametrize(
    ("name", "careless", "careful"),
    [
        ("PUBLIC_URL", "http://registry.example", "https://registry.example"),
        (
            "DATABASE_URL",
            "postgresql+psycopg://a@db.example/x",
            "postgresql+psycopg://a@db.example/x?sslmode=verify-full",
        ),
        ("STORAGE_URL", "s3://a/b?endpoint=http://s3.example", "s3://a/b?endpoint=https://s3.example"),
        ("MAIL_URL", "smtp://mail.example", "smtps://mail.example"),
        ("CLAMD_URL", "tcp://clamd.example:3310", "unix:///run/clamd.sock"),
    ],
)
def test_what_should_not_stay_so_is_said(tmp_path, name, careless, careful):
    given = {"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path)}
    (said,) = cautions(from_environment({**given, name: careless}))
    assert said.startswith(name)
    assert cautions(from_environment({**given, name: careful})) == []
    assert cautions(from_environment(given)) == []


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SECRET_KEY": "changeme-changeme-changeme-changeme-a1b2"}, "SECRET_KEY must be random"),
        ({"METRICS_TOKEN": "0123456789"}, "METRICS_TOKEN must be at least"),
        ({"METRICS_TOKEN": "ab" * 20}, "METRICS_TOKEN must be random"),
    ],
)
def test_what_comes_from_an_example_is_refused(tmp_path, wrong, named):
    with pytest.raises(BadSetting, match=named):
        from_environment({"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), **wrong})
