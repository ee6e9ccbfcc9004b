"""Texts that are as long as German ones, and longer: every page still fits its screen."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from playwright.sync_api import Browser, Page

from organizations import tenancy
from tests import pseudo
from tests.access_matrix import MATRIX, Row
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIGN_IN = ("account_login", "account_signup", "account_reset_password")
WIDTHS = (1440, 390)
# What sticks out on the right, of what one can see.
BEYOND = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const outside = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > width + 1 && element.checkVisibility();
  });
  const told = (element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 50)}`;
  return outside.slice(0, 4).map(told);
}"""


def shows_a_page(row: Row) -> bool:
    return row.get is not None and row.get["owner"] == 200


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_screen(
    world: World, browser: Browser, live_server: Any, settings: Any, tmp_path: Path, width: int
) -> None:
    settings.BASE_URL = live_server.url
    pseudo.speak(settings, tmp_path)
    screen = {"width": width, "height": 900}
    visitor = browser.new_context(base_url=live_server.url, viewport=screen, locale=pseudo.LANGUAGE)
    owner = browser.new_context(base_url=live_server.url, viewport=screen, locale=pseudo.LANGUAGE)
    cookie = world.client("owner").cookies["sessionid"].value
    owner.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    wide = {}
    try:
        page = visitor.new_page()
        wide |= {name: beyond(page, reverse(name)) for name in SIGN_IN}
        page = owner.new_page()
        for name, address in addresses(world).items():
            wide[name] = beyond(page, address)
    finally:
        visitor.close()
        owner.close()
    assert {name: elements for name, elements in wide.items() if elements} == {}


def addresses(world: World) -> dict[str, str]:
    """The pages of the owner, with something on them."""
    found = {}
    with tenancy.scope(world.acme.pk):
        for name, row in MATRIX.items():
            if shows_a_page(row) and "export" not in name:
                # What another row has made already stays.
                with suppress(IntegrityError), transaction.atomic():
                    row.prepare(world)
                found[name] = reverse(name, kwargs=row.arguments(world))
    return found


def beyond(page: Page, address: str) -> list[str]:
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, address
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    elements: list[str] = page.evaluate(BEYOND)
    return elements
