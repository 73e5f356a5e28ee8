"""Settings from the environment: read once, typed, and refused in words when they make no sense."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MIN_SECRET = 32  # characters
_LIMITS = ("step_up_minutes", "club_idle_minutes", "club_session_hours", "company_idle_hours", "company_session_hours")
_WHOLE = ("proxy_hops", "max_upload_mb", "company_quota_mb", "port", "api_per_minute", "security_txt_days", *_LIMITS)


class BadSetting(SystemExit):
    """The environment asks for something that cannot work; the message names the variable and the mend."""


@dataclass(frozen=True)
class Settings:
    """Every setting, each documented in docs/operations.md under the name of its variable (upper case)."""

    demonstration: bool = False
    var_dir: Path = Path("var")
    secret_key: str = ""
    public_url: str = "http://localhost:8000"
    trusted_hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    proxy_hops: int = 0
    database_url: str = ""
    storage_url: str = ""
    mail_url: str = ""
    mail_from: str = "VCSC <no-reply@localhost>"
    office_email: str = "vanphong@localhost"
    wording: str = "A"
    issuer_vi: str = "Câu lạc bộ Bảo vệ trẻ em Việt Nam trên không gian mạng (VCSC)"
    issuer_en: str = "Vietnam Cyber Safety for Children Club (VCSC)"
    site_name_vi: str = "Danh mục VCSC"
    site_name_en: str = "VCSC Register"
    max_upload_mb: int = 200
    company_quota_mb: int = 5_000
    clamd_url: str = ""
    encryption_key: tuple[str, ...] = ()
    concern_key: tuple[str, ...] = ()
    webhooks_at_home: bool = False
    keys_dir: str = ""
    demo_password: str = ""
    api_per_minute: int = 300
    licence: str = "CC-BY-4.0"
    licence_url: str = "https://creativecommons.org/licenses/by/4.0/"
    security_contact: str = ""
    security_txt_days: int = 180
    second_factor: str = ""
    step_up_minutes: int = 10
    club_idle_minutes: int = 60
    club_session_hours: int = 12
    company_idle_hours: int = 72
    company_session_hours: int = 336
    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def secure(self) -> bool:
        """Whether the site is served over TLS, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    @property
    def club_shows_factors(self) -> bool:
        """Whether people of the club must show a second factor; settings that say nothing mean yes."""
        return self.second_factor != "optional"

    @property
    def keys_folder(self) -> Path:
        """Where the private keys are that certificates and the log are signed with."""
        usual = self.var_dir / "demonstration" if self.demonstration else self.var_dir
        return Path(self.keys_dir).absolute() if self.keys_dir else usual / "keys"

    @property
    def log_origin(self) -> str:
        """The name under which this database speaks; a demonstration never shares one with the real site."""
        name = urlsplit(self.public_url).hostname or "localhost"
        return f"demonstration.{name}" if self.demonstration else name


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises BadSetting, which ends the program with a sentence."""
    given = os.environ if environment is None else environment
    values = {f.name: given[f.name.upper()].strip() for f in fields(Settings) if given.get(f.name.upper(), "").strip()}
    return _checked_for_sessions(_checked_for_machines(_checked(_completed(_typed(values)))))


def _typed(values: dict[str, str]) -> Settings:
    typed: dict[str, Any] = {
        "demonstration": values.pop("demonstration", "0").lower() in {"1", "true", "yes"},
        "webhooks_at_home": values.pop("webhooks_at_home", "0").lower() in {"1", "true", "yes"},
        "var_dir": Path(values.pop("var_dir", "var")).absolute(),
        "trusted_hosts": _hosts(values),
        "encryption_key": _listed(values.pop("encryption_key", "")),
        "concern_key": _listed(values.pop("concern_key", "")),
    }
    for name in _WHOLE:
        if name in values:
            typed[name] = _whole(name, values.pop(name))
    return Settings(**{**typed, **values})


def _hosts(values: dict[str, str]) -> tuple[str, ...]:
    if "trusted_hosts" in values:
        return _listed(values.pop("trusted_hosts"))
    named = urlsplit(values.get("public_url", "")).hostname
    return (named,) if named else Settings.trusted_hosts


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _whole(name: str, text: str) -> int:
    if not text.isdigit():
        raise BadSetting(f"{name.upper()} must be a whole number, not “{text}”.")
    return int(text)


def _completed(given: Settings) -> Settings:
    folder = given.var_dir / "demonstration" if given.demonstration else given.var_dir
    defaults = {
        "database_url": f"sqlite:///{folder / 'registry.db'}",
        "storage_url": f"file://{folder / 'files'}",
        "mail_url": f"file://{folder / 'mail'}",
        "secret_key": _kept_secret(folder / "secret_key") if given.demonstration and not given.secret_key else "",
        "concern_key": (_kept_secret(folder / "concern_key"),) if given.demonstration and not given.concern_key else (),
        "second_factor": "optional" if given.demonstration else "required",
    }
    values = {f.name: getattr(given, f.name) for f in fields(Settings)}
    return Settings(**{name: value or defaults.get(name, value) for name, value in values.items()})


def _kept_secret(path: Path) -> str:
    """A demonstration makes its own key once, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), "ascii")
    return path.read_text("ascii").strip()


