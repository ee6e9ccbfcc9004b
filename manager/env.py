"""Typed readers of environment values.

A malformed value is a start-up error that names the variable. Every reader also accepts `NAME_FILE`,
the path of a file that holds the value, which is how container platforms hand over secrets.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import ParseResult, parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or of the file that `name`_FILE points to, without surrounding white space."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} must be set")
    return value.strip()


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of true, false, 1, 0, yes, no; it is {value!r}")


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def _url(name: str, default: str | None, schemes: set[str]) -> ParseResult:
    url = urlparse(text(name, default))
    if url.scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must start with one of {', '.join(sorted(schemes))}; it is {url.scheme!r}")
    return url


def database(name: str, default: str | None = None) -> dict[str, Any]:
    """A PostgreSQL address, `postgres://user:password@host:port/name` or `...?host=/socket/folder`."""
    url = _url(name, default, {"postgres", "postgresql"})
    query = dict(parse_qsl(url.query))
    try:
        port = str(url.port or query.get("port", ""))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a malformed port") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", unquote(url.hostname or "")),
        "PORT": port,
    }


def redis(name: str, default: str | None = None) -> str:
    """A Redis address: `redis://host:port/0`, `rediss://...` or `unix:///path.sock`."""
    _url(name, default, {"redis", "rediss", "unix"})
    return text(name, default)


def mailer(name: str, default: str) -> dict[str, Any]:
    """Where mail goes: `smtp://user:password@host:587?tls=1`, `file:///folder` or `console:`."""
    url = _url(name, default, {"smtp", "smtps", "file", "console"})
    if url.scheme == "console":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme == "file":
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": unquote(url.path)},
        }
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": url.hostname or "localhost",
            "port": url.port or (465 if url.scheme == "smtps" else 587),
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            # Well below the time a worker has for one mail.
            "timeout": 20,
            "use_ssl": url.scheme == "smtps",
            "use_tls": url.scheme == "smtp" and dict(parse_qsl(url.query)).get("tls", "1") == "1",
        },
    }
