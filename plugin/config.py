"""The environment, read once. Nothing else in Chartside reads it.

Every setting is one line of `Settings`; the README's table lists the same names.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import current_app

INSTANCE_DATABASE = "chartside.db"


class ConfigurationError(click.ClickException):
    """The environment cannot start Chartside; the message names every variable at fault.

    A ClickException, so that `flask` prints the message without a traceback and exits with status 1.
    """


@dataclass(frozen=True)
class Settings:
    """What INTERFACE calls the environment, parsed."""

    client_id: str
    client_secret: str
    base_url: str
    """Root of the vendor's `/o/…` and `/api/…`, without a trailing slash; the only host ever called."""
    api_version: str
    webhook_secret: str | None
    """None: the webhook route does not exist."""
    hourly_limit: int
    burst_limit: int
    public_url: str
    """This application's own root, without a trailing slash."""
    secret_key: str
    encryption_keys: tuple[bytes, ...]
    """32 bytes each; the first encrypts, all decrypt."""
    database_url: str
    frame_ancestors: tuple[str, ...]
    launch_leeway_seconds: int
    launch_max_age_seconds: int
    panel_session_minutes: int
    chart_ttl_minutes: int
    retention_days: int
    upstream_timeout_seconds: float
    metrics_token: str | None
    """None: the metrics route does not exist."""
    trusted_proxies: int
    port: int
    """gunicorn.conf.py listens on it; here so that a malformed one is refused with the others."""
    web_concurrency: int
    """Processes; as `port`."""

    @property
    def is_https(self) -> bool:
        """True when doctors reach this application over https; cookies are then Secure."""
        return self.public_url.startswith("https://")

    @property
    def redirect_uri(self) -> str:
        """Where DrChrono sends a doctor back to; registered with the vendor to the letter."""
        return f"{self.public_url}/onboarding/callback"


def settings() -> Settings:
    """The running application's settings; needs an application context."""
    loaded: Settings = current_app.extensions["chartside-settings"]
    return loaded


def load_settings(environment: Mapping[str, str], instance_path: str) -> Settings:
    """Parse `environment`; raise ConfigurationError naming every missing or malformed variable at once."""
    problems: list[str] = []
    values: dict[str, Any] = {}
    for field, variable, default, parse in _TABLE:
        text = (environment.get(variable) or "").strip()
        if not text and default is _REQUIRED:
            problems.append(f"{variable} is missing")
            continue
        try:
            values[field] = parse(text) if text else default
        except ValueError as error:
            problems.append(f"{variable} {error}")
    if problems:
        raise ConfigurationError("Chartside cannot start: " + "; ".join(problems) + ".")
    if values["database_url"] is None:
        values["database_url"] = f"sqlite:///{Path(instance_path) / INSTANCE_DATABASE}"
    return Settings(**values)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return parse


def _seconds(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or not low <= float(text) <= high:
            raise ValueError(f"must be a number of seconds from {low:g} to {high:g}")
        return float(text)

    return parse


def _root_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine = False
    unwanted = parts.query or parts.fragment or parts.username or any(c.isspace() for c in text)
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine or unwanted:
        raise ValueError(
            "must be an http or https address without query, such as https://chartside.example.com"
        )
    return text.rstrip("/")


def _keys(text: str) -> tuple[bytes, ...]:
    keys = []
    for position, key in enumerate((part.strip() for part in text.split(",")), start=1):
        try:
            decoded = base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            decoded = b""
        if len(decoded) != 32:
            raise ValueError(
                f"key {position} must be 32 bytes in url-safe base64, as Fernet.generate_key() prints"
            )
        keys.append(decoded)
    return tuple(keys)


def _secret_key(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must have 32 characters or more")
    return text


def _database_url(text: str) -> str:
    if text.startswith("sqlite://"):
        return text
    for scheme in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if text.startswith(scheme):
            return "postgresql+psycopg://" + text.removeprefix(scheme)
    raise ValueError("must start with sqlite:/// or postgresql://")


def _sources(text: str) -> tuple[str, ...]:
    sources = tuple(text.split())
    if any(re.search(r"[;,]", source) for source in sources):
        raise ValueError("must be space separated addresses without ; or ,")
    return sources


def _version(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", text):
        raise ValueError("must be a version such as v4")
    return text


_REQUIRED = object()
_TABLE: tuple[tuple[str, str, Any, Callable[[str], Any]], ...] = (
    ("client_id", "DRCHRONO_CLIENT_ID", _REQUIRED, str),
    ("client_secret", "DRCHRONO_CLIENT_SECRET", _REQUIRED, str),
    ("base_url", "DRCHRONO_BASE_URL", "https://app.drchrono.com", _root_url),
    ("api_version", "DRCHRONO_API_VERSION", "v4", _version),
    ("webhook_secret", "DRCHRONO_WEBHOOK_SECRET", None, str),
    ("hourly_limit", "DRCHRONO_HOURLY_LIMIT", 500, _whole(1, 1_000_000)),
    ("burst_limit", "DRCHRONO_BURST_LIMIT", 9, _whole(1, 1000)),
    ("public_url", "PUBLIC_URL", _REQUIRED, _root_url),
    ("secret_key", "SECRET_KEY", _REQUIRED, _secret_key),
    ("encryption_keys", "ENCRYPTION_KEYS", _REQUIRED, _keys),
    ("database_url", "DATABASE_URL", None, _database_url),
    ("frame_ancestors", "FRAME_ANCESTORS", ("https://*.drchrono.com",), _sources),
    ("launch_leeway_seconds", "LAUNCH_LEEWAY_SECONDS", 60, _whole(0, 3600)),
    ("launch_max_age_seconds", "LAUNCH_MAX_AGE_SECONDS", 900, _whole(1, 86_400)),
    ("panel_session_minutes", "PANEL_SESSION_MINUTES", 30, _whole(1, 720)),
    ("chart_ttl_minutes", "CHART_TTL_MINUTES", 60, _whole(0, 1440)),
    ("retention_days", "RETENTION_DAYS", 1, _whole(0, 3650)),
    ("upstream_timeout_seconds", "UPSTREAM_TIMEOUT_SECONDS", 5.0, _seconds(1, 7)),
    ("metrics_token", "METRICS_TOKEN", None, str),
    ("trusted_proxies", "TRUSTED_PROXIES", 0, _whole(0, 10)),
    ("port", "PORT", 8000, _whole(1, 65535)),
    ("web_concurrency", "WEB_CONCURRENCY", 2, _whole(1, 1000)),
)
