"""The scripts of the shell in a real browser, on a page without server or database."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from playwright.sync_api import Page, Route, expect

from manager.web import assets
from tests.web.test_layouts import PERSON, REQUEST, SHELL

pytestmark = pytest.mark.browser

HOST = "http://portal.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
TOUR = [
    {"anchor": "switcher", "title": "Organizations", "text": "Switch here."},
    {"anchor": "nowhere", "title": "Folded away", "text": "Not on this page."},
    {"anchor": "tour", "title": "Once more", "text": "Start again."},
]
BODY = """{% extends "layouts/app.html" %}{% load web %}{% block title %}Test{% endblock %}{% block content %}
<h1>Test</h1>
<form method="post" action="/save/" id="save"><button class="button" type="submit">Save</button></form>
<button class="button" id="load" hx-get="/part/" hx-target="#part">Load</button><div id="part"></div>
<dialog class="dialog" id="details"><h2>Details</h2></dialog>
<table><tr><th><input type="checkbox" class="all-check" aria-label="All"></th></tr>
<tr><td><input type="checkbox" class="row-check" aria-label="A"></td></tr>
<tr><td><input type="checkbox" class="row-check" aria-label="B"></td></tr></table>
<p class="bulk-bar"><span data-selected-count></span></p>
{% endblock %}"""
RESULTS = (
    '<p class="menu-heading">Products</p><a class="entry" href="/one/">one</a><a class="entry" href="/two/">two</a>'
)


class Portal:
    """What the browser sees of the server, and what the server would see of the browser."""

    def __init__(self, page: Page, generated: Path) -> None:
        self.page = page
        self.generated = generated
        self.posts: list[tuple[str, str]] = []
        self.complaints: list[str] = []
        self.shell = SHELL | {"tour": TOUR, "tour_pending": False}
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self.answer)

    def open(self, path: str = "/", **shell: Any) -> Page:
        self.shell |= shell
        self.page.goto(HOST + path)
        return self.page

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if route.request.method == "POST":
            self.posts.append((path, route.request.post_data or ""))
            route.fulfill(status=204)
        elif path.startswith("/static/"):
            name = path.removeprefix("/static/")
            made = self.generated / name
            file = made if made.exists() else Path(str(finders.find(name)))
            kind = mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_bytes(), content_type=kind or "text/plain")
        elif path == "/o/nord/search/" and "hx-request" in route.request.headers:
            route.fulfill(body=RESULTS, content_type="text/html")
        elif path == "/part/":
            route.fulfill(status=500, body="broken")
        else:
            context = {"shell": self.shell, "user": PERSON, "request": REQUEST, "csrf_token": "token"}
            html = engines["django"].from_string(BODY).render(context)
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    assets.build(Path(settings.ROOT) / "static", folder)
    return folder


@pytest.fixture
def portal(page: Page, generated: Path) -> Iterator[Portal]:
    portal = Portal(page, generated)
    yield portal
    assert portal.complaints == []


def test_the_palette_is_used_with_keys_alone(portal: Portal) -> None:
    page = portal.open()
    page.keyboard.press("/")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type("one")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-activedescendant", "palette-option-1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{HOST}/two/")


def test_typing_into_the_top_bar_goes_on_in_the_palette(portal: Portal) -> None:
    page = portal.open()
    page.locator(".topbar [name=q]").focus()
    page.keyboard.type("on")
    expect(page.get_by_role("combobox")).to_have_value("on")
    expect(page.get_by_role("option")).to_have_count(2)


def test_the_theme_changes_at_once_and_is_kept(portal: Portal) -> None:
    page = portal.open()
    page.get_by_role("button", name="Your account").click()
    page.locator("label", has_text="Light").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()
    assert [path for path, _ in portal.posts] == ["/profile/preferences/"]
    assert "light" in portal.posts[0][1]
    assert "token" in portal.posts[0][1]


def test_the_sidebar_unfolds_and_folds(portal: Portal) -> None:
    page = portal.open()
    toggle = page.locator(".sidebar-toggle")
    toggle.click()
    expect(page.locator("html")).to_have_attribute("data-sidebar", "")
    toggle.click()
    expect(page.locator("html")).to_have_attribute("data-sidebar", "collapsed")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert [path for path, _ in portal.posts] == ["/profile/preferences/"] * 2


def test_the_tour_skips_what_is_not_there_and_ends(portal: Portal) -> None:
    page = portal.open()
    start = page.get_by_role("button", name="Restart the guided tour").last
    start.click()
    tour = page.get_by_role("dialog", name="Organizations")
    expect(tour.get_by_text("1 of 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tour-title")).to_have_text("Once more")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tour-title")).to_have_text("Organizations")
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#tour') !== null")
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()
    expect(start).to_be_focused()
    assert [path for path, _ in portal.posts] == ["/profile/tour/"]


def keyed(*keys: str, url: str = "") -> list[dict[str, str]]:
    steps = [{"key": key, "anchor": key.partition(":")[2], "title": key, "text": "Here."} for key in keys]
    return [*steps[:-1], steps[-1] | {"url": url, "action": "Go on"}] if url else steps


def test_the_server_is_told_each_step_and_the_tour_goes_on_there(portal: Portal) -> None:
    page = portal.open(tour=keyed("shell:switcher", "shell:search", "shell:tour"), tour_from="shell:search")
    expect(page.locator("#tour-title")).to_have_text("shell:search")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#tour")).to_be_hidden()
    told = [data for path, data in portal.posts if path == "/profile/tour/"]
    assert ["shell:search" in told[0], "shell:tour" in told[1], "shell:" in told[2]] == [True, True, False]


def test_a_page_of_the_tour_begins_with_its_own_steps_and_leads_on(portal: Portal) -> None:
    steps = keyed("members:tour", url="/next/?tour")
    page = portal.open("/?tour", tour=[*steps, *keyed("shell:switcher")])
    expect(page.locator("#tour-title")).to_have_text("members:tour")
    assert page.url == f"{HOST}/"
    expect(page.locator("[data-tour-end]")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{HOST}/next/")
    expect(page.locator("#tour")).to_be_visible()


def test_the_tour_makes_way_for_whoever_does_something_else(portal: Portal) -> None:
    page = portal.open(tour=keyed("shell:switcher", "shell:tour"))
    start = page.get_by_role("button", name="Restart the guided tour").last
    start.click()
    page.locator("h1").click()
    expect(page.locator("#tour")).to_be_hidden()
    start.click()
    page.evaluate("() => document.getElementById('details').showModal()")
    expect(page.locator("#tour")).to_be_hidden()
    page.keyboard.press("Escape")
    start.click()
    page.locator("[data-tour=switcher]").click()
    expect(page.locator("#organizations")).to_be_visible()
    expect(page.locator("#tour")).to_be_visible()


def test_a_pending_tour_starts_by_itself_once_per_visit(portal: Portal) -> None:
    page = portal.open(tour_pending=True)
    expect(page.locator("#tour")).to_be_visible()
    page.reload()
    expect(page.locator("#tour")).to_be_hidden()


def test_a_form_is_sent_once(portal: Portal) -> None:
    page = portal.open()
    page.evaluate("() => { const button = document.querySelector('#save button'); button.click(); button.click(); }")
    expect(page.locator("#save button")).to_have_attribute("aria-busy", "true")
    page.locator("#save button").dispatch_event("click")
    page.wait_for_timeout(200)
    assert [path for path, _ in portal.posts] == ["/save/"]


def test_a_failed_request_says_so_once(portal: Portal) -> None:
    page = portal.open()
    for _ in range(2):
        with page.expect_response("**/part/"):
            page.locator("#load").click()
    expect(page.locator("#toasts .toast")).to_have_count(1)
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#toasts .toast")).to_have_count(0)
    expect(page.locator("#part")).to_be_empty()
    portal.complaints.clear()


def test_an_address_opens_a_dialog(portal: Portal) -> None:
    page = portal.open("/#details")
    expect(page.locator("#details")).to_be_visible()


def test_one_box_selects_all_rows(portal: Portal) -> None:
    page = portal.open()
    expect(page.locator(".bulk-bar")).to_be_hidden()
    page.get_by_label("All").check()
    expect(page.locator("[data-selected-count]")).to_have_text("2")
    page.get_by_label("B", exact=True).uncheck()
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    assert page.get_by_label("All").evaluate("box => box.indeterminate")


def test_a_long_list_of_organizations_is_narrowed(portal: Portal) -> None:
    page = portal.open()
    page.locator("[data-tour=switcher]").click()
    field = page.get_by_label("Find an organization")
    field.fill("no such name")
    expect(page.locator("#organization-list li:visible")).to_have_count(0)
    field.fill("script")
    expect(page.locator("#organization-list li:visible")).to_have_count(9)