def _checked(settings: Settings) -> Settings:
    if len(settings.secret_key) < MIN_SECRET:
        raise BadSetting(
            f"SECRET_KEY must be set to at least {MIN_SECRET} random characters; "
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    _allowed("PUBLIC_URL", settings.public_url, ("http://", "https://"))
    _allowed("DATABASE_URL", settings.database_url, ("sqlite:///", "postgresql+psycopg://"))
    _allowed("STORAGE_URL", settings.storage_url, ("file://", "s3://"))
    _allowed("MAIL_URL", settings.mail_url, ("file://", "smtp://", "smtps://", "smtp+starttls://"))
    _allowed("CLAMD_URL", settings.clamd_url or "tcp://", ("tcp://", "unix:///"))
    if any(len(key) < MIN_SECRET for key in settings.encryption_key):
        raise BadSetting(f"ENCRYPTION_KEY must be one or more keys of at least {MIN_SECRET} characters, with commas.")
    _apart(settings)
    if settings.wording not in {"A", "B"}:
        raise BadSetting("WORDING must be A or B; see docs/operations.md for the words behind the letters.")
    if not settings.trusted_hosts:
        raise BadSetting("TRUSTED_HOSTS must name at least one host, such as registry.example.vn.")
    return settings


def _checked_for_machines(settings: Settings) -> Settings:
    """What open data and security.txt say."""
    _allowed("LICENCE_URL", settings.licence_url, ("https://", "http://"))
    _allowed("SECURITY_CONTACT", settings.security_contact or "mailto:", ("mailto:", "https://", "tel:"))
    if not 1 <= settings.security_txt_days <= 365:
        raise BadSetting("SECURITY_TXT_DAYS must be from 1 to 365: RFC 9116 asks for less than a year.")
    return settings


def _checked_for_sessions(settings: Settings) -> Settings:
    """Who must show a second factor, and how long a session lasts."""
    if settings.second_factor not in {"required", "optional"}:
        raise BadSetting("SECOND_FACTOR must be required or optional: of the club's people; companies choose it.")
    for name in _LIMITS:
        if getattr(settings, name) < 1:
            raise BadSetting(f"{name.upper()} must be 1 or more.")
    return settings


def _apart(settings: Settings) -> None:
    """The contacts of concerns have a key of their own, which opens nothing else and which nothing else opens."""
    if any(len(key) < MIN_SECRET for key in settings.concern_key):
        raise BadSetting(f"CONCERN_KEY must be one or more keys of at least {MIN_SECRET} characters, with commas.")
    if set(settings.concern_key) & {settings.secret_key, *settings.encryption_key}:
        raise BadSetting("CONCERN_KEY must be another key than SECRET_KEY and ENCRYPTION_KEY.")


def _allowed(name: str, value: str, beginnings: tuple[str, ...]) -> None:
    if not value.startswith(beginnings):
        raise BadSetting(f"{name} must start with {' or '.join(beginnings)}, not with “{value.split(':')[0]}”.")
