"""Redis is down, or hangs: nobody waits, whatever needs no count works, and nothing that needs one slips through."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from redis.connection import UnixDomainSocketConnection

from accounts.models import Mail, User
from accounts.tasks import send_mail
from manager.celery import app
from manager.web.broker import PATIENCE, SILENCE, wake
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[str]:
    """A server that takes every connection and answers nothing."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "hangs.sock"))
        listener.listen(64)
        yield f"unix://{tmp_path}/hangs.sock"


@pytest.fixture(params=["down", "hanging"])
def without_redis(request: pytest.FixtureRequest, world: World, settings: Any, hanging: str, tmp_path: Path) -> World:
    where = hanging if request.param == "hanging" else f"unix://{tmp_path}/nowhere.sock"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": where}}
    with pytest.raises(Exception, match=r"[Tt]imed? ?out|No such file"):
        cache.get("anything")
    return world


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For each attempt to reach Redis, how many seconds it waits for an answer at most."""
    lasting: list[float] = []
    connect = UnixDomainSocketConnection._connect

    def counted(self: UnixDomainSocketConnection) -> socket.socket:
        lasting.append(self.socket_timeout)
        return connect(self)

    monkeypatch.setattr(UnixDomainSocketConnection, "_connect", counted)
    return lasting


def test_no_connection_takes_longer_either(settings: Any) -> None:
    for options in (settings.CACHES["default"]["OPTIONS"], PATIENCE):
        assert options == {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


GUARDED = {
    "/accounts/login/": {"login": "owner@example.com", "password": "secret-of-owner"},
    "/accounts/signup/": {"first_name": "A", "last_name": "B", "email": "a@example.org", "password1": "a-long-walk-7"},
    "/accounts/password/reset/": {"email": "owner@example.com"},
}


@pytest.mark.parametrize("address", GUARDED)
def test_what_is_counted_is_asked_for_later(without_redis: World, attempts: list[float], address: str) -> None:
    people = User.objects.count()
    client = Client()
    assert client.get(address).status_code == 200
    answer = client.post(address, GUARDED[address])
    assert attempts == [0.5]
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "again in a minute" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert (User.objects.count(), Mail.objects.count()) == (people, 0)


def test_everything_else_works_and_asks_for_no_redis(without_redis: World, attempts: list[float]) -> None:
    client = without_redis.client("owner")
    for address in ("/o/acme/", "/o/acme/hosting/", "/order/", "/cart/", "/profile/", "/accounts/email/", "/live/"):
        assert client.get(address).status_code == 200, address
    assert client.post("/profile/", {"first_name": "Anna", "last_name": "Walker"}).status_code == 303
    assert client.post("/accounts/logout/").status_code == 302
    assert attempts == []


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes this the address of the broker."""
    monkeypatch.setattr("manager.web.broker._silent_until", 0.0)
    return lambda address: monkeypatch.setattr(app.conf, "broker_write_url", address)


def test_a_worker_is_woken(broker: Any) -> None:
    broker("memory://wake")
    wake(send_mail, 17)
    with app.connection_for_write(transport_options=PATIENCE) as connection:
        message = connection.SimpleQueue("celery").get_nowait()
    assert (message.headers["task"], message.payload[0]) == ("accounts.tasks.send_mail", [17])


def test_nobody_waits_for_a_broker_that_hangs(
    broker: Any, hanging: str, attempts: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    broker(hanging.replace("unix://", "redis+socket://"))
    for number in range(10):
        wake(send_mail, number)
    assert attempts == [0.5, 0.5]
    assert caplog.text.count("waits for the sweep") == 10


def test_the_broker_is_asked_again_after_a_moment(broker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broker(f"redis+socket://{tmp_path}/nowhere.sock")
    wake(send_mail, 1)
    broker("memory://again")
    wake(send_mail, 2)
    monkeypatch.setattr("manager.web.broker.monotonic", lambda: time.monotonic() + SILENCE)
    wake(send_mail, 3)
    with app.connection_for_write(transport_options=PATIENCE) as connection:
        queue = connection.SimpleQueue("celery")
        assert queue.get_nowait().payload[0] == [3]
        with pytest.raises(queue.Empty):
            queue.get_nowait()


def test_other_errors_are_not_hidden(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr("accounts.actions.profile.rename", broken)
    client = world.client("owner", raise_request_exception=False)
    assert client.post("/profile/", {"first_name": "A", "last_name": "B"}).status_code == 500
