"""An invoice on paper: A4, dark on white, without the portal around it, whatever the theme."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from organizations import tenancy
from tests.billing.test_invoice_page import address, invoiced
from tests.browser.visit import PHONE, WIDER, enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def invoice(world: World, context: BrowserContext, page: Page, live_server: Any) -> Page:
    path = address(invoiced(world))
    tenancy.leave()
    enter(context, world, "owner", live_server.url)
    page.emulate_media(color_scheme="dark")
    page.goto(path)
    return page


def colour(page: Page, selector: str, name: str) -> str:
    script = """([selector, name]) => {
      const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      context.fillStyle = getComputedStyle(document.querySelector(selector))[name];
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).every((value) => value > 240) ? "light" : "dark";
    }"""
    return str(page.evaluate(script, [selector, name]))


def test_paper_stays_light_in_the_dark(invoice: Page) -> None:
    assert colour(invoice, ".paper", "backgroundColor") == "light"
    assert colour(invoice, ".paper .sum-total", "color") == "dark"
    assert colour(invoice, "body", "backgroundColor") == "dark"


def test_it_prints_on_one_sheet_of_a4(invoice: Page) -> None:
    pdf = invoice.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = map(float, re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)[0])
    assert (round(width), round(height)) in {(595, 842), (596, 842), (594, 842), (595, 841), (596, 843)}


def test_only_the_paper_is_printed(invoice: Page) -> None:
    invoice.emulate_media(media="print", color_scheme="dark")
    for around in (".topbar", ".sidebar", ".page-header", ".breadcrumbs", ".help-button", ".toasts"):
        expect(invoice.locator(around).first).to_be_hidden()
    expect(invoice.locator(".paper")).to_be_visible()
    assert colour(invoice, ".paper", "color") == "dark"


def test_it_fits_a_phone_and_prints_by_its_button(invoice: Page) -> None:
    invoice.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert invoice.evaluate(WIDER) == 0
    invoice.evaluate("() => { window.print = () => { document.title = 'printed'; }; }")
    invoice.get_by_role("button", name="Print").click()
    expect(invoice).to_have_title("printed")
