"""The guard of conftest.py does guard: a page that asked a provider would break the suite."""

import os
import socket

import pytest

from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.mark.skipif("%2F" not in os.environ.get("DATABASE_URL", ""), reason="the database is not on a Unix socket here")
def test_a_page_that_calls_a_provider_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*args: object) -> None:
        socket.create_connection(("127.0.0.1", 9), timeout=1)

    monkeypatch.setattr("manager.shell.views.tiles", ask)
    with pytest.raises(AssertionError, match="a request called"):
        world.client("owner").get("/o/acme/")


def test_outside_a_request_it_does_not(world: World) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - nothing listens there, which is the point
        socket.create_connection(("127.0.0.1", 9), timeout=1)
