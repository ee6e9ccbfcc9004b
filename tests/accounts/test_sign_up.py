"""Signing up, verifying, signing in, resetting: by mail that leaves through the queue."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
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
    """The code in the newest mail that has one."""
    return [found for text in delivered() for found in CODE.findall(text)][-1]


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


def test_another_code_can_be_sent_whether_the_address_is_taken_or_not() -> None:
    pages = []
    for person in (Client(), Client()):
        sign_up(person)
        cache.clear()
        answer = person.post("/accounts/confirm-email/", {"action": "resend"}, follow=True)
        pages.append(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text))
        cache.clear()
    assert pages[0] == pages[1]
    assert "Send a new code" in pages[0]
    assert "Use another address" in pages[0]


def test_the_new_code_is_the_right_one() -> None:
    client = Client()
    sign_up(client)
    first = code()
    cache.clear()
    client.post("/accounts/confirm-email/", {"action": "resend"})
    second = code()
    assert second != first
    client.post("/accounts/confirm-email/", {"code": second})
    assert client.get("/profile/").status_code == 200


def test_who_mistyped_the_address_begins_again() -> None:
    client = Client()
    sign_up(client)
    answer = client.post("/accounts/logout/", {"next": "/accounts/signup/"})
    assert answer["Location"] == "/accounts/signup/"
    assert client.get("/accounts/signup/").status_code == 200


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


FORGED = (
    {"Host": "localhost:6666"},
    {"Host": "localhost", "X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "6666"},
    {"Host": "[::1]:6666", "Forwarded": "host=evil.example"},
)


@pytest.mark.parametrize("headers", FORGED, ids=lambda headers: headers["Host"])
def test_a_forged_host_reaches_no_mail(headers: dict[str, str], settings: Any) -> None:
    settings.BASE_URL = "https://portal.example"
    sign_up(Client(headers=headers))
    sign_up(Client(headers=headers))  # the address is taken now
    for email in ("anna@example.org", "nobody@example.org"):
        Client(headers=headers).post("/accounts/password/reset/", {"email": email})
    user = User.objects.get()
    EmailAddress.objects.update(verified=True)
    client = Client(headers=headers)
    client.post("/accounts/login/", {"login": user.email, "password": PERSON["password1"]})
    again = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})["Location"]
    client.post(again, {"password": PERSON["password1"]})  # what was asked for goes on after the password
    client.post("/accounts/confirm-email/", {"code": code()})
    texts = delivered()
    assert User.objects.get().email == "new@example.org"
    subjects = [message.subject for message in outbox.outbox]
    assert len(texts) == 6, subjects  # code, taken, reset, unknown, code, changed
    for message in outbox.outbox:
        whole = message.subject + message.body
        assert not re.search(r"6666|localhost|::1|evil\.example|testserver", whole), whole
        assert all(link.startswith("https://portal.example") for link in re.findall(r"\w+://\S+", whole))
    assert "https://portal.example/accounts/password/reset/" in texts[1]
    assert "https://portal.example/accounts/signup/" in texts[3]


def test_no_mail_to_an_unproved_address_carries_what_a_visitor_typed() -> None:
    typed = {"first_name": "WIN CHF 500 NOW", "last_name": "https://evil.example/claim"}
    agent = Client(headers={"User-Agent": "https://evil.example/agent", "Accept-Language": "en"})
    sign_up(agent, **typed)
    sign_up(Client(headers={"User-Agent": "https://evil.example/agent"}), **typed)
    for email in ("anna@example.org", "nobody@example.org"):
        agent.post("/accounts/password/reset/", {"email": email, **typed})
    texts = delivered()
    assert len(texts) == 4
    for message in outbox.outbox:
        assert not re.search(r"WIN|500|evil|claim|agent", message.subject + message.body), message.body
        assert message.subject
        assert "Kestrel Hosting" in message.body
        assert "&#" not in message.body


def test_the_code_stands_on_a_line_of_its_own() -> None:
    sign_up(Client())
    Client().post("/accounts/password/reset/", {"email": "anna@example.org"})
    assert [len(CODE.findall(text)) for text in delivered()] == [1, 1]


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


def test_signing_up_again_gets_the_answer_of_a_new_address() -> None:
    """Whoever tries an address learns nothing about it, and sends its owner no mail after mail."""
    answers = [sign_up(Client(), email=email) for email in ["new@example.org", *["anna@example.org"] * 4]]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/confirm-email/")}
    assert {answer.client.get(answer["Location"]).status_code for answer in answers} == {200}
    assert Mail.objects.filter(to="anna@example.org").count() == 2  # the code, and once that it is taken


def test_a_stranger_does_not_block_the_code_of_another() -> None:
    owner = Client()
    sign_up(owner)
    for _ in range(3):
        sign_up(Client())
    owner.post("/accounts/confirm-email/", {"code": code()})
    assert owner.get("/profile/").status_code == 200


def test_asking_for_the_code_again_at_once_keeps_the_code_that_was_sent() -> None:
    sign_up(Client())
    again = Client()
    for _ in range(3):
        answer = again.post("/accounts/login/", {"login": PERSON["email"], "password": PERSON["password1"]})
        assert answer["Location"] == "/accounts/confirm-email/"
    assert Mail.objects.count() == 1
    again.post("/accounts/confirm-email/", {"code": code()})
    assert again.get("/profile/").status_code == 200


def test_a_little_later_a_new_code_leaves() -> None:
    sign_up(Client())
    first = code()
    cache.clear()
    again = Client()
    again.post("/accounts/login/", {"login": PERSON["email"], "password": PERSON["password1"]})
    assert Mail.objects.count() == 2
    assert code() != first
    again.post("/accounts/confirm-email/", {"code": code()})
    assert again.get("/profile/").status_code == 200


def test_another_port_in_the_host_begins_no_other_count() -> None:
    sign_up(Client())
    answers = [
        Client(headers={"Host": f"localhost:{port}"}, REMOTE_ADDR=f"192.0.2.{port}").post(
            "/accounts/login/", {"login": "anna@example.org", "password": f"wrong-{port}"}
        )
        for port in range(1, 8)
    ]
    assert "Too many" in answers[-1].content.decode()


def test_too_much_at_once_gets_a_page_that_says_so() -> None:
    answers = [sign_up(Client(), email=f"anna{number}@example.org") for number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "try again" in answers[-1].content.decode().lower()
