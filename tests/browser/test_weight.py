"""What the first visit of Home costs, compressed as it is sent in production."""

import gzip
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response

from tests.browser.visit import enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ALL = 100 * 1024
SHEET = 45 * 1024


def sent(response: Response) -> int:
    """Static files are sent as gzip; pages as they are, since what is secret in them must not be compressed."""
    body = response.body()
    return len(gzip.compress(body, 9)) if "/static/" in response.url else len(body)


def test_the_first_visit_of_home_is_light(world: World, context: BrowserContext, page: Page, live_server: Any) -> None:
    enter(context, world, "owner", live_server.url)
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto("/o/acme/", wait_until="networkidle")
    weights = {urlsplit(response.url).path: sent(response) for response in responses if response.ok}
    said = "\n".join(f"{weight:8} {path}" for path, weight in sorted(weights.items(), key=lambda item: -item[1]))
    assert "/static/app.css" in weights
    assert sum(weights.values()) <= ALL, said
    sheet = next(response for response in responses if response.url.endswith("/static/app.css"))
    assert len(sheet.body()) <= SHEET
    assert {urlsplit(response.url).netloc for response in responses} == {urlsplit(live_server.url).netloc}
