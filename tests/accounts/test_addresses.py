"""From where somebody came: what the connection says, and a proxy's word only where a proxy is trusted."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import SecurityEvent, User
from organizations import tenancy
from organizations.models import Event
from tests.access_matrix import invitation_data
from tests.accounts.signing_in import FIREFOX, IPHONE, delivered, log_in, person
from tests.people import World

pytestmark = pytest.mark.django_db

LIES = {
    "X-Forwarded-For": "203.0.113.66",
    "CF-Connecting-IP": "203.0.113.66",
    "X-Real-IP": "203.0.113.66",
    "True-Client-IP": "203.0.113.66",
    "Forwarded": "for=203.0.113.66",
    "X-Client-IP": "203.0.113.66",
}


@pytest.fixture
def user() -> User:
    cache.clear()
    return person()


@pytest.mark.parametrize("host", ["localhost:6666", "[::1]:6666"])
def test_a_forged_host_is_in_no_warning(user: User, settings: Any, host: str) -> None:
    settings.BASE_URL = "https://portal.example"
    headers = {"Host": host, "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for agent in (FIREFOX, IPHONE):
        client = Client(headers=headers | {"User-Agent": agent})
        log_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": "secret-of-anna"})
    new = {"oldpassword": "secret-of-anna", "password1": "another-long-way-8", "password2": "another-long-way-8"}
    client.post("/accounts/password/change/", new)
    mails = delivered(user.email)
    assert [mail.subject for mail in mails] == ["New sign-in to your account", "Your password was changed"]
    for mail in mails:
        links = re.findall(r"\w+://\S+", mail.body)
        assert links
        assert all(link.startswith("https://portal.example") for link in links)
        assert not re.search(r"6666|localhost|evil", mail.subject + mail.body)


@pytest.mark.parametrize("header", LIES)
def test_nobody_chooses_the_address_in_the_log(user: User, header: str) -> None:
    log_in(Client(headers={header: LIES[header]}, REMOTE_ADDR="192.0.2.1"), user)
    assert SecurityEvent.objects.get().address == "192.0.2.1"


def test_nobody_goes_round_the_limit_by_a_header(user: User) -> None:
    answers = [
        Client(headers=dict.fromkeys(LIES, f"203.0.113.{n}"), REMOTE_ADDR="192.0.2.1").post(
            "/accounts/login/", {"login": f"nobody{n}@example.com", "password": "wrong"}
        )
        for n in range(12)
    ]
    assert "Too many" in answers[-1].text


def test_behind_one_proxy_its_word_counts_and_no_other(user: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    headers = LIES | {"X-Forwarded-For": "203.0.113.66, 198.51.100.7"}
    log_in(Client(headers=headers, REMOTE_ADDR="192.0.2.1"), user)
    assert SecurityEvent.objects.get().address == "198.51.100.7"


def test_the_activity_log_keeps_the_same_address(world: World) -> None:
    client = world.client("owner", headers=LIES, REMOTE_ADDR="192.0.2.1")
    hosting = world.products["hosting"]
    client.post(f"/o/acme/hosting/{hosting.pk}/label/", {"text": "Ours"})
    with tenancy.scope(world.acme.pk):
        assert Event.objects.get(organization=world.acme, verb="product.label").address == "192.0.2.1"


def test_a_forged_host_is_in_no_invitation(world: World, settings: Any) -> None:
    settings.BASE_URL = "https://portal.example"
    headers = {"Host": "localhost:6666", "X-Forwarded-Host": "evil.example"}
    answer = world.client("owner", headers=headers).post("/o/acme/invitations/new/", invitation_data(world))
    assert answer.status_code == 303
    (mail,) = delivered("new@example.com")
    assert "https://portal.example/invitations/" in mail.body
    assert not re.search(r"6666|localhost|evil", mail.subject + mail.body)
