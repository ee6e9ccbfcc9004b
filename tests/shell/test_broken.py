"""Pages of errors that must come even when nothing answers: they ask neither the database nor Redis."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from manager.shell import errors
from tests.people import World

STANDING = ["400.html", "500.html", "503.html", "shell/offline.html"]


def raised(error: Exception) -> Any:
    """What the handler answers while this error is handled."""
    try:
        raise error
    except type(error):
        return errors.broken(RequestFactory().get("/"))


def test_what_breaks_says_what_is_safe() -> None:
    answer = raised(ValueError("x"))
    assert answer.status_code == 500
    assert "nothing is charged twice" in answer.text


def test_a_database_that_is_down_is_a_pause() -> None:
    answer = raised(OperationalError("gone"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Our database is not answering" in answer.text


@pytest.mark.django_db
def test_a_view_that_breaks_is_answered_without_a_query(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    client = Client(raise_request_exception=False)

    def down(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("manager.shell.views.connection.cursor", down)
    with django_assert_num_queries(0):
        answer = client.get(reverse("live"))
    assert answer.status_code == 503


@pytest.mark.parametrize("template", STANDING)
def test_the_page_stands_alone(template: str) -> None:
    from django.template.loader import render_to_string

    html = render_to_string(template)
    assert html.count("<h1") == 1
    assert "<script" not in html
    assert "csrf" not in html


def test_the_offline_page_asks_for_nothing_but_its_style_sheet(client: Client) -> None:
    page = client.get(reverse("offline"))
    assert page.text.count("/static/") == 1
    assert "app.css?offline" in page.text


def test_the_worker_is_for_the_whole_site_and_says_what_it_keeps(client: Client, settings: Any) -> None:
    answer = client.get(reverse("worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("worker") == "/worker.js"
    assert '"/offline/"' in answer.text.replace("\\u002D", "-")
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    settings.OFFLINE_PAGE = False
    gone = client.get(reverse("worker")).text
    assert "unregister" in gone
    assert "fetch" not in gone


def test_a_switched_off_worker_is_not_asked_for(client: Client, settings: Any, db: Any) -> None:
    cache.clear()
    assert "js/offline.js" in client.get(reverse("account_login")).text
    settings.OFFLINE_PAGE = False
    assert "js/offline.js" not in client.get(reverse("account_login")).text
