"""The portal works in a browser without JavaScript: every control is a link or a form first."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from organizations import tenancy
from organizations.models import Invitation, Membership
from organizations.roles import Role
from tests.access_matrix import proved
from tests.browser.visit import WIDE, enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser, live_server: Any, settings: Any, world: World) -> Iterator[Page]:
    settings.BASE_URL = live_server.url
    cache.clear()
    context = browser.new_context(
        base_url=live_server.url,
        viewport=WIDE,  # type: ignore[arg-type]
        locale="en-GB",
        java_script_enabled=False,
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def owner(page: Page, world: World, live_server: Any) -> Page:
    enter(page.context, world, "owner", live_server.url)
    return page


def test_signing_in_and_out(page: Page, world: World) -> None:
    proved(world, "owner")
    page.goto("/o/acme/hosting/")
    page.locator("[name=login]").fill("owner@example.com")
    page.locator("[name=password]").fill("secret-of-owner")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Hosting", level=1)).to_be_visible()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/o/acme/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_searching_and_filtering(owner: Page) -> None:
    owner.goto("/o/acme/")
    find = owner.locator(".topbar [name=q]")
    find.fill("acme")
    find.press("Enter")
    expect(owner.locator("main").get_by_role("link", name="acme.ch").first).to_be_visible()
    owner.goto("/o/acme/hosting/")
    narrow = owner.locator("main").get_by_role("searchbox").first
    narrow.fill("nothing-like-this")
    narrow.press("Enter")
    expect(owner.locator("main").get_by_role("link", name="acme.ch")).to_have_count(0)
    narrow = owner.locator("main").get_by_role("searchbox").first
    narrow.fill("acme")
    narrow.press("Enter")
    expect(owner.locator("main").get_by_role("link", name="acme.ch").first).to_be_visible()


def test_ordering_and_paying(owner: Page) -> None:
    owner.goto("/order/hosting/?organization=acme")
    owner.locator("[name=name]").fill("scriptless.ch")
    owner.get_by_role("button", name="Put into the cart").click()
    owner.get_by_role("link", name="Continue to checkout").click()
    owner.locator("[name=terms]").check()
    owner.get_by_role("button", name="Place the order").click()
    owner.get_by_role("link", name="Pay CHF").first.click()
    owner.get_by_role("button", name="Pay CHF").click()
    expect(owner.get_by_text("Your products are being set up")).to_be_visible()


def test_inviting(owner: Page, world: World) -> None:
    owner.goto("/o/acme/invitations/")
    owner.locator("main").get_by_role("link", name="Invite someone", exact=True).first.click()
    owner.locator("[name=emails]").fill("scriptless@example.org")
    owner.locator("main [type=submit]:not([tabindex='-1']):not([name=search])").last.click()
    expect(owner.get_by_text("scriptless@example.org").first).to_be_visible()
    with tenancy.scope(world.acme.pk):
        assert Invitation.objects.filter(organization=world.acme, email="scriptless@example.org").exists()


def test_switching_the_organization(owner: Page, world: World) -> None:
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["owner"], role=Role.ADMINISTRATOR)
    owner.goto("/o/acme/")
    owner.locator(".organization-switcher").click()
    owner.locator("#organizations").get_by_role("link", name="Other").click()
    expect(owner.locator(".organization-switcher")).to_contain_text("Other")


def test_changing_the_theme(owner: Page) -> None:
    owner.goto("/o/acme/")
    owner.get_by_role("button", name="Your account").click()
    owner.locator("#account").get_by_text("Dark", exact=True).click()
    owner.locator("#account").get_by_role("button", name="Apply").first.click()
    expect(owner.locator("html")).to_have_attribute("data-theme", "dark")
    assert owner.url.endswith("/o/acme/")
