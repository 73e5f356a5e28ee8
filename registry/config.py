"""Settings from the environment: read once, typed, and refused in words when they make no sense."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from registry import journal

MIN_SECRET = 32  # characters
_EXAMPLES = ("changeme", "change-me", "change_me", "your-secret", "example-secret")
FEWEST_SIGNS = 10  # different ones in a key: "changemechangeme..." and "0000..." are none
AT_HOME = {"", "localhost", "127.0.0.1", "::1"}  # hosts to which nothing leaves this machine
_LIMITS = ("step_up_minutes", "club_idle_minutes", "club_session_hours", "company_idle_hours", "company_session_hours")
_WHOLE = (
    "proxy_hops",
    "max_upload_mb",
    "company_quota_mb",
    "port",
    "api_per_minute",
    "security_txt_days",
    "publish_days",
    "page_cache_mb",
    *_LIMITS,
)


class BadSetting(SystemExit):
    """The environment asks for something that cannot work; the message names the variable and the mend."""


@dataclass(frozen=True)
class Settings:
    """Every setting, each documented in docs/operations.md under the name of its variable (upper case)."""

    demonstration: bool = False
    var_dir: Path = Path("var")
    secret_key: str = ""
    secret_key_old: tuple[str, ...] = ()
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
    metrics_token: str = ""
    publish_to: str = ""
    publish_days: int = 3
    page_cache_mb: int = 8
    second_factor: str = ""
    step_up_minutes: int = 10
    club_idle_minutes: int = 60
    club_session_hours: int = 12
    company_idle_hours: int = 72
    company_session_hours: int = 336
    host: str = "127.0.0.1"
    port: int = 8000
    log_format: str = "json"
    log_level: str = "info"

    @property
    def signing_keys(self) -> list[str]:
        """What cookies and tokens may be signed with, as itsdangerous has it: the last signs, every one is accepted."""
        return [*reversed(self.secret_key_old), self.secret_key]

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
    settings = _checked_for_sessions(_checked_for_machines(_checked(_completed(_typed(values)))))
    _refuse_debugging(given, settings)
    return settings


def cautions(settings: Settings) -> list[str]:
    """What works and should not stay so: said in the log at each start, and no reason not to run."""
    storage = parse_qs(urlsplit(settings.storage_url).query).get("endpoint", [""])[0]
    database = settings.database_url
    verified = parse_qs(urlsplit(database).query).get("sslmode", [""])[0] in {"verify-full", "verify-ca"}
    found = {
        "PUBLIC_URL is not https: passwords and cookies go over the line as they are": (
            not settings.secure and _elsewhere(settings.public_url)
        ),
        "DATABASE_URL leads to another machine without sslmode=verify-full": not verified and _elsewhere(database),
        "STORAGE_URL leads to another machine over http": storage.startswith("http://") and _elsewhere(storage),
        "MAIL_URL leads to another machine without TLS": (
            settings.mail_url.startswith("smtp://") and _elsewhere(settings.mail_url)
        ),
        "CLAMD_URL leads to another machine, and files go there as they are": _elsewhere(settings.clamd_url),
    }
    return [sentence for sentence, so in found.items() if so]


def _elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.scheme.startswith(("sqlite", "file", "unix")) and (parts.hostname or "") not in AT_HOME


def _refuse_debugging(given: Mapping[str, str], settings: Settings) -> None:
    """The debugger of Flask runs whatever somebody types: never where anybody else can come."""
    asked = given.get("FLASK_DEBUG", "0").strip().lower() not in {"", "0", "false", "no"}
    if asked and (settings.host not in AT_HOME - {""} or _elsewhere(settings.public_url)):
        raise BadSetting("FLASK_DEBUG is for a site on this machine only: take it away, or set HOST and PUBLIC_URL so.")


def _typed(values: dict[str, str]) -> Settings:
    typed: dict[str, Any] = {
        "demonstration": values.pop("demonstration", "0").lower() in {"1", "true", "yes"},
        "webhooks_at_home": values.pop("webhooks_at_home", "0").lower() in {"1", "true", "yes"},
        "var_dir": Path(values.pop("var_dir", "var")).absolute(),
        "trusted_hosts": _hosts(values),
        "secret_key_old": _listed(values.pop("secret_key_old", "")),
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
    if path.exists() and path.stat().st_mode & 0o077:
        raise BadSetting(f"Others can read {path}: chmod 600 it, or delete it to have a new key made.")
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
    _refuse_patterns(settings)
    _allowed("PUBLIC_URL", settings.public_url, ("http://", "https://"))
    _allowed("DATABASE_URL", settings.database_url, ("sqlite:///", "postgresql+psycopg://"))
    _allowed("STORAGE_URL", settings.storage_url, ("file://", "s3://"))
    _allowed("MAIL_URL", settings.mail_url, ("file://", "smtp://", "smtps://", "smtp+starttls://"))
    _allowed("CLAMD_URL", settings.clamd_url or "tcp://", ("tcp://", "unix:///"))
    if any(len(key) < MIN_SECRET for key in settings.secret_key_old):
        raise BadSetting(f"SECRET_KEY_OLD must be one or more keys of at least {MIN_SECRET} characters, with commas.")
    if any(len(key) < MIN_SECRET for key in settings.encryption_key):
        raise BadSetting(f"ENCRYPTION_KEY must be one or more keys of at least {MIN_SECRET} characters, with commas.")
    _apart(settings)
    _one_of("LOG_FORMAT", settings.log_format, journal.FORMATS)
    _one_of("LOG_LEVEL", settings.log_level, tuple(journal.LEVELS))
    if settings.wording not in {"A", "B"}:
        raise BadSetting("WORDING must be A or B; see docs/operations.md for the words behind the letters.")
    if not settings.trusted_hosts:
        raise BadSetting("TRUSTED_HOSTS must name at least one host, such as registry.example.vn.")
    return settings


def _checked_for_machines(settings: Settings) -> Settings:
    """What open data and security.txt say, and who may read the figures."""
    if settings.metrics_token and len(settings.metrics_token) < MIN_SECRET:
        raise BadSetting(f"METRICS_TOKEN must be at least {MIN_SECRET} random characters, or not set.")
    _allowed("LICENCE_URL", settings.licence_url, ("https://", "http://"))
    _allowed("SECURITY_CONTACT", settings.security_contact or "mailto:", ("mailto:", "https://", "tel:"))
    if not 1 <= settings.security_txt_days <= 365:
        raise BadSetting("SECURITY_TXT_DAYS must be from 1 to 365: RFC 9116 asks for less than a year.")
    if not 1 <= settings.publish_days <= 30:
        raise BadSetting("PUBLISH_DAYS must be from 1 to 30: so long a page of the static copy says that it holds.")
    return settings


def _refuse_patterns(settings: Settings) -> None:
    """A key that somebody could think of is none, and no password goes over the line as it is."""
    keys = {"SECRET_KEY": (settings.secret_key,), "SECRET_KEY_OLD": settings.secret_key_old}
    tokens = {
        "ENCRYPTION_KEY": settings.encryption_key,
        "CONCERN_KEY": settings.concern_key,
        "METRICS_TOKEN": tuple(filter(None, [settings.metrics_token])),
    }
    for name, given in {**keys, **tokens}.items():
        if any(len(set(key)) < FEWEST_SIGNS or any(word in key.lower() for word in _EXAMPLES) for key in given):
            raise BadSetting(f"{name} must be random: it is from an example, or has hardly any different characters.")
    mail = urlsplit(settings.mail_url)
    if mail.scheme == "smtp" and mail.password and _elsewhere(settings.mail_url):
        raise BadSetting("MAIL_URL would send its password as it is: use smtp+starttls:// or smtps://.")


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
    if set(settings.concern_key) & {*settings.signing_keys, *settings.encryption_key}:
        raise BadSetting("CONCERN_KEY must be another key than SECRET_KEY and ENCRYPTION_KEY.")


def _one_of(name: str, value: str, names: tuple[str, ...]) -> None:
    if value not in names:
        raise BadSetting(f"{name} must be {' or '.join(names)}, not “{value}”.")


def _allowed(name: str, value: str, beginnings: tuple[str, ...]) -> None:
    if not value.startswith(beginnings):
        raise BadSetting(f"{name} must start with {' or '.join(beginnings)}, not with “{value.split(':')[0]}”.")
