from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from django_htmx.middleware import HtmxDetails

from manager.web.middleware import PrivateResponses, SignInFirst
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused

PAGE = "<html>{% partialdef rows inline %}<p id=rows>{{ word }}</p>{% endpartialdef %}</html>"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.locmem.Loader", {"page.html": PAGE})],
        },
    }
]
WHOLE = b"<html><p id=rows>hello</p></html>"
PART = b"<p id=rows>hello</p>"


def request_for(target: str = "", **headers: str) -> HttpRequest:
    request = RequestFactory().get("/", headers={"HX-Request": "true", "HX-Target": target} | headers if target else {})
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


@pytest.fixture(autouse=True)
def one_template() -> Any:
    with override_settings(TEMPLATES=TEMPLATES):
        engines._templates = None
        yield


def show(request: HttpRequest, fragments: Any) -> bytes:
    return page(request, "page.html", {"word": "hello"}, fragments=fragments).content


def test_a_browser_gets_the_whole_page() -> None:
    assert show(request_for(), ["rows"]) == WHOLE


def test_htmx_gets_the_fragment_of_its_target() -> None:
    assert show(request_for("rows"), ["rows"]) == PART
    assert show(request_for("palette-results"), {"palette-results": "rows"}) == PART


def test_a_target_the_view_does_not_name_gets_the_whole_page() -> None:
    assert show(request_for("rows"), []) == WHOLE
    assert show(request_for("../../etc"), ["rows"]) == WHOLE


def test_going_back_gets_the_whole_page() -> None:
    assert show(request_for("rows", **{"HX-History-Restore-Request": "true"}), ["rows"]) == WHOLE


def test_an_invalid_form_is_422_with_the_same_fragment() -> None:
    response = invalid(request_for("rows"), "page.html", {"word": "hello"}, ["rows"])
    assert (response.status_code, response.content) == (422, PART)


def test_done_redirects_with_a_message() -> None:
    request = request_for()
    response = done(request, "/next/", "Saved.")
    assert (response.status_code, response["Location"]) == (303, "/next/")
    assert [str(message) for message in request._messages] == ["Saved."]  # type: ignore[attr-defined]


def test_done_moves_the_whole_page_under_htmx() -> None:
    response = done(request_for("rows"), "/next/")
    assert (response.status_code, response["HX-Redirect"]) == (200, "/next/")
    assert "Location" not in response


def test_a_refusal_lands_under_its_field_or_above_the_form() -> None:
    class Form(forms.Form):
        name = forms.CharField()

    for field, place in (("name", "name"), ("other", "__all__"), (None, "__all__")):
        form = Form({"name": "x"})
        Refused("Taken by someone else.", field).into(form)
        assert form.errors[place] == ["Taken by someone else."]


def test_no_cache_keeps_an_answer() -> None:
    response = PrivateResponses(lambda request: HttpResponse("secret"))(request_for())
    assert response["Cache-Control"] == "private, no-store"
    assert response["Vary"] == "Cookie, HX-Request, HX-Target"


def test_a_view_may_decide_otherwise() -> None:
    answer = HttpResponse("open", headers={"Cache-Control": "public, max-age=60"})
    assert PrivateResponses(lambda request: answer)(request_for())["Cache-Control"] == "public, max-age=60"


@override_settings(LOGIN_URL="/accounts/login/")
def test_who_was_signed_out_signs_in_on_a_page_of_its_own_and_comes_back() -> None:
    request = request_for("rows", **{"HX-Current-URL": "http://portal.test/o/nord/?page=2"})
    response = SignInFirst(lambda request: HttpResponse()).handle_no_permission(request, lambda request: HttpResponse())
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fo%2Fnord%2F"
