"""Another address: in force when it is proved, and never one that somebody else has."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from tests import people
from tests.accounts.signing_in import browser, code, delivered, is_in, log_in, person, verbs

pytestmark = pytest.mark.django_db

OLD, NEW = "anna@example.com", "anna@new.example"
REFUSED = "already registered"


@pytest.fixture
def user() -> User:
    cache.clear()
    return person()


def asks(user: User, email: str = NEW) -> tuple[Client, Any]:
    """The person is signed in, has just given their password, and wants another address."""
    client = browser()
    log_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": "secret-of-anna"})
    return client, client.post("/accounts/email/", {"action_add": "", "email": email})


def confirms(client: Client) -> Any:
    return client.post("/accounts/confirm-email/", {"code": code()}, follow=True)


def proved() -> set[tuple[str, str]]:
    """Whose address is proved to be which."""
    rows = EmailAddress.objects.filter(verified=True, primary=True)
    return set(rows.values_list("user__first_name", "email"))


def test_it_needs_the_password_once_more(user: User) -> None:
    client = browser()
    log_in(client, user)
    answer = client.post("/accounts/email/", {"action_add": "", "email": NEW})
    assert "/reauthenticate/" in answer["Location"]
    assert not delivered(NEW)


def test_until_the_code_comes_back_the_old_address_is_in_force(user: User) -> None:
    client, answer = asks(user)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
    client.post("/accounts/confirm-email/", {"code": "WRNG-WRNG"})
    user.refresh_from_db()
    assert user.email == OLD
    assert proved() == {("Anna", OLD)}
    assert not EmailAddress.objects.filter(email=NEW).exists()  # nothing of it is there, so nothing of it is verified
    again = browser()
    again.post("/accounts/login/", {"login": NEW, "password": "secret-of-anna"})
    assert not is_in(again)
    log_in(again, user)
    assert is_in(again)


def test_the_code_changes_it_and_both_addresses_are_told(user: User) -> None:
    client, _answer = asks(user)
    confirms(client)
    user.refresh_from_db()
    assert user.email == NEW
    assert proved() == {("Anna", NEW)}
    assert EmailAddress.objects.count() == 1
    assert [mail.subject for mail in delivered(NEW)] == ["Confirm your email address"]
    (alert,) = delivered(OLD)
    assert alert.subject == "The address of your account was changed"
    for words in (OLD, NEW, "192.0.2.1", "Firefox on Windows", "/trouble/"):
        assert words in alert.body
    assert verbs(user) == ["login", "email.ask", "email.confirm", "email.change"]
    assert is_in(client)
    stale = browser()
    stale.post("/accounts/login/", {"login": OLD, "password": "secret-of-anna"})
    assert not is_in(stale)


@pytest.mark.parametrize("spelling", ["bob@example.com", "BOB@example.com", "Bob@Example.COM"])
@pytest.mark.parametrize("is_proved", [True, False])
def test_the_address_of_another_account_is_not_taken(user: User, spelling: str, is_proved: bool) -> None:
    bob = person("bob") if is_proved else people.user("bob")
    _client, free = asks(user, "nobody@example.com")
    client, taken = asks(user, spelling)
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    wrong = client.post("/accounts/confirm-email/", {"code": "WRNG-WRNG"})
    assert "Incorrect code" in wrong.text
    assert REFUSED not in wrong.text
    # Only who reads the mail of that address has the code and is told; it opens nothing.
    page = confirms(client)
    assert page.status_code == 200
    assert REFUSED in page.text
    user.refresh_from_db()
    bob.refresh_from_db()
    assert (user.email, bob.email) == (OLD, "bob@example.com")
    assert ("Anna", OLD) in proved()
    assert ("Anna", "bob@example.com") not in proved()


def test_the_page_that_asks_for_the_code_tells_no_difference(user: User) -> None:
    person("bob")
    pages = []
    for email in ("bob@example.com", "nob@example.com"):
        client, answer = asks(user, email)
        text = client.get(answer["Location"]).text
        pages.append(text.replace(email, "…").partition("<main")[2].partition("</main>")[0])
        cache.clear()
    assert pages[0].count("…") == pages[1].count("…") > 0
    assert len(pages[0]) == len(pages[1])


def test_two_who_want_the_same_address_do_not_both_get_it(user: User) -> None:
    first, _answer = asks(user)
    bob = person("bob")
    second = browser()
    second.post("/accounts/login/", {"login": bob.email, "password": "secret-of-bob"})
    second.post("/accounts/reauthenticate/", {"password": "secret-of-bob"})
    confirms(first)
    second.post("/accounts/email/", {"action_add": "", "email": NEW.upper()})
    confirms(second)
    bob.refresh_from_db()
    assert bob.email == "bob@example.com"


@pytest.mark.parametrize("email", ["ANNA@example.com", "anna@EXAMPLE.com"])
def test_an_address_is_one_person_whatever_its_case(user: User, email: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email, "x")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email=email).save()


def test_one_signs_in_whatever_the_case(user: User) -> None:
    client = browser()
    client.post("/accounts/login/", {"login": OLD.upper(), "password": "secret-of-anna"})
    assert is_in(client)
