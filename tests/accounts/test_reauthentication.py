"""Before something dangerous a person proves once more who they are, and then it goes on by itself."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.http import HttpResponse
from django.test import Client

from organizations.models import Organization
from products.models import ApiToken
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db

RELEASE = "/o/acme/sign-in-rules/release/"
FRAGMENT = {"HX-Request": "true", "HX-Target": "main"}


@pytest.fixture(autouse=True)
def _rule(world: World) -> None:
    """Something dangerous to do: to let the rule go that is in force from 2999 on."""
    Organization.objects.filter(pk=world.acme.pk).update(second_factor_from="2999-01-01T00:00Z")
    EmailAddress.objects.create(
        user=world.users["owner"], email=world.users["owner"].email, verified=True, primary=True
    )


def client_of(world: World, seconds_ago: int) -> Client:
    client = Client()
    people.sign_in(client, world.users["owner"], seconds_ago=seconds_ago)
    return client


def is_released(world: World) -> bool:
    world.acme.refresh_from_db()
    return world.acme.second_factor_from is None


def question(answer: HttpResponse) -> str:
    """The address of the question, which leads back to what was asked."""
    assert answer.status_code == 302
    address = urlsplit(answer["Location"])
    assert parse_qs(address.query) == {"next": [RELEASE]}
    return address.path


def test_whoever_has_just_signed_in_is_not_asked(world: World) -> None:
    assert client_of(world, 30).post(RELEASE).status_code == 303
    assert is_released(world)


def test_ten_minutes_later_it_waits_for_the_password_and_goes_on(world: World) -> None:
    client = client_of(world, 600)
    asked = client.post(RELEASE)
    assert question(asked) == "/accounts/reauthenticate/"
    assert not is_released(world)
    page = client.get(asked["Location"])
    assert "Confirm that it is you" in page.content.decode()
    wrong = client.post(asked["Location"], {"password": "nonsense-of-owner"})
    assert wrong.status_code == 200
    assert not is_released(world)
    done = client.post(asked["Location"], {"password": "secret-of-owner"})
    assert (done.status_code, done["Location"]) == (303, "/o/acme/sign-in-rules/")
    assert is_released(world)
    # What comes next within some minutes is not asked again.
    assert client.post(RELEASE).status_code == 303


def test_an_old_question_is_answered_once(world: World) -> None:
    client = client_of(world, 600)
    asked = client.post(RELEASE)
    client.post(asked["Location"], {"password": "secret-of-owner"})
    Organization.objects.filter(pk=world.acme.pk).update(second_factor_from="2999-01-01T00:00Z")
    again = client.post(asked["Location"], {"password": "secret-of-owner"})
    assert (again.status_code, again["Location"]) == (302, RELEASE)
    assert not is_released(world)


def test_what_waits_meets_the_rights_of_that_moment(world: World) -> None:
    from organizations.models import Membership

    client = client_of(world, 600)
    asked = client.post(RELEASE)
    world.access("owner")
    Membership.objects.filter(user=world.users["owner"]).update(role="collaborator")
    answer = client.post(asked["Location"], {"password": "secret-of-owner"})
    assert answer.status_code == 403
    assert not is_released(world)


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_code_of_the_app_does_as_well(world: World) -> None:
    secret = generate_totp_secret()
    TOTP.activate(world.users["owner"], secret)
    client = client_of(world, 600)
    asked = client.post(RELEASE)
    page = client.get(asked["Location"]).content.decode()
    assert "/accounts/2fa/reauthenticate/" in page
    done = client.post(f"/accounts/2fa/reauthenticate/?next={RELEASE}", {"code": code(secret)})
    assert done.status_code == 303
    assert is_released(world)


def test_what_htmx_sends_is_done_no_sooner(world: World) -> None:
    client = client_of(world, 600)
    answer = client.post(RELEASE, headers=FRAGMENT)
    assert question(answer) == "/accounts/reauthenticate/"
    assert not is_released(world)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_is_not_dangerous(world: World, method: str) -> None:
    assert getattr(client_of(world, 86400), method)("/o/acme/sign-in-rules/").status_code in (200, 405)


def test_what_was_typed_goes_on_too(world: World) -> None:
    client = client_of(world, 600)
    data: dict[str, Any] = {"name": "Kept", "reach": "all", "lasts": "7"}
    asked = client.post("/o/acme/tokens/new/", data)
    done = client.post(asked["Location"], {"password": "secret-of-owner"})
    assert done.status_code == 200
    world.access("owner")
    assert ApiToken.objects.filter(name="Kept").exists()


@pytest.mark.parametrize("how", [{"method": "mfa", "type": "webauthn"}, {"method": "mfa", "type": "totp"}])
def test_a_second_factor_proves_it_as_well(world: World, how: dict[str, str]) -> None:
    client = client_of(world, 600)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        *session[AUTHENTICATION_METHODS_SESSION_KEY],
        how | {"at": time.time()},
    ]
    session.save()
    assert client.post(RELEASE).status_code == 303


def test_what_cannot_be_done_is_said_before_anybody_is_asked(world: World) -> None:
    client = client_of(world, 600)
    wrong = {
        "/o/acme/sign-in-rules/require/": {"start": "2001-01-01"},
        "/o/acme/tokens/new/": {"reach": "all", "lasts": "7"},
        "/o/acme/delete/": {"name": "Another"},
    }
    assert {address: client.post(address, data).status_code for address, data in wrong.items()} == dict.fromkeys(
        wrong, 422
    )
