"""Layouts and error pages stand on little: no shell, no person, no organization."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

HOSTILE = '"><script>alert(1)</script>'
PERSON = SimpleNamespace(
    email=HOSTILE,
    initials="MD",
    theme="dark",
    sidebar="collapsed",
    is_staff=True,
    get_full_name=HOSTILE,
    is_authenticated=True,
)
REQUEST = SimpleNamespace(path="/o/nord/", get_full_path="/o/nord/", resolver_match=None)
ENTRY = {"kind": "domains", "label": HOSTILE, "label_one": "Domain", "icon": "globe", "tone": "domain"}
ORGANIZATION = {"name": HOSTILE, "slug": "nord", "initials": "AN", "tone": "blue", "role": HOSTILE, "url": "/o/nord/"}
SHELL = {
    "organization": ORGANIZATION,
    "organizations": [ORGANIZATION | {"current": number == 0, "suspended": number == 1} for number in range(9)],
    "sections": [
        {"label": "Web", "entries": [ENTRY | {"url": "/d/", "order_url": "/order/", "count": 3, "current": True}]}
    ],
    "navigation": [
        {
            "label": "Accounting",
            "entries": [
                {"label": "Orders", "icon": "shopping-cart", "url": "/orders/", "current": True, "locked": False},
                {"label": "Invoices", "icon": "receipt-text", "url": None, "locked": True, "reason": "Ask Marie."},
            ],
        }
    ],
    "home_url": "/o/nord/",
    "search_url": "/o/nord/search/",
    "order_url": "/order/?organization=nord",
    "tour": [{"anchor": "tour", "title": HOSTILE, "text": HOSTILE}],
    "tour_pending": True,
    "sandbox": [HOSTILE],
}
NOWHERE = SHELL | {"organization": None, "home_url": "", "search_url": "", "navigation": [], "tour": [], "sandbox": []}


def render(template: str, **context: Any) -> str:
    return render_to_string(template, {"request": REQUEST, "csrf_token": "token"} | context)


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "500.html", "503.html", "403_csrf.html"])
def test_an_error_page_needs_no_context(template: str) -> None:
    html = render_to_string(template)
    assert html.count("<h1") == 1
    assert 'id="main"' in html
    assert "sidebar" not in html


@pytest.mark.parametrize("template", ["403.html", "404.html", "403_csrf.html"])
@pytest.mark.parametrize("shell", [SHELL, NOWHERE], ids=["organization", "none"])
def test_an_error_keeps_the_shell_of_who_is_signed_in(template: str, shell: dict[str, Any]) -> None:
    html = render(template, shell=shell, user=PERSON)
    assert 'class="sidebar"' in html
    assert html.count("<h1") == 1


def test_a_refusal_names_the_right_and_who_can_help() -> None:
    one = render("403.html", reason="You need the Billing right.", helpers=["Marie Dupont"])
    assert "You need the Billing right." in one
    assert "Marie Dupont can give it to you." in one
    two = render("403.html", helpers=["Marie Dupont", HOSTILE])
    assert "These people can give it to you:" in two
    assert "<script>alert" not in two


def test_what_can_be_asked_for_has_a_form_that_asks() -> None:
    offer = {"url": "/ask/", "right": "billing", "following": "/o/nord/invoices/", "requests_url": "/requests/"}
    html = render("components/ask.html", offer=offer, label=HOSTILE, message=True)
    assert 'method="post" action="/ask/"' in html
    assert "csrfmiddlewaretoken" in html
    assert 'name="right" value="billing"' in html
    assert 'name="message"' in html
    assert "<script>alert" not in html
    waits = render("components/ask.html", offer=offer | {"since": datetime(2026, 12, 9, 14, 0, tzinfo=UTC)})
    assert "Asked on 9 December 2026" in waits
    assert "<form" not in waits
    assert not render("components/ask.html").strip()


def test_a_missing_page_names_where_it_may_be() -> None:
    html = render("404.html", elsewhere=[{"name": "Studio Lumen", "url": "/o/lumen/", "note": "3 domains"}])
    assert 'href="/o/lumen/"' in html
    assert "3 domains" in html


def test_the_shell_shows_names_as_text() -> None:
    html = render("layouts/app.html", shell=SHELL, user=PERSON)
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert") > 10


def test_the_shell_keeps_the_persons_choices() -> None:
    html = render("layouts/app.html", shell=SHELL, user=PERSON)
    assert 'data-theme="dark" data-sidebar="collapsed"' in html
    assert " data-tour-pending" in html
    assert re.search(r'name="sidebar" value="" aria-pressed="true"', html)


def test_what_one_may_not_use_is_shown_with_its_reason() -> None:
    html = render("layouts/app.html", shell=SHELL, user=PERSON)
    assert 'aria-disabled="true" popovertarget="locked-1-2"' in html
    assert "Ask Marie." in html


def test_every_control_that_opens_something_finds_it() -> None:
    html = render("layouts/app.html", shell=SHELL, user=PERSON)
    identifiers = re.findall(r'\bid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    pointers = re.findall(
        r'(?:popovertarget|commandfor|aria-controls|aria-labelledby|aria-describedby)="([^"]+)"', html
    )
    assert {"sidebar", "organizations", "products", "help", "account", "palette", "tour-outline"} <= set(pointers)
    assert {name for pointer in pointers for name in pointer.split()} <= set(identifiers)


def test_a_visitor_who_orders_sees_the_cart_and_the_way_in() -> None:
    visitor = SimpleNamespace(is_authenticated=False)
    html = render("layouts/shop.html", cart_count=2, user=visitor)
    assert 'aria-label="Cart, 2"' in html
    assert "Sign in" in html
    assert "My portal" not in html
    assert "My portal" in render("layouts/shop.html", user=PERSON)
