"""What every test may use: the people of `tests.people`, fast passwords, and no step that takes time."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started

from tests import people
from tests.people import World

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync --disable-dev-shm-usage"
)

# Playwright's loop runs in the tests' thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(autouse=True)
def _quick(settings: Any, tmp_path: Any) -> None:
    """No test waits for a hash or for a simulated step; each has a sandbox world of its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SANDBOX_STEP_SECONDS = 0
    settings.STATE_DIR = tmp_path
    settings.POWERDNS_URL = ""
    # Static files under their own names: nothing here was collected.
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.STORAGES = settings.STORAGES | plain


@pytest.fixture
def world(db: Any) -> World:
    """Two organizations with products, and everybody who matters to the rights."""
    cache.clear()
    return people.make()


@pytest.fixture(autouse=True)
def _no_remote_call_in_a_request(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While a request is handled, sockets lead to PostgreSQL and Redis only, which listen on Unix sockets here."""
    here = threading.local()
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if getattr(here, "handling", False) and self.family != socket.AF_UNIX:
            raise AssertionError(f"a request called {address}")
        connect(self, address)

    def began(**kwargs: Any) -> None:
        here.handling = True

    def ended(**kwargs: Any) -> None:
        here.handling = False

    if all(os.environ.get(name, "").count("%2F") or "unix:" in os.environ.get(name, "") for name in SERVERS):
        monkeypatch.setattr(socket.socket, "connect", guarded)
    request_started.connect(began)
    request_finished.connect(ended)
    yield
    request_started.disconnect(began)
    request_finished.disconnect(ended)


SERVERS = ("DATABASE_URL", "REDIS_URL")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium. Without one, browser tests are left out, but for CI, where that is a failure."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        assert os.environ.get("CI") != "true", "CI tests in a real browser, and Chromium was not found"
        pytest.skip("Chromium is not installed here")
    # Chromium's sandbox does not work for root.
    sandbox = {"chromium_sandbox": os.geteuid() != 0}
    return browser_type_launch_args | sandbox | {"executable_path": program, "args": QUIET.split()}
