"""Viewing as a member in a browser: what would change something looks closed, says why, and is not sent."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "You are viewing as Technician Tester; nothing can be changed."


def test_buttons_are_closed_and_say_why(world: World, context: BrowserContext, page: Page, live_server: Any) -> None:
    client = world.client("administrator")
    world.access("owner")
    member = world.users["technician"].memberships.get(organization=world.acme)
    client.post(f"/o/acme/members/{member.pk}/view-as/")
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.goto(f"/o/acme/members/{member.pk}/")
    closed = page.locator("main button[aria-describedby~=viewing]")
    expect(closed.first).to_have_attribute("aria-disabled", "true")
    closed.locator("visible=true").first.click(force=True)
    expect(page.locator("#toasts")).to_contain_text(REASON)
    page.evaluate("document.querySelector('main form[method=post]:not([data-stop])').requestSubmit()")
    assert sent == []
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    banner = page.locator("#viewing")
    expect(banner).to_be_in_viewport()
    banner.get_by_role("button", name="Stop").click()
    page.wait_for_url("**/o/acme/")
    assert len(sent) == 1
    expect(page.locator("#viewing")).to_have_count(0)
