"""Each theme from the first paint on, form controls too; and what is chosen is seen in forced colours."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.visit import enter
from tests.people import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCHEME = "() => getComputedStyle(document.querySelector('select, input')).colorScheme"
BACK = "() => getComputedStyle(document.body).backgroundColor"
# What the very first frame had, before any script of ours ran.
FIRST = """
new PerformanceObserver((list) => {
  globalThis.first ??= list.getEntries().length && getComputedStyle(document.body).backgroundColor;
}).observe({ type: "paint", buffered: true });
"""
# Chosen things that only a background tells from the others.
ONLY_BACKGROUND = """() => [...document.querySelectorAll(
  ".segmented label:has(:checked), .choice:has(:checked), .entry[aria-current], .tabs a[aria-current]"
)].filter((element) => element.checkVisibility()).filter((element) => {
  const style = getComputedStyle(element);
  const inside = element.querySelector("input");
  const bare = inside && getComputedStyle(inside).opacity !== "0";
  const marked = style.outlineStyle !== "none" || style.borderStyle !== "none" || style.fontWeight >= 600;
  return !(marked || bare || style.textDecorationLine !== "none");
}).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture
def owner(world: World, context: BrowserContext, page: Page, live_server: Any) -> Page:
    page.add_init_script(FIRST)
    enter(context, world, "owner", live_server.url)
    return page


@pytest.mark.parametrize(("system", "chosen"), [("dark", "light"), ("light", "dark"), ("dark", ""), ("light", "")])
def test_the_first_frame_has_the_theme(owner: Page, world: World, system: Any, chosen: str) -> None:
    user = world.users["owner"]
    user.theme = chosen
    user.save()
    owner.emulate_media(color_scheme=system)
    owner.goto("/o/acme/settings/")
    after = owner.evaluate(BACK)
    assert owner.evaluate("globalThis.first ?? 'not painted yet'") in (after, "not painted yet")
    wanted = chosen or system
    assert owner.evaluate(SCHEME) in (wanted, "light dark")
    assert (float(after.split("(")[1].split()[0]) > 0.5) is (wanted == "light")


def test_what_is_chosen_is_seen_in_forced_colours(owner: Page) -> None:
    owner.emulate_media(forced_colors="active")
    for address in ("/o/acme/", "/o/acme/invitations/new/", "/order/hosting/", "/organizations/new/"):
        owner.goto(address)
        if owner.get_by_role("button", name="Your account").count():
            owner.get_by_role("button", name="Your account").click()
        assert owner.evaluate(ONLY_BACKGROUND) == [], address


def test_nothing_moves_for_who_wants_stillness(owner: Page) -> None:
    owner.emulate_media(reduced_motion="reduce")
    owner.goto("/o/acme/")
    owner.get_by_role("button", name="Your account").click()
    assert owner.evaluate("() => document.getAnimations().length") == 0


def test_switching_the_theme_is_at_once(owner: Page) -> None:
    owner.emulate_media(color_scheme="light")
    owner.goto("/o/acme/")
    before = owner.evaluate(BACK)
    owner.get_by_role("button", name="Your account").click()
    owner.locator("#account").get_by_text("Dark", exact=True).click()
    expect(owner.locator("html")).to_have_attribute("data-theme", "dark")
    assert owner.evaluate(BACK) != before
