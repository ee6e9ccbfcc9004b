"""Malformed values stop the start, and name the variable."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from manager import env


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.flag("X", False), "maybe"),
        (lambda: env.number("X", 1), "1.5"),
        (lambda: env.database("X"), "mysql://a/b"),
        (lambda: env.database("X"), "postgres://a:port/b"),
        (lambda: env.redis("X"), "http://a"),
        (lambda: env.mailer("X", "console:"), "imap://a"),
    ],
)
def test_malformed(read: Callable[[], object], value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match="X"):
        read()


def test_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("X", raising=False)
    with pytest.raises(ImproperlyConfigured, match="X must be set"):
        env.text("X")


def test_a_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("abc\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert env.text("X") == "abc"
    monkeypatch.setenv("X_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match="X_FILE"):
        env.text("X")


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgres://me:p%40ss@db.example:5433/portal")
    assert env.database("X") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "portal",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }
    monkeypatch.setenv("X", "postgres://me@/portal?host=/run/pg")
    assert env.database("X")["HOST"] == "/run/pg"
    monkeypatch.setenv("X", "unix:///run/redis.sock")
    assert env.redis("X") == "unix:///run/redis.sock"


def test_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "smtps://me:secret@mail.example")
    options = env.mailer("X", "console:")["OPTIONS"]
    assert (options["host"], options["port"], options["use_ssl"], options["use_tls"]) == (
        "mail.example",
        465,
        True,
        False,
    )
    monkeypatch.setenv("X", "file:///var/mail")
    assert env.mailer("X", "console:")["OPTIONS"] == {"file_path": "/var/mail"}
