"""A passkey in a real browser, with a device that the browser pretends to have: added, used, renamed, removed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from accounts import second_factor
from accounts.models import SecurityEvent, User
from tests import people
from tests.browser.conftest import watched

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person(transactional_db: Any) -> User:
    cache.clear()
    user = people.user("anna")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def page(browser: Browser, live_server: Any, settings: Any, complaints: list[str]) -> Iterator[Page]:
    """Passkeys belong to a host with a name: an IP address has none."""
    address = live_server.url.replace("127.0.0.1", "localhost")
    settings.BASE_URL = address
    context = browser.new_context(base_url=address, locale="en-GB", viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(15_000)
    page = watched(context.new_page(), complaints)
    yield page
    context.close()
    assert complaints == []


def plug_in(page: Page) -> tuple[Any, str]:
    """The browser has a device that keeps passkeys, and answers at once."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    return devices, devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill("secret-of-anna")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/organizations/|/everywhere/"))


def sign_out(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")


def confirm(page: Page) -> None:
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password", exact=True).fill("secret-of-anna")
    page.get_by_role("button", name="Confirm").click()


def add(page: Page, name: str, *, alone: bool = True) -> None:
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    if page.get_by_role("heading", name="Confirm that it is you").is_visible():
        confirm(page)
    page.get_by_label("Name").fill(name)
    page.get_by_role("checkbox", name=re.compile("Sign in with it alone")).set_checked(alone)
    page.get_by_role("button", name="Add the passkey").click()


def test_a_passkey_from_its_first_day_to_its_last(page: Page, person: User) -> None:
    plug_in(page)
    sign_in(page, person)
    add(page, "Phone")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert second_factor.has_one(User.objects.get(pk=person.pk))

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile("/organizations/|/everywhere/"))
    assert SecurityEvent.objects.filter(user=person, verb="login").latest("pk").details["methods"] == ["webauthn"]

    page.goto("/accounts/2fa/")
    expect(page.get_by_text("Phone", exact=True)).to_be_visible()
    page.get_by_role("link", name="Manage passkeys").click()
    expect(page.get_by_text("Signs in without the password")).to_be_visible()
    page.get_by_role("link", name="Rename Phone").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name").fill("Old phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old phone").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    assert not Authenticator.objects.filter(user=person).exists()

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("Incorrect code")).to_be_visible()


def test_beside_the_password_it_is_asked_for_after_it(page: Page, person: User) -> None:
    plug_in(page)
    sign_in(page, person)
    add(page, "Key", alone=False)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill("secret-of-anna")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/organizations/|/everywhere/"))


def test_a_device_that_does_not_answer_is_told_of_in_words(page: Page, person: User) -> None:
    devices, device = plug_in(page)
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not used")).to_be_visible()
