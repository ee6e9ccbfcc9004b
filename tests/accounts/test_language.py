from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.language import spoken_by
from accounts.models import User
from tests.people import World

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}


def language_of(answer: Any) -> str:
    """What the answer says of itself, in its header and in its page."""
    page = answer.content.decode()
    said = page.partition('<html lang="')[2].partition('"')[0]
    assert answer["Content-Language"] == said
    return said


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("de-CH,de;q=0.9", "de"),
        ("fr", "fr"),
        ("it-IT", "it"),
        ("es-MX", "es"),
        ("ja,nl", "en"),
        ("", "en"),
        (";;=", "en"),
    ],
)
def test_visitors_read_the_language_of_their_browser(client: Client, accepted: str, spoken: str) -> None:
    answer = client.get("/accounts/login/", headers={"Accept-Language": accepted})
    assert language_of(answer) == spoken
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert answer["Cache-Control"] == "private, no-store" or "no-store" in answer["Cache-Control"]


def test_a_visitor_chooses_another_without_a_session(client: Client) -> None:
    answer = client.post(
        "/language/", {"language": "it"}, headers=GERMAN | {"Referer": "http://testserver/order/?kind=hosting"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/order/?kind=hosting")
    cookie = answer.cookies["django_language"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("it", True, "Lax")
    assert "sessionid" not in answer.cookies
    assert language_of(client.get("/accounts/login/", headers=GERMAN)) == "it"
    client.post("/language/", {"language": ""}, headers=GERMAN)
    assert language_of(client.get("/accounts/login/", headers=GERMAN)) == "de"


@pytest.mark.parametrize("language", ["xx", "de-CH", "../../etc/passwd", "d\0e"])
def test_a_language_that_is_not_spoken_here_changes_nothing(client: Client, language: str) -> None:
    answer = client.post("/language/", {"language": language})
    assert answer.status_code == 303
    assert "django_language" not in answer.cookies


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "order", "http://testserver//evil.example/"],
)
def test_nobody_is_sent_to_another_site(client: Client, target: str) -> None:
    assert client.post("/language/", {"language": "fr"}, headers={"Referer": target})["Location"] == "/"


def test_the_profile_comes_before_the_browser(world: World) -> None:
    client, user = world.client("owner"), world.users["owner"]
    assert language_of(client.get("/o/acme/", headers=GERMAN)) == "de"
    client.post("/profile/preferences/", {"language": "fr", "next": "/profile/"})
    user.refresh_from_db()
    assert user.language == "fr"
    assert language_of(client.get("/o/acme/", headers=GERMAN)) == "fr"
    # The theme goes its own way.
    client.post("/profile/preferences/", {"theme": "dark"})
    assert language_of(client.get("/profile/", headers=GERMAN)) == "fr"
    # After signing out, this browser still reads it.
    client.logout()
    client.cookies["django_language"] = "fr"
    assert language_of(client.get("/accounts/login/", headers=GERMAN)) == "fr"


def test_who_wants_the_browsers_language_again_has_it(world: World) -> None:
    client, user = world.client("owner"), world.users["owner"]
    client.post("/profile/preferences/", {"language": "fr"})
    client.post("/profile/preferences/", {"language": ""})
    user.refresh_from_db()
    assert user.language == ""
    assert language_of(client.get("/profile/", headers=GERMAN)) == "de"


def test_errors_speak_it_too(world: World) -> None:
    client = world.client("owner")
    client.post("/profile/preferences/", {"language": "es"})
    client.cookies.pop("django_language")
    assert language_of(client.get("/o/nowhere/", headers=GERMAN)) == "es"
    assert language_of(client.get("/no/such/page/", headers=GERMAN)) == "es"


def test_no_page_asks_the_database_more_for_it(world: World) -> None:
    def queries() -> int:
        client = world.client("owner")
        client.get("/o/acme/")
        with CaptureQueriesContext(
            connection,
        ) as before:
            assert client.get("/o/acme/").status_code == 200
        return len(before)

    unset = queries()
    User.objects.filter(pk=world.users["owner"].pk).update(language="de")
    assert queries() == unset


def test_a_visitor_who_looks_needs_no_session(client: Client) -> None:
    assert 'id="languages"' in client.get("/trouble/").content.decode()
    assert not client.cookies


def test_programs_read_english(client: Client, world: World) -> None:
    answer = client.get("/api/v1/o/acme/products/", headers=GERMAN)
    assert answer.status_code == 401
    assert answer["Content-Language"] == "en"


def test_one_request_leaves_no_language_to_the_next(client: Client) -> None:
    client.get("/accounts/login/", headers=GERMAN)
    answer = client.get("/accounts/login/", headers={"Accept-Language": "fr", "X-Name": "a\0b"})
    assert answer.status_code == 400
    assert translation.get_language() == "fr"


def test_texts_for_somebody_else_are_in_their_language() -> None:
    with translation.override("de"):
        with spoken_by(User(language="it")):
            assert translation.get_language() == "it"
        with spoken_by(User()):
            assert translation.get_language() == "de"
        with spoken_by(None):
            assert translation.get_language() == "de"
        assert translation.get_language() == "de"
