"""A real browser on a live portal. A console error or a broken content security policy fails the test."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

# Playwright's loop runs in the tests' thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_program() -> str:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        assert os.environ.get("CI") != "true", "CI tests in a real browser, and Chromium was not found"
        pytest.skip("Chromium is not installed here")
    return program


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright, browser_program: str) -> Iterator[Browser]:
    browser = driver.chromium.launch(
        executable_path=browser_program, args=ARGUMENTS, chromium_sandbox=os.geteuid() != 0
    )
    yield browser
    browser.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def context(browser: Browser, live_server: Any, settings: Any, complaints: list[str]) -> Iterator[BrowserContext]:
    settings.BASE_URL = live_server.url
    cache.clear()
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 1000}, locale="en-GB")
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
