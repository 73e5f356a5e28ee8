"""Settings: typed, with sensible defaults, and refused in words when they make no sense."""

import stat

import pytest

from registry.config import BadSetting, from_environment

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
