"""The second factor cannot be gone round: not by a new password, a code seen before, or a recovery code used before."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from tests.accounts.signing_in import browser, code, codes_of, is_in, log_in, number, person, with_app

pytestmark = pytest.mark.django_db

ASKED = "/accounts/2fa/authenticate/"


@pytest.fixture
def user() -> User:
    cache.clear()
    return person()


def test_the_password_alone_opens_nothing(user: User) -> None:
    secret, client = with_app(user), browser()
    assert log_in(client, user)["Location"] == ASKED
    assert not is_in(client)
    client.post(ASKED, {"code": number(secret)})
    assert is_in(client)


def test_a_code_works_once(user: User) -> None:
    secret = with_app(user)
    shown = number(secret)
    first, second = browser(), browser()
    for client in (first, second):
        log_in(client, user)
    first.post(ASKED, {"code": shown})
    again = second.post(ASKED, {"code": shown})
    spaced = second.post(ASKED, {"code": f" {shown[:3]} {shown[3:]} "})
    assert [is_in(first), is_in(second)] == [True, False]
    assert [again.status_code, spaced.status_code] == [200, 200]


def test_a_code_of_signing_in_proves_nothing_again(user: User) -> None:
    """Nor the other way round: what was seen once is worth nothing."""
    secret, client = with_app(user), browser()
    shown = number(secret)
    log_in(client, user)
    client.post(ASKED, {"code": shown})
    answer = client.post("/accounts/2fa/reauthenticate/", {"code": shown})
    assert answer.status_code == 200
    assert "account_authentication_methods" in client.session
    assert not [record for record in client.session["account_authentication_methods"] if record.get("reauthenticated")]


def test_the_code_of_another_persons_app_is_worth_nothing(user: User) -> None:
    with_app(user)
    others = with_app(person("bob"))
    client = browser()
    log_in(client, user)
    client.post(ASKED, {"code": number(others)})
    assert not is_in(client)


def test_a_recovery_code_works_once(user: User) -> None:
    with_app(user)
    spare = codes_of(user)
    for expected in (True, False):
        client = browser()
        log_in(client, user)
        client.post(ASKED, {"code": spare[0]})
        assert is_in(client) is expected
    client = browser()
    log_in(client, user)
    client.post(ASKED, {"code": spare[1]})
    assert is_in(client)


def test_guessing_codes_is_limited_whatever_the_address(user: User) -> None:
    secret = with_app(user)
    clients = [browser(address=f"192.0.2.{place}") for place in range(7)]
    for client in clients:
        log_in(client, user)
    for client in clients[:6]:
        client.post(ASKED, {"code": "000000"})
    assert clients[6].post(ASKED, {"code": number(secret)}).status_code == 200
    assert not is_in(clients[6])


def test_a_new_password_by_mail_still_asks_for_it(user: User) -> None:
    secret, client = with_app(user), browser()
    client.post("/accounts/password/reset/", {"email": user.email})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code()})
    new = {"password1": "another-long-way-8", "password2": "another-long-way-8"}
    client.post(reverse("account_complete_password_reset"), new, follow=True)
    assert not is_in(client)
    assert log_in(client, user, new["password1"])["Location"] == ASKED
    assert not is_in(client)
    client.post(ASKED, {"code": number(secret)})
    assert is_in(client)


def test_the_second_step_cannot_come_first(user: User) -> None:
    secret, client = with_app(user), browser()
    assert client.post(ASKED, {"code": number(secret)})["Location"] == "/accounts/login/"
    log_in(client, user, "wrong")
    client.post(ASKED, {"code": number(secret)})
    assert not is_in(client)


@pytest.mark.parametrize("path", ["totp/deactivate/", "recovery-codes/generate/", "totp/activate/"])
def test_changing_it_asks_who_one_is(user: User, path: str) -> None:
    if "deactivate" in path or "recovery" in path:
        with_app(user)
        codes_of(user)
    client = browser()
    client.force_login(user, backend="accounts.backends.Backend")
    answer = client.get(f"/accounts/2fa/{path}")
    assert "reauthenticate" in answer["Location"]
