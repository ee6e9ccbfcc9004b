"""The story of people and rights, in two browsers: a company invites its webmaster to one hosting, and what follows."""

import quopri
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import watched
from tests.browser.test_story import PASSWORD, buy_everything, finished_tour, pytestmark, sign_up
from tests.provisioning.plant import Plant, running

__all__ = ["pytestmark"]
COMPANY = "Nordlicht Film AG"
CLIENTS = ("Bergbahn Gotthelf", "Käserei Emmental")


@pytest.fixture
def plant(transactional_db: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with running(tmp_path_factory.mktemp("plant"), step_milliseconds="20") as plant:
        yield plant


@pytest.fixture
def second(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[Page]:
    """Another person's browser."""
    context: BrowserContext = browser.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(15_000)
    yield watched(context.new_page(), complaints)
    context.close()


def test_a_company_and_its_webmaster(page: Page, second: Page, plant: Plant, complaints: list[str]) -> None:
    call_command("catalogue", verbosity=0)
    buy_everything(page, plant, "nordlicht-film.ch", "Nora", "Licht", company=COMPANY)
    expect(page.locator("#progress").get_by_text("3 of 3 ready")).to_be_visible(timeout=60_000)
    assert "/o/nordlicht-film-ag/" in page.url

    link = invite_to_one_hosting(page)
    join_as_a_new_person(second, plant, link)
    one_product_and_greyed_entries(second, complaints)
    ask_for_billing(second)
    grant_it(page)
    expect_billing(second)
    three_clients(page, second, plant)
    transfer_a_domain(page)
    everything_is_in_the_log(page)
    back_shows_nothing_after_signing_out(second, complaints)
    connections.close_all()


def invite_to_one_hosting(page: Page) -> str:
    """A collaborator with Technical on the one hosting. Returns the link."""
    page.goto("/o/nordlicht-film-ag/members/")
    page.get_by_role("link", name="Invite someone").first.click()
    page.get_by_label("Email address").fill("wim.weber@example.org")
    page.get_by_role("radio", name=re.compile("^Collaborator")).check()
    hosting = page.locator("#levels details", has_text="Hosting")
    if not hosting.get_by_text("nordlicht-film.ch").is_visible():
        hosting.locator("summary").click()
    hosting.locator(".grant", has_text="nordlicht-film.ch").get_by_text("Technical", exact=True).click()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("wim.weber@example.org").first).to_be_visible()
    return str(page.locator("input[readonly]").first.input_value())


def join_as_a_new_person(page: Page, plant: Plant, link: str) -> None:
    assert link in quopri.decodestring(plant.mail_to("wim.weber@example.org")).decode()
    page.goto(link)
    expect(page.get_by_role("heading", name=f"Join {COMPANY}")).to_be_visible()
    sign_up(page, plant, "Wim", "Weber")
    expect(page.get_by_role("heading", name=f"Join {COMPANY}")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(re.compile("/o/nordlicht-film-ag/$"))
    finished_tour(page)


def one_product_and_greyed_entries(page: Page, complaints: list[str]) -> None:
    """He sees the hosting, nothing else; what is closed says why, and his own organization was not made on the way."""
    page.goto("/everywhere/")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="nordlicht-film.ch").first.click()
    expect(page.get_by_role("heading", name="nordlicht-film.ch", level=1)).to_be_visible()
    page.get_by_role("button", name="Manage").click()
    manage = page.locator("#manage")
    expect(manage.get_by_role("button", name=re.compile("^Suspend"))).to_have_attribute("aria-disabled", "true")
    expect(manage.get_by_text(re.compile("You need the right")).first).to_be_visible()
    page.keyboard.press("Escape")
    for name in ("Users", "Invoices", "Organization settings"):
        entry = page.locator("#sidebar").get_by_role("button", name=name, exact=True)
        expect(entry).to_have_attribute("aria-disabled", "true")
    seen = list(complaints)
    answer = page.goto("/o/nordlicht-film-ag/members/")
    assert answer
    assert answer.status == 403
    expect(page.get_by_text("Nora Licht").first).to_be_visible()
    complaints[:] = seen  # the browser notes the refusal, which is meant


def ask_for_billing(page: Page) -> None:
    page.goto("/o/nordlicht-film-ag/")
    # Closed to him, and it opens the reason.
    page.locator("#sidebar").get_by_role("button", name="Invoices", exact=True).click(force=True)
    page.locator("#sidebar :popover-open").get_by_role("button", name=re.compile("^Request access")).click()
    page.goto("/o/nordlicht-film-ag/requests/")
    expect(page.locator("#main").get_by_text("Billing").first).to_be_visible()


def grant_it(page: Page) -> None:
    page.goto("/o/nordlicht-film-ag/")
    expect(page.get_by_text(re.compile("Wim Weber asks for"))).to_be_visible()
    page.goto("/o/nordlicht-film-ag/requests/")
    page.get_by_role("button", name=re.compile("^Grant")).first.click()
    expect(page.get_by_text("Nobody waits for an answer.")).to_be_visible()


def expect_billing(page: Page) -> None:
    """At the next click, without signing in again."""
    page.goto("/o/nordlicht-film-ag/")
    page.locator("#sidebar").get_by_role("link", name="Invoices").click()
    expect(page.get_by_text(re.compile(r"\d{4}-000001")).first).to_be_visible()


def three_clients(page: Page, second: Page, plant: Plant) -> None:
    """Two more organizations ask the webmaster in as administrator; he switches between all three with one login."""
    asked: list[bool] = []
    for name in CLIENTS:
        page.goto("/organizations/new/")
        page.locator("[name=name]").fill(name)
        for field, value in (("street", "Weg 2"), ("postcode", "8000"), ("city", "Zürich")):
            page.locator(f"[name={field}]").fill(value)
        page.get_by_role("button", name=re.compile("Create the organization")).click()
        expect(page.locator(".organization-switcher")).to_contain_text(name)
        page.goto(page.url + "invitations/new/")
        page.get_by_label("Email address").fill("wim.weber@example.org")
        page.get_by_role("radio", name=re.compile("^Administrator")).check()
        page.get_by_role("button", name="Send the invitation").click()
        asked.append(prove(page))
        second.goto(str(page.locator("input[readonly]").first.input_value()))
        second.get_by_role("button", name="Accept").click()
        expect(second.locator(".organization-switcher")).to_contain_text(name)
    # Making an administrator takes a password of just now, once in a few minutes.
    assert asked == [True, False]
    for name in (COMPANY, *CLIENTS):
        second.locator(".organization-switcher").click()
        second.locator("#organizations").get_by_role("link", name=name).click()
        expect(second.locator(".organization-switcher")).to_contain_text(name)


def prove(page: Page) -> bool:
    """Where the portal asks for the password once more, it is given, and what was asked for goes on by itself."""
    page.wait_for_load_state()
    asked = page.get_by_role("heading", name="Confirm that it is you").is_visible()
    if asked:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    return asked


def transfer_a_domain(page: Page) -> None:
    """The domain goes to another organization of the same person, at once, after a look at what that means."""
    page.goto("/o/nordlicht-film-ag/transfers/new/")
    page.locator("tr", has_text="Domain").get_by_role("checkbox").check()
    page.get_by_role("radio", name="To another organization of mine").check()
    page.locator("select[name=organization]").select_option(label=CLIENTS[0])
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("Nothing has moved yet.").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Transfer")).last.click()
    prove(page)
    expect(page.locator("#main").get_by_text(CLIENTS[0]).first).to_be_visible()
    page.goto("/o/bergbahn-gotthelf/domains/")
    expect(page.get_by_role("link", name="nordlicht-film.ch")).to_be_visible()
    page.goto("/o/nordlicht-film-ag/domains/")
    expect(page.locator("#main").get_by_role("link", name="nordlicht-film.ch")).to_have_count(0)
    expect(page.get_by_role("link", name=f"Switch to {CLIENTS[0]}")).to_be_visible()


def everything_is_in_the_log(page: Page) -> None:
    page.goto("/o/nordlicht-film-ag/activity/")
    log = page.locator("#main").inner_text()
    for told in (
        r"Nora Licht placed",
        r"Nora Licht invited wim\.weber@example\.org",
        r"Wim Weber accepted the invitation",
        r"Wim Weber asked for “Billing” in Nordlicht Film AG",
        r"Nora Licht granted Wim Weber “Billing”",
        r"Nora Licht took nordlicht-film\.ch over for Bergbahn Gotthelf: it left Nordlicht Film AG",
    ):
        assert re.search(told, log), told
    page.goto("/o/nordlicht-film-ag/activity/?q=wim.weber")
    assert "placed" not in page.locator("#main .items").inner_text()


def back_shows_nothing_after_signing_out(page: Page, complaints: list[str]) -> None:
    page.goto("/o/nordlicht-film-ag/hosting/")
    expect(page.get_by_role("link", name="nordlicht-film.ch").first).to_be_visible()
    page.locator("[popovertarget=account]").click()
    page.locator("#account").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert "nordlicht-film.ch" not in page.content()
