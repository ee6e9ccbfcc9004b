"""A real browser on a live portal. A console error or a broken content security policy fails the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def context(browser: Browser, live_server: Any, settings: Any, complaints: list[str]) -> Iterator[BrowserContext]:
    settings.BASE_URL = live_server.url
    cache.clear()
    wide = {"width": 1440, "height": 1000}
    # The offline page has a test of its own; a worker between page and server is in the way of all others.
    context = browser.new_context(
        base_url=live_server.url,
        viewport=wide,
        locale="en-GB",
        service_workers="block",  # type: ignore[arg-type]
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    return watched(context.new_page(), complaints)


def watched(page: Page, complaints: list[str]) -> Page:
    """Whatever the browser complains about is kept."""
    page.on("console", lambda message: message.type == "error" and complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    return page
