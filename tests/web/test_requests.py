"""Requests no browser sends: refused with 400 or answered, never an error of ours."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client, RequestFactory

from manager.web.pages import own_path
from manager.wsgi import application
from tests.people import World

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(params=[False, True], ids=["production", "debugging"])
def client(request: pytest.FixtureRequest, settings: Any) -> Client:
    """A browser that sees what a visitor would see."""
    settings.DEBUG = request.param
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("cookie", ['sessionid="aaaa\\000aaaa"', 'django_language="\\000"', "a\0b=1", "sessionid=a\0b"])
def test_a_cookie_with_nul_is_refused(client: Client, cookie: str) -> None:
    assert client.get("/order/", headers={"Cookie": cookie}).status_code == 400


@pytest.mark.parametrize(
    "cookie", ['sessionid="\\355\\240\\200"', "sessionid=\xff\xfe", "sessionid=" + "x" * 5000, "=;;="]
)
def test_any_other_cookie_is_a_session_that_does_not_exist(client: Client, cookie: str) -> None:
    assert client.get("/order/", headers={"Cookie": cookie}).status_code == 200


@pytest.mark.parametrize("name", ["User-Agent", "HX-Current-URL", "Accept-Language", "Referer"])
def test_a_header_with_nul_is_refused(client: Client, name: str) -> None:
    assert client.get("/order/", headers={name: "a\0b"}).status_code == 400


@pytest.mark.parametrize("address", ["/order/%00/", "/static/a%00b", "/order/?q=%00", "/order/?%00=q"])
def test_an_address_with_nul_is_refused(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "characters that no address" in page
    assert 'href="/"' in page


@pytest.mark.parametrize(
    "address", ["/order/%ED%A0%80/", "/order/?organization=%ED%A0%80", "/%FF%FE/", "/static/%ED%A0%80"]
)
def test_half_a_character_is_no_error(client: Client, address: str) -> None:
    assert client.get(address).status_code in (200, 400, 404)


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "unicode_escape", "idna", "hex", "nonsense", '"utf-16"'])
@pytest.mark.parametrize("query", ["", "?q=+2AA-"])
def test_a_form_in_another_encoding_is_refused(charset: str, query: str) -> None:
    """Through the WSGI application: Django's own test client reads such a form before the portal does."""
    body, answered = b"login=a&password=b", []
    environ = RequestFactory(CONTENT_LENGTH=str(len(body)))._base_environ(  # type: ignore[attr-defined]
        REQUEST_METHOD="POST", PATH_INFO="/accounts/login/", QUERY_STRING=query.lstrip("?")
    ) | {"CONTENT_TYPE": f"{FORM}; charset={charset}", "wsgi.input": BytesIO(body)}
    application(environ, lambda status, headers: answered.append(status))
    assert answered == ["400 Bad Request"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', ""])
def test_utf_8_is_taken(client: Client, charset: str) -> None:
    answer = client.post("/accounts/login/", b"login=a&password=b", content_type=f"{FORM}; charset={charset}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "current", ["http://[", "http://[::1", "", "//evil.example/", "http://x//evil.example/p", "javascript:1"]
)
def test_a_fragment_of_a_strange_page_leads_to_sign_in(client: Client, current: str) -> None:
    answer = client.get("/o/acme/", headers={"HX-Request": "true", "HX-Current-URL": current})
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2F"


@pytest.mark.parametrize("address", ["/", "/o/acme/?page=2", "/a:b", "/ö/#part"])
def test_a_path_of_ours_is_followed(address: str) -> None:
    assert own_path(address) == address


NOT_OURS = (
    *("", " /", "home", "abc", "profile/", "\0/", "http://["),
    *("//evil.example", "///evil.example", "/\\evil.example", "/\t/evil.example"),
    *("https://evil.example/", "http://testserver/", "javascript:alert(1)"),
)


@pytest.mark.parametrize("address", NOT_OURS)
def test_everything_else_is_not(address: str) -> None:
    assert own_path(address) == "/"


@pytest.mark.parametrize(
    ("address", "above"),
    [
        ("/o/acme/members/change/", "/o/acme/members/"),
        ("/o/acme/sign-in-rules/require/", "/o/acme/sign-in-rules/"),
        ("/view-as/stop/", "/"),
        ("/o/acme/members/7/suspend/", "/o/acme/members/7/"),
    ],
)
def test_what_only_a_button_sends_leads_to_the_page_it_belongs_to(world: World, address: str, above: str) -> None:
    answer = world.client("owner").get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is nothing to open here" in answer.text
    assert f'<a class="button button-primary" href="{above}">' in answer.text


def test_a_form_sent_to_a_page_and_a_program_get_the_short_answer(world: World) -> None:
    assert world.client("owner").post("/o/acme/activity/").content == b""
    assert world.client("token").post("/api/v1/o/acme/products/").json()["error"]["code"] == "method_not_allowed"
