"""Everything with the keyboard alone: ordering, inviting, changing what a domain points to; focus is never hidden."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from organizations import tenancy
from organizations.models import Invitation
from products.domains.models import Domain
from tests.browser.keys import COVERED, press, tab_to, write
from tests.browser.visit import PHONE, enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(world: World, context: BrowserContext, page: Page, live_server: Any) -> Page:
    enter(context, world, "owner", live_server.url)
    return page


def test_order_invite_and_change_the_dns(owner: Page, world: World) -> None:
    order(owner)
    invite(owner)
    with tenancy.scope(world.acme.pk):
        assert Invitation.objects.filter(organization=world.acme, email="keys@example.org").exists()
    change_the_dns(owner, world)


def order(page: Page) -> None:
    page.goto("/o/acme/")
    press(page, page.locator("#main a[href*='/order/hosting/']").first)
    write(page, page.locator("[name=name]"), "keys.ch")
    press(page, page.get_by_role("button", name="Put into the cart"))
    press(page, page.get_by_role("link", name="Continue to checkout"))
    press(page, page.locator("[name=terms]"), "Space")
    press(page, page.get_by_role("button", name="Place the order"))
    press(page, page.get_by_role("link", name="Pay CHF").first)
    tab_to(page, page.locator("[name=method]:checked, [name=method]").first)
    press(page, page.get_by_role("button", name="Pay CHF"))
    expect(page.get_by_text("Your products are being set up")).to_be_visible()


def invite(page: Page) -> None:
    press(page, page.locator("#sidebar").get_by_role("link", name="Users"))
    page.wait_for_url("**/members/")
    press(page, page.locator("#main").get_by_role("link", name="Invite").first)
    write(page, page.locator("[name=emails]"), "keys@example.org")
    tab_to(page, page.locator("[name=role]:checked"))
    before = page.locator("[name=role]:checked").get_attribute("value")
    page.keyboard.press("ArrowDown")
    assert page.locator("[name=role]:checked").get_attribute("value") != before
    press(page, page.locator("#main [type=submit]:not([tabindex='-1']):not([name=search])").last)
    expect(page.get_by_text("keys@example.org").first).to_be_visible()


def change_the_dns(page: Page, world: World) -> None:
    """From the sidebar to the domain, then its address."""
    press(page, page.locator("#sidebar").get_by_role("link", name="Domains"))
    press(page, page.locator("#main").get_by_role("link", name="acme.ch").first)
    point_elsewhere(page, "192.0.2.77")
    with tenancy.scope(world.acme.pk):
        assert str(Domain.objects.get(product=world.products["domains"]).ipv4) == "192.0.2.77"


def point_elsewhere(page: Page, address: str) -> None:
    """The website's addresses; another way to edit records has its own steps here."""
    write(page, page.locator("[name=ipv4]"), address)
    press(page, page.get_by_role("button", name="Save addresses"))
    expect(page.locator("#toasts .toast")).to_be_visible()


@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_focus_is_never_hidden(owner: Page, size: Any) -> None:
    """WCAG 2.4.11: no bar, toast or button in the corner covers what has the focus, forwards and backwards."""
    if size:
        owner.set_viewport_size(size)
    hidden = []
    for address in ("/o/acme/", "/o/acme/hosting/", "/o/acme/members/", "/o/acme/settings/", "/order/hosting/"):
        owner.goto(address)
        for key in ["Tab"] * 45 + ["Shift+Tab"] * 20:
            owner.keyboard.press(key)
            if covered := owner.evaluate(COVERED):
                hidden.append(f"{address}: {covered}")
    assert not hidden, "\n".join(dict.fromkeys(hidden))


def test_menus_open_close_and_give_the_focus_back(owner: Page) -> None:
    owner.goto("/o/acme/")
    for name in ("Products", "Help", "Your account"):
        button = owner.get_by_role("button", name=name, exact=True).first
        press(owner, button)
        menu = owner.locator(f"#{button.get_attribute('popovertarget')}")
        expect(menu).to_be_visible()
        owner.keyboard.press("Tab")
        assert menu.evaluate("menu => menu.contains(document.activeElement)"), name
        owner.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(button).to_be_focused()


def test_skipping_to_the_content(owner: Page) -> None:
    owner.goto("/o/acme/")
    owner.keyboard.press("Tab")
    expect(owner.get_by_role("link", name="Skip to content")).to_be_focused()
    owner.keyboard.press("Enter")
    expect(owner.locator("#main")).to_be_focused()
