"""Before somebody's access is suspended a dialog says whose, and what stops."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from organizations import tenancy
from organizations.models import Membership
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(world: World, context: BrowserContext, page: Page, live_server: Any) -> Page:
    cookie = world.client("owner").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


def suspended(world: World) -> set[str]:
    with tenancy.scope(world.acme.pk):
        rows = Membership.objects.exclude(suspended_at=None).values_list("user__email", flat=True)
        return {email.partition("@")[0] for email in rows}


def test_several_are_named_before_they_are_suspended(world: World, owner: Page) -> None:
    owner.goto("/o/acme/members/")
    for name in ("Viewer", "Biller"):
        owner.get_by_label(f"Select {name} Tester").check()
    owner.get_by_role("button", name="Suspend", exact=True).click()
    dialog = owner.get_by_role("dialog", name="Suspend these people?")
    expect(dialog.locator("[data-selected-names] li")).to_have_text(["Biller Tester", "Viewer Tester"])
    assert suspended(world) == {"suspended"}
    dialog.get_by_role("button", name="Suspend them").click()
    expect(owner.get_by_text("2 users are suspended.")).to_be_visible()
    assert suspended(world) == {"suspended", "viewer", "biller"}


def test_one_is_named_on_their_page(world: World, owner: Page) -> None:
    owner.goto("/o/acme/members/")
    owner.get_by_role("button", name="Actions for Viewer Tester").click()
    owner.get_by_role("link", name="Suspend access").click()
    dialog = owner.get_by_role("dialog", name="Suspend the access of Viewer Tester?")
    dialog.get_by_role("button", name="Keep it open").click()
    owner.get_by_role("button", name="Suspend access").click()
    dialog.get_by_role("button", name="Suspend Viewer Tester").click()
    expect(owner.get_by_text("The access of Viewer Tester is suspended.")).to_be_visible()
    assert suspended(world) == {"suspended", "viewer"}
