"""Signing up, verifying, signing in, resetting: by mail that leaves through the queue."""

import re
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import tasks
from accounts.models import Mail, User

pytestmark = pytest.mark.django_db

PERSON = {"first_name": "Anna", "last_name": "Walker", "email": "anna@example.org", "password1": "a-long-walk-home-7"}
CODE = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _no_limit_left_over() -> None:
    cache.clear()


def sign_up(client: Client, **other: str) -> Any:
    return client.post("/accounts/signup/", PERSON | other)


def delivered() -> list[str]:
    """The texts of all mail a worker has sent."""
    tasks.sweep_mail()
    for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True):
        tasks.send_mail(pk)
    return [message.body for message in outbox.outbox]


def code() -> str:
    found = CODE.search(delivered()[-1])
    assert found, delivered()[-1]
    return found[1]


def test_sign_up_verify_and_be_signed_in() -> None:
    client = Client()
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    user = User.objects.get(email="anna@example.org")
    assert (user.get_full_name(), user.initials, user.is_staff) == ("Anna Walker", "AW", False)
    assert client.get("/profile/").status_code == 302  # not before the address is proved
    client.post("/accounts/confirm-email/", {"code": "WRNG-WRNG"})
    assert client.get("/profile/").status_code == 302
    client.post("/accounts/confirm-email/", {"code": code()})
    assert client.get("/profile/").status_code == 200


def test_the_cart_survives_signing_up() -> None:
    client = Client()
    session = client.session
    session["cart"] = "kept"
    session.save()
    sign_up(client)
    client.post("/accounts/confirm-email/", {"code": code()})
    assert client.session["cart"] == "kept"


def test_an_address_that_is_taken_gets_the_same_answer_and_a_mail_that_says_so() -> None:
    sign_up(Client())
    cache.clear()
    again = sign_up(Client(), email="ANNA@example.org", first_name="Eve")
    assert (again.status_code, again["Location"]) == (302, "/accounts/confirm-email/")
    assert User.objects.count() == 1
    assert "already" in delivered()[-1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password1", "short"),
        ("password1", "1234567890"),
        ("email", "nonsense"),
        ("first_name", ""),
        ("last_name", "x" * 81),
    ],
)
def test_bad_input_keeps_what_was_typed(field: str, value: str) -> None:
    answer = sign_up(Client(), **{field: value})
    assert not User.objects.exists()
    page = answer.content.decode()
    assert 'value="Anna"' in page or field == "first_name"
    assert 'aria-invalid="true"' in page


def test_signing_in_is_limited() -> None:
    sign_up(Client())
    client = Client()
    attempts = [
        client.post("/accounts/login/", {"login": "anna@example.org", "password": f"wrong-{n}"}) for n in range(8)
    ]
    assert "Too many" in attempts[-1].content.decode()
    late = client.post("/accounts/login/", {"login": "anna@example.org", "password": PERSON["password1"]})
    assert late.status_code == 200  # not even the right one, for a while


def test_a_forged_host_reaches_no_mail() -> None:
    Client(headers={"Host": "localhost", "X-Forwarded-Host": "evil.example"}).post("/accounts/signup/", PERSON)
    assert all("evil.example" not in text and "localhost" not in text for text in delivered())


def test_a_new_password_by_code() -> None:
    client = Client()
    sign_up(client)
    client.post("/accounts/confirm-email/", {"code": code()})
    other = Client()
    other.post("/accounts/password/reset/", {"email": "anna@example.org"})
    other.post(reverse("account_confirm_password_reset_code"), {"code": code()})
    new = "another-long-way-8"
    other.post(reverse("account_complete_password_reset"), {"password1": new, "password2": new})
    assert User.objects.get().check_password(new)


def test_unknown_addresses_get_the_same_answer() -> None:
    sign_up(Client())
    known = Client().post("/accounts/password/reset/", {"email": "anna@example.org"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_too_much_at_once_gets_a_page_that_says_so() -> None:
    sign_up(Client())
    again = sign_up(Client())
    assert again.status_code == 429
    assert "try again" in again.content.decode().lower()
