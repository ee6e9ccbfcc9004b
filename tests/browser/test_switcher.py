"""Many organizations in a browser: finding one, giving it a face, and what is asked before one is deleted."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from organizations import tenancy
from organizations.models import Membership, Organization
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(world: World, context: BrowserContext, page: Page, live_server: Any) -> Page:
    for index in range(12):
        more = Organization.objects.create(name=f"Client {index:02}", slug=f"client-{index:02}", country="CH")
        with tenancy.scope(more.pk):
            Membership.objects.create(organization=more, user=world.users["owner"], role="administrator")
    cookie = world.client("owner").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


def test_the_switcher_finds_an_organization_by_its_name(owner: Page) -> None:
    owner.goto("/o/acme/")
    owner.get_by_role("button", name="Organization: Acme").click()
    menu = owner.get_by_role("dialog", name="Organizations")
    find = menu.get_by_role("searchbox", name="Find an organization")
    find.fill("nowhere")
    expect(menu.get_by_text("No organization of yours has this in its name.")).to_be_visible()
    find.fill("client 0")
    expect(menu.locator("li:visible")).to_have_count(10)
    find.fill("CLIENT 07")
    expect(menu.locator("li:visible")).to_have_count(1)
    find.press("Enter")
    owner.wait_for_url("**/o/client-07/")
    expect(owner.get_by_role("button", name="Organization: Client 07")).to_be_visible()


def test_the_list_of_everything_is_narrowed_to_an_organization(owner: Page) -> None:
    owner.goto("/everywhere/")
    expect(owner.locator("tbody tr")).to_have_count(3)
    owner.get_by_role("button", name="Kind").click()
    owner.get_by_role("link", name="Hosting", exact=True).click()
    expect(owner.locator("tbody tr")).to_have_count(1)
    owner.get_by_role("button", name="Organization", exact=True).click()
    owner.get_by_role("searchbox", name="Find: Organization").fill("client 03")
    owner.get_by_role("searchbox", name="Find: Organization").press("Enter")
    owner.wait_for_url("**organization=client-03**")
    expect(owner.get_by_role("heading", name="Nothing is like this")).to_be_visible()
    expect(owner.get_by_role("button", name="Kind: Hosting")).to_be_visible()


def test_a_logo_is_uploaded_and_seen(owner: Page) -> None:
    out = BytesIO()
    Image.new("RGB", (400, 300), "crimson").save(out, "JPEG")
    owner.goto("/o/acme/settings/")
    owner.get_by_label("Picture").set_input_files(
        [{"name": "logo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}]
    )
    owner.get_by_role("button", name="Upload the logo").click()
    expect(owner.get_by_text("The logo is saved.")).to_be_visible()
    logo = owner.locator(".organization-switcher img")
    expect(logo).to_have_js_property("naturalWidth", 256)
    owner.get_by_role("button", name="Remove the logo").click()
    expect(owner.get_by_text("The logo is removed.")).to_be_visible()
    expect(logo).to_have_count(0)


def test_deleting_shows_what_is_in_the_way(owner: Page) -> None:
    owner.goto("/o/acme/settings/")
    owner.get_by_role("link", name="Delete Acme").click()
    expect(owner.get_by_text("3 products are left")).to_be_visible()
    expect(owner.get_by_label("Type “Acme” to confirm")).to_be_disabled()
    owner.get_by_role("link", name="Go to its products").click()
    expect(owner.locator("tbody tr")).to_have_count(3)


def test_only_companies_and_associations_are_asked_for_a_vat_number(owner: Page) -> None:
    owner.goto("/organizations/new/")
    number = owner.get_by_label("VAT number")
    expect(number).to_be_visible()
    owner.get_by_text("Person", exact=True).click()
    expect(number).to_be_hidden()
    owner.get_by_text("Association", exact=True).click()
    expect(number).to_be_visible()
