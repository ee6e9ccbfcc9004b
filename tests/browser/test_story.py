"""The story the portal exists for, from the first visit to a name server that answers, in a real browser."""

import os
import re
from collections.abc import Iterator
from typing import Any

import dns.message
import dns.query
import dns.rdatatype
import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect

from manager.dev.rig import PowerDNS
from organizations import tenancy
from products.models import Product
from tests.browser.conftest import watched
from tests.provisioning.plant import Plant, running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        bool(PowerDNS.missing()) and os.environ.get("CI") != "true", reason="PowerDNS is not installed here"
    ),
]
PASSWORD = "a-long-walk-home-7"
# On a line of its own.
CODE = r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$"


@pytest.fixture
def plant(transactional_db: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with running(tmp_path_factory.mktemp("plant"), step_milliseconds="300") as plant:
        yield plant


def pick(page: Page, kind: str, name: str, plan: str = "") -> None:
    page.goto(f"/order/{kind}/")
    if plan:
        page.get_by_label(plan, exact=False).first.check()
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Put into the cart").click()
    expect(page.get_by_role("heading", name="Cart")).to_be_visible()


def sign_up(page: Page, plant: Plant, first: str, last: str) -> None:
    address = f"{first}.{last}@example.org".lower()
    page.get_by_role("link", name="Create an account").first.click()
    for field, value in (("first_name", first), ("last_name", last), ("password1", PASSWORD)):
        page.locator(f"[name={field}]").fill(value)
    # An invitation brings its address along.
    if page.locator("[name=email]").is_editable():
        page.locator("[name=email]").fill(address)
    page.get_by_role("button", name="Create an account").click()
    code = re.search(CODE, plant.mail_to(address, says=CODE), re.MULTILINE)
    assert code, "the mail carries a code on a line of its own"
    page.locator("[name=code]").fill(code[1])
    page.get_by_role("button", name="Confirm").click()


def check_out(page: Page, *, company: str = "") -> None:
    if company:
        page.get_by_role("radio", name="Company").check()
        page.locator("[name=company]").fill(company)
    for field, value in (("street", "Weg 1"), ("postcode", "8000"), ("city", "Zürich")):
        page.locator(f"[name={field}]").fill(value)
    page.locator("[name=terms]").check()
    page.get_by_role("button", name="Place the order").click()


def pay(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Pay CHF")).first.click()
    page.get_by_role("button", name=re.compile("^Pay CHF")).click()


def buy_everything(page: Page, plant: Plant, name: str, first: str, last: str, company: str = "") -> None:
    for kind, plan in (("domains", ".ch"), ("hosting", "Starter"), ("email", "Solo")):
        pick(page, kind, name, plan)
    page.get_by_role("link", name="Continue to checkout").click()
    sign_up(page, plant, first, last)
    check_out(page, company=company)
    pay(page)


def test_from_the_first_visit_to_an_answering_name_server(
    page: Page, browser: Browser, context: BrowserContext, plant: Plant, complaints: list[str], live_server: Any
) -> None:
    call_command("catalogue", verbosity=0)
    buy_everything(page, plant, "story.ch", "Anna", "Walker")
    # The steps appear by themselves: nobody reloads the page.
    page.evaluate("window.stillTheSamePage = true")
    progress = page.locator("#progress")
    expect(progress.get_by_text("Create the DNS zone")).to_be_attached()
    expect(progress.get_by_text("3 of 3 ready")).to_be_visible(timeout=60_000)
    assert page.evaluate("window.stillTheSamePage") is True
    expect(page.get_by_text(re.compile(r"\d{4}-000001")).first).to_be_visible()
    answer = dns.query.udp(dns.message.make_query("story.ch", "SOA"), "127.0.0.1", port=plant.dns.port, timeout=5)
    assert answer.answer[0].rdtype == dns.rdatatype.SOA

    three_ways_to_hosting(page)
    second_organization_and_back(page)
    the_tour_again(page)
    a_stranger_sees_nothing(browser, plant, complaints, live_server.url)
    connections.close_all()


def finished_tour(page: Page) -> None:
    """The tour, which starts by itself on a first visit, is over."""
    if page.get_by_role("button", name="End tour").is_visible():
        page.get_by_role("button", name="End tour").click()


def three_ways_to_hosting(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/o/anna-walker/$"))
    finished_tour(page)
    expect(page.get_by_role("heading", name=re.compile("Anna"))).to_be_visible()
    ways = (
        lambda: page.locator("#tiles").get_by_role("link", name="Hosting", exact=True).click(),
        lambda: page.locator("#sidebar").get_by_role("link", name="Hosting").click(),
        lambda: (
            page.get_by_role("button", name="Products").click(),
            page.locator("#products").get_by_role("link", name="Hosting").click(),
        ),
    )
    for way in ways:
        page.goto("/o/anna-walker/")
        way()
        expect(page).to_have_url(re.compile("/o/anna-walker/hosting/$"))
        page.get_by_role("link", name="story.ch").first.click()
        expect(page.get_by_role("heading", name="story.ch", level=1)).to_be_visible()


def second_organization_and_back(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Anna Walker")).first.click()
    page.get_by_role("link", name="Create an organization").click()
    page.locator("[name=name]").fill("Walker Shoes AG")
    for field, value in (("street", "Weg 2"), ("postcode", "8000"), ("city", "Zürich")):
        page.locator(f"[name={field}]").fill(value)
    page.get_by_role("button", name=re.compile("Create")).last.click()
    expect(page).to_have_url(re.compile("/o/walker-shoes-ag/$"))
    assert "story.ch" not in page.locator("#main").inner_text()
    page.goto("/hosting/")
    expect(page).to_have_url(re.compile("/o/walker-shoes-ag/hosting/$"))
    page.locator(".organization-switcher").click()
    page.locator("#organizations").get_by_role("link", name="Anna Walker").click()
    expect(page).to_have_url(re.compile("/o/anna-walker/$"))
    expect(page.locator("#main").get_by_text("story.ch").first).to_be_visible()


def the_tour_again(page: Page) -> None:
    page.goto("/o/anna-walker/")
    page.get_by_role("button", name="Restart the guided tour").or_(
        page.get_by_label("Restart the guided tour")
    ).first.click()
    tour = page.locator(".tour:visible")
    expect(tour.get_by_role("heading", name="Your organizations")).to_be_visible()
    tour.get_by_role("button", name="Next").click()
    expect(tour.get_by_role("heading", name="Find anything")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tour:visible")).to_have_count(0)


def a_stranger_sees_nothing(browser: Browser, plant: Plant, complaints: list[str], base: str) -> None:
    """Somebody else, with a company, in another browser."""
    with tenancy.every_organization():
        story = {product.kind_slug: product.pk for product in Product.objects.filter(name="story.ch")}
    context = browser.new_context(base_url=base, locale="en-GB")
    context.set_default_timeout(15_000)
    page = watched(context.new_page(), complaints)
    buy_everything(page, plant, "other-story.ch", "Otto", "Fremd", company="Fremd & Söhne")
    expect(page).to_have_url(re.compile("/o/fremd-sohne/orders/"))
    expect(page.locator("#progress").get_by_text("3 of 3 ready")).to_be_visible(timeout=60_000)
    for address in (
        "/o/fremd-sohne/",
        "/o/fremd-sohne/domains/",
        "/o/fremd-sohne/search/?q=story",
        "/o/fremd-sohne/activity/",
    ):
        page.goto(address)
        text = page.locator("#main").inner_text()
        assert "other-story.ch" in text
        assert not re.search(r"(?<!other-)story\.ch", text)
    before = list(complaints)
    for address in ("/o/anna-walker/", *(f"/o/fremd-sohne/{kind}/{pk}/" for kind, pk in story.items())):
        answer = page.goto(address)
        assert answer
        assert answer.status == 404
    complaints[:] = before  # the browser notes the 404s, which are meant
    context.close()
