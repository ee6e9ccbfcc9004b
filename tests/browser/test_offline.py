"""Without a network a page of ours appears; nothing of what was open before is kept for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.visit import enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IN_CHARGE = """() => new Promise((resolve) => {
  navigator.serviceWorker.addEventListener("controllerchange", () => resolve(null));
  if (navigator.serviceWorker.controller) resolve(null);
})"""
GONE = """async () => {
  while ((await navigator.serviceWorker.getRegistrations()).length) await new Promise((next) => setTimeout(next, 20));
  return true;
}"""
KEPT = """async () => {
  const names = await caches.keys();
  const lists = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())));
  return lists.flat().map((request) => new URL(request.url).pathname);
}"""


@pytest.fixture
def context(browser: Browser, live_server: Any, settings: Any, world: World) -> Iterator[BrowserContext]:
    """Workers live and die with their context."""
    settings.BASE_URL = live_server.url
    cache.clear()
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(15_000)
    enter(context, world, "owner", live_server.url)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/o/acme/")
    page.evaluate(IN_CHARGE)
    return page


def test_a_navigation_without_a_network_ends_on_the_offline_page(page: Page, context: BrowserContext) -> None:
    page.goto("/o/acme/hosting/")
    assert sorted(page.evaluate(KEPT)) == ["/offline/", "/static/app.css"]
    context.set_offline(True)
    page.goto("/o/acme/members/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    # It has its looks, and its address is the one that was asked for.
    assert page.locator(".empty").evaluate("element => getComputedStyle(element).textAlign") == "center"
    assert page.url.endswith("/o/acme/members/")
    # What was open is not kept: its address shows the same page.
    page.goto("/o/acme/hosting/")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(page.get_by_text("acme.ch")).to_have_count(0)
    context.set_offline(False)
    page.get_by_role("link", name="Load the page again").click()
    expect(page.get_by_role("heading", name="Hosting", level=1)).to_be_visible()


def test_forms_still_reach_the_server_through_the_worker(page: Page) -> None:
    page.goto("/profile/")
    page.locator("[name=first_name]").fill("Olga")
    page.locator("main form:has([name=first_name]) [type=submit]").first.click()
    expect(page.locator("[name=first_name]")).to_have_value("Olga")


def test_switched_off_it_removes_itself(page: Page, settings: Any) -> None:
    settings.OFFLINE_PAGE = False
    page.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => null)")
    assert page.evaluate(GONE)
    page.reload()
    assert page.evaluate(KEPT) == []
    assert page.evaluate(GONE)
