"""Inviting and joining, in a real browser: finding a product, copying the link, and accepting in another profile."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import people
from tests.browser.conftest import watched
from tests.organizations.invited import EMAIL, member, of, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(context: BrowserContext, client: Client, url: str) -> None:
    """The browser is signed in as the test's client."""
    context.add_cookies([{"name": name, "value": morsel.value, "url": url} for name, morsel in client.cookies.items()])


def test_invite_copy_and_join(
    browser: Browser, context: BrowserContext, page: Page, live_server: Any, complaints: list[str]
) -> None:
    world = people.make()
    cache.clear()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(context, world.client("owner"), live_server.url)
    page.goto("/o/acme/invitations/new/")
    page.get_by_label("Email addresses").fill(EMAIL)
    group = page.get_by_role("radiogroup", name="Level: acme.ch")
    group.nth(1).get_by_text("Technical").click()
    # What is found takes the place of what was not chosen; what was chosen stays.
    page.get_by_role("searchbox", name="Find a product").fill("nothing like it")
    expect(group).to_have_count(1)
    expect(group.get_by_label("Technical")).to_be_checked()
    # An administrator has every product: there is nothing to choose.
    page.get_by_text("Administrator").click()
    expect(page.get_by_role("heading", name="Products")).to_be_hidden()
    page.get_by_text("Collaborator").first.click()
    page.get_by_role("button", name="Send the invitation").click()
    row = page.get_by_role("listitem").filter(has_text=EMAIL)
    expect(row).to_contain_text("Collaborator, 1 product")
    row.get_by_role("button", name="Copy link").click()
    expect(row.get_by_role("button", name="Copied")).to_be_visible()
    link = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.fullmatch(rf"{live_server.url}/invitations/[\w.-]+/", link)
    user = person()
    other = browser.new_context(base_url=live_server.url)
    enter(other, sign_in(user), live_server.url)
    guest = watched(other.new_page(), complaints)
    guest.goto(link)
    expect(guest.get_by_text("Hosting acme.ch: Technical")).to_be_visible()
    guest.get_by_role("button", name="Accept").click()
    expect(guest.get_by_text("Welcome to Acme.")).to_be_visible()
    other.close()
    assert member(world, user) is not None
    assert of(world).accepted_by == user


def sign_in(user: Any) -> Client:
    client = Client()
    people.sign_in(client, user)
    return client
