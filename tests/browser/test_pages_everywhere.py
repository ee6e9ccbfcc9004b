"""Every page of the access matrix that the owner may open, and those of a visitor: reachable by everybody.

Accessible (WCAG 2.2 AA) in both themes, no complaint of the browser, no other host, no shift, no overflow on a phone.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Browser, Page

from organizations import tenancy
from tests.access_matrix import MATRIX, SIGN_IN, Row
from tests.browser.visit import WIDE, Inspector, enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VISITOR = "anonymous"


@pytest.fixture
def inspector(browser: Browser, live_server: Any, settings: Any) -> Iterator[Inspector]:
    settings.BASE_URL = live_server.url
    cache.clear()
    context = browser.new_context(
        base_url=live_server.url,
        viewport=WIDE,  # type: ignore[arg-type]
        locale="en-GB",
        reduced_motion="reduce",
        service_workers="block",
    )
    context.set_default_timeout(15_000)
    yield Inspector(context.new_page(), live_server.url)
    context.close()


def addresses(world: World, person: str) -> Iterator[tuple[str, str]]:
    """Name and address of every page that this person opens with a plain link."""
    for name, row in MATRIX.items():
        if row.get is None or row.get[person] != 200:
            continue
        with tenancy.scope(world.acme.pk):
            prepare(world, row)
            yield name, reverse(name, kwargs=row.arguments(world))


def prepare(world: World, row: Row) -> None:
    """What the row needs is there; what another row has made already stays."""
    with suppress(IntegrityError), transaction.atomic():
        row.prepare(world)


def pages(world: World, person: str) -> list[tuple[str, str]]:
    """Those of the addresses that answer with HTML."""
    client = world.client(person)
    every = [*addresses(world, person), *sign_in(person)]
    found = [(name, address, client.get(address)) for name, address in every]
    return [(name, address) for name, address, answer in found if is_page(answer)]


def is_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def sign_in(person: str) -> Iterator[tuple[str, str]]:
    for name, statuses in SIGN_IN.items():
        if statuses[person != VISITOR] == 200:
            try:
                yield name, reverse(name)
            except NoReverseMatch:
                continue


def inspect(inspector: Inspector, every: list[tuple[str, str]]) -> list[str]:
    for _name, address in every:
        inspector.open(address)
        inspector.look()
    return inspector.faults


@pytest.mark.parametrize("part", [0, 1])
def test_the_owner_reaches_everything(inspector: Inspector, world: World, part: int) -> None:
    every = pages(world, "owner")
    assert len(every) >= 40
    enter(inspector.page.context, world, "owner", inspector.base)
    faults = inspect(inspector, every[part::2])
    assert not faults, "\n".join(faults)


def test_a_visitor_reaches_everything(inspector: Inspector, world: World) -> None:
    every = pages(world, VISITOR)
    assert len(every) >= 8
    faults = inspect(inspector, every)
    assert not faults, "\n".join(faults)


def test_what_does_not_open_is_a_page_too(inspector: Inspector, world: World) -> None:
    """Errors in the shell, before signing in, and where nothing answers."""
    page: Page = inspector.page
    opened = [("/o/nowhere/", 404), ("/o/acme/hosting/4711/", 404), ("/o/acme/members/remind/", 405)]
    inspector.open("/nowhere/", 404)
    inspector.look()
    enter(page.context, world, "owner", inspector.base)
    for address, status in opened:
        inspector.open(address, status)
        inspector.look()
    enter(page.context, world, "collaborator", inspector.base)
    inspector.open("/o/acme/members/", 403)
    inspector.look()
    for template in ("400.html", "403_csrf.html", "429.html", "500.html", "503.html"):
        address, html = f"{inspector.base}/{template}", render_to_string(template)
        page.route(address, lambda route, _request, html=html: route.fulfill(body=html, content_type="text/html"))
        inspector.open(address)
        inspector.look()
    meant = ("403", "404", "405")
    faults = [f for f in inspector.faults if not ("console: Failed to load" in f and any(code in f for code in meant))]
    assert not faults, "\n".join(faults)


def test_what_opens_on_a_page_is_reached_too(inspector: Inspector, world: World) -> None:
    """Menus, panels and the palette, which are closed when a page comes."""
    page = inspector.page
    enter(page.context, world, "owner", inspector.base)
    for address in ("/o/acme/", product(world)):
        inspector.open(address)
        buttons = page.locator("button[popovertarget]:visible, [data-palette]:visible, [commandfor]:visible")
        for index in range(buttons.count()):
            buttons.nth(index).click()
            inspector.look()
            page.keyboard.press("Escape")
    assert not inspector.faults, "\n".join(inspector.faults)


def product(world: World) -> str:
    return reverse("product", kwargs=MATRIX["product"].arguments(world))
