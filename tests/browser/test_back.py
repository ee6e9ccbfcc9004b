"""After signing out, and after going on to another organization, Back shows nothing of what was open before."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from organizations import tenancy
from organizations.models import Membership
from organizations.roles import Role
from tests.browser.visit import enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What the browser holds for this site beside the page: nothing that names somebody or something.
HELD = "() => JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"
KEPT_ALIVE = """() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))"""


@pytest.fixture
def owner(world: World, context: BrowserContext, page: Page, live_server: Any) -> Page:
    """The owner belongs to the other organization too, which has products of the same name as its own."""
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["owner"], role=Role.ADMINISTRATOR)
    enter(context, world, "owner", live_server.url)
    page.goto("/o/acme/")
    page.goto("/o/acme/hosting/")
    expect(page.get_by_role("link", name="acme.ch").first).to_be_visible()
    return page


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/order/")


def switch(page: Page, name: str) -> None:
    page.locator(".organization-switcher").click()
    page.locator("#organizations").get_by_role("link", name=name).click()
    page.wait_for_url(f"**/o/{name.lower()}/")


def shows_nothing(page: Page) -> None:
    for text in (page.content(), page.evaluate(HELD)):
        assert "acme.ch" not in text
        assert "Owner Tester" not in text


def test_back_after_signing_out_asks_to_sign_in(owner: Page) -> None:
    sign_out(owner)
    shows_nothing(owner)
    assert "acme" not in owner.evaluate(HELD)
    for _ in range(2):
        owner.go_back(wait_until="load")
        expect(owner.get_by_role("heading", name="Sign in")).to_be_visible()
        shows_nothing(owner)


def test_forward_after_signing_out_shows_nothing_either(owner: Page) -> None:
    owner.go_back()
    sign_out(owner)
    owner.go_back(wait_until="load")
    owner.go_forward(wait_until="load")
    shows_nothing(owner)


def test_back_after_switching_stays_in_the_organization(owner: Page) -> None:
    switch(owner, "Other")
    for _ in range(2):
        owner.go_back(wait_until="load")
        owner.wait_for_url("**/o/other/")
        expect(owner.get_by_role("button", name="Organization: Other")).to_be_visible()
        assert "acme.ch" not in owner.content()


def test_another_tab_keeps_its_organization(owner: Page, context: BrowserContext) -> None:
    tab = context.new_page()
    tab.goto("/o/other/")
    tab.close()
    owner.goto("/o/acme/")
    owner.go_back(wait_until="load")
    expect(owner).to_have_url(r"http://" + owner.url.split("//")[1].split("/")[0] + "/o/acme/hosting/")


def test_what_htmx_drew_does_not_come_back(owner: Page) -> None:
    """A list that was narrowed without a new page; and the palette's answers."""
    find = owner.locator("main").get_by_role("searchbox").first
    find.press_sequentially("acme")
    owner.wait_for_url("**q=acme**", wait_until="commit")
    owner.keyboard.press("Control+k")
    expect(owner.locator("#palette input").first).to_be_focused()
    owner.keyboard.type("acme")
    expect(owner.locator("#palette-results a").first).to_be_visible()
    owner.keyboard.press("Escape")
    sign_out(owner)
    for _ in range(2):
        owner.go_back(wait_until="load")
        shows_nothing(owner)


def test_a_page_that_was_kept_alive_is_asked_for_anew(owner: Page, context: BrowserContext) -> None:
    """The session ended elsewhere; the browser shows the page from its memory."""
    context.clear_cookies()
    with owner.expect_navigation():
        owner.evaluate(KEPT_ALIVE)
    expect(owner.get_by_role("heading", name="Sign in")).to_be_visible()
    shows_nothing(owner)
