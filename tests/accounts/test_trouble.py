"""Unable to log in: the page for whoever stands outside."""

import re
import time

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.accounts.signing_in import browser, log_in, person
from tests.people import World

pytestmark = pytest.mark.django_db

NONCE = re.compile(r'nonce="[^"]+"')


def test_it_names_every_way_back_in(world: World) -> None:
    page = Client().get("/trouble/").text
    for words in ("/accounts/password/reset/", "recovery codes", "spam", "suspended", "5 minutes", "invited"):
        assert words in page
    assert f"mailto:{settings.SUPPORT_EMAIL}" in page
    for person_ in ("owner", "suspended", "nobody"):
        assert world.client(person_).get("/trouble/").status_code == 200


def test_it_is_where_people_look_for_it(world: World) -> None:
    assert 'href="/trouble/"' in Client().get("/accounts/login/").text
    assert 'href="/trouble/"' in world.client("owner").get("/o/acme/").text
    fields = {"first_name": "A", "last_name": "B", "password1": "a-long-walk-home-7"}
    answers = [Client().post("/accounts/signup/", fields | {"email": f"a{n}@example.org"}) for n in range(21)]
    assert answers[-1].status_code == 429
    assert 'href="/trouble/"' in answers[-1].text


def test_it_says_the_same_whatever_it_is_asked() -> None:
    user = person()
    plain, asked = (Client().get(address).text for address in ("/trouble/", f"/trouble/?email={user.email}"))
    assert NONCE.sub("", asked) == NONCE.sub("", plain)


def test_a_login_is_closed_for_as_long_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    user = person()
    for attempt in range(5):
        log_in(browser(address=f"192.0.2.{attempt}"), user, "wrong")
    late = browser(address="192.0.2.99")
    assert log_in(late, user).status_code == 200
    now = time.time()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 60 * settings.LOCKED_MINUTES + 1)
    assert log_in(late, user).status_code == 302
