"""A new person signs up on the way to an organization they are invited to."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from tests.accounts.test_sign_up import PERSON, code
from tests.organizations.invited import invited, member
from tests.people import World

EMAIL = "anna@example.org"


@pytest.fixture(autouse=True)
def _no_limit_left_over() -> None:
    cache.clear()


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """The address and the hidden and fixed fields of the sign-up form."""
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page)
    following = re.search(r'name="next" value="([^"]+)"', page)
    email = re.search(r'name="email" value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="email"', page)
    assert action
    assert following
    assert email
    return action[1].replace("&amp;", "&"), {"next": following[1], "email": email[1]}


def signed_up(client: Client, path: str, **other: str) -> Any:
    page = client.get(path).content.decode()
    link = re.search(r'href="(/accounts/signup/[^"]+)"', page)
    assert link
    address, kept = form_of(client.get(link[1].replace("&amp;", "&")).content.decode())
    return client.post(address, PERSON | kept | other)


def test_a_new_person_signs_up_on_the_way_and_joins(world: World) -> None:
    path, client = invited(world, EMAIL), Client()
    assert signed_up(client, path)["Location"] == "/accounts/confirm-email/"
    # Not before the address is proved.
    assert client.post(f"{path}accept/").status_code == 302
    answer = client.post("/accounts/confirm-email/", {"code": code()})
    assert answer["Location"] == path
    assert "Accept" in client.get(path).content.decode()
    assert client.post(f"{path}accept/")["Location"] == "/o/acme/"
    assert client.get("/o/acme/").status_code == 200
    user = User.objects.get(email=EMAIL)
    assert member(world, user) is not None
    assert Organization.objects.count() == 2


def test_bad_input_keeps_the_address_and_the_way(world: World) -> None:
    path, client = invited(world, EMAIL), Client()
    answer = signed_up(client, path, password1="short")
    _address, kept = form_of(answer.content.decode())
    assert kept == {"next": path, "email": EMAIL}
    assert "readonly" in answer.content.decode()


def test_with_another_address_the_invitation_stays_closed(world: World) -> None:
    path, client = invited(world, EMAIL), Client()
    signed_up(client, path, email="eve@example.org")
    client.post("/accounts/confirm-email/", {"code": code()})
    assert client.get("/profile/").status_code == 200
    assert client.get(path).status_code == 404
    assert client.post(f"{path}accept/").status_code == 404
    assert member(world, User.objects.get(email="eve@example.org")) is None


def test_an_existing_login_comes_back_after_signing_in(world: World) -> None:
    path, first = invited(world, EMAIL), Client()
    first.post("/accounts/signup/", PERSON)
    first.post("/accounts/confirm-email/", {"code": code()})
    client = Client()
    answer = client.post("/accounts/login/", {"login": EMAIL, "password": PERSON["password1"], "next": path})
    assert answer["Location"] == path
    assert client.post(f"{path}accept/").status_code == 303


def test_signing_up_with_an_address_that_has_a_login_tells_nothing(world: World) -> None:
    """The form answers as for a new person; the mail says that there is a login."""
    path, first = invited(world, EMAIL), Client()
    first.post("/accounts/signup/", PERSON)
    first.post("/accounts/confirm-email/", {"code": code()})
    cache.clear()
    again = signed_up(Client(), path)
    assert (again.status_code, again["Location"]) == (302, "/accounts/confirm-email/")
    assert User.objects.filter(email=EMAIL).count() == 1


@pytest.mark.django_db
def test_a_link_to_sign_up_without_an_address_leaves_it_open() -> None:
    for query in ("", "?email=", "?email=nonsense", '?email="><script>'):
        page = Client().get(f"/accounts/signup/{query}").content.decode()
        assert "readonly" not in page
        assert "<script>a" not in page
