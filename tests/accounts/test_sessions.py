"""Where one is signed in: the list, signing out one device or all others, and what a new password ends."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from accounts.models import User
from tests.accounts.signing_in import IPHONE, browser, code, is_in, log_in, person, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    cache.clear()
    return person()


def signed_in(user: User, *agents: str) -> list[Client]:
    clients = [browser(*([agent] if agent else []), address=f"192.0.2.{n}") for n, agent in enumerate(agents, 1)]
    for client in clients:
        log_in(client, user)
        assert is_in(client)
    return clients


def row(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def test_the_list_names_each_device(user: User) -> None:
    here, _phone = signed_in(user, "", IPHONE)
    page = here.get("/accounts/sessions/").text
    for words in ("Firefox on Windows", "Safari on iPhone", "192.0.2.1", "192.0.2.2", "This device", "Last seen just"):
        assert words in page
    assert page.count("/end/") == 1


def test_one_other_device_is_signed_out_at_its_next_request(user: User) -> None:
    here, phone, tablet = signed_in(user, "", IPHONE, IPHONE)
    answer = here.post(f"/profile/sessions/{row(phone).pk}/end/")
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/sessions/")
    assert [is_in(client) for client in (here, phone, tablet)] == [True, False, True]
    assert verbs(user)[-1] == "session.end"
    page = here.get("/profile/security/").text
    assert "Signed out from afar: Safari on iPhone" in page


def test_all_others_are_signed_out(user: User) -> None:
    here, phone, tablet = signed_in(user, "", IPHONE, IPHONE)
    here.post("/accounts/sessions/")
    assert [is_in(client) for client in (here, phone, tablet)] == [True, False, False]
    assert verbs(user)[-2:] == ["session.end"] * 2


def test_a_second_click_and_other_peoples_devices_find_nothing(user: User) -> None:
    here, phone = signed_in(user, "", IPHONE)
    (stranger,) = signed_in(person("bob"), IPHONE)
    address = f"/profile/sessions/{row(phone).pk}/end/"
    assert stranger.post(address).status_code == 404
    assert is_in(phone)
    assert here.post(f"/profile/sessions/{row(here).pk}/end/").status_code == 404  # the one in use
    assert here.post(address).status_code == 303
    assert here.post(address).status_code == 404
    assert is_in(here)


def test_last_seen_is_kept_without_a_write_at_each_request(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    (client,) = signed_in(user, "")
    before = row(client).last_seen_at
    with CaptureQueriesContext(connection) as captured:
        client.get("/profile/")
    assert not [query for query in captured.captured_queries if query["sql"].startswith(("UPDATE", "INSERT"))]
    later = timezone.now() + timedelta(seconds=sessions.EXACTNESS + 1)
    monkeypatch.setattr("accounts.sessions.time.time", later.timestamp)
    client.get("/profile/", REMOTE_ADDR="198.51.100.4")
    assert row(client).last_seen_at > before
    assert row(client).ip == "198.51.100.4"


def test_a_changed_password_ends_every_other_sign_in(user: User) -> None:
    here, phone = signed_in(user, "", IPHONE)
    new = {"oldpassword": "secret-of-anna", "password1": "another-long-way-8", "password2": "another-long-way-8"}
    here.post("/accounts/password/change/", new)
    assert [is_in(here), is_in(phone)] == [True, False]


def test_a_new_password_by_mail_ends_every_sign_in(user: User) -> None:
    here, phone = signed_in(user, "", IPHONE)
    forgetful = browser()
    forgetful.post("/accounts/password/reset/", {"email": user.email})
    forgetful.post(reverse("account_confirm_password_reset_code"), {"code": code()})
    new = {"password1": "another-long-way-8", "password2": "another-long-way-8"}
    forgetful.post(reverse("account_complete_password_reset"), new)
    assert [is_in(client) for client in (here, phone, forgetful)] == [False, False, False]
    log_in(forgetful, user, "another-long-way-8")
    assert is_in(forgetful)
