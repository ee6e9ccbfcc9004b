"""The security log: what happens to a login is told, to its person only; a strange sign-in causes a mail."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import security
from accounts.actions.security import note
from accounts.models import Mail, SecurityEvent
from tests.accounts.signing_in import (
    FIREFOX,
    IPHONE,
    NEWER_FIREFOX,
    browser,
    code,
    codes_of,
    delivered,
    log_in,
    number,
    person,
    verbs,
    with_app,
)
from tests.people import World

pytestmark = pytest.mark.django_db

SUBJECT = "New sign-in to your account"


@pytest.fixture(autouse=True)
def _no_limit_left_over() -> None:
    cache.clear()


def warnings() -> list[str]:
    return [mail.body for mail in delivered() if mail.subject == SUBJECT]


def test_a_sign_in_is_told_with_how_and_from_where() -> None:
    user, client = person(), browser()
    log_in(client, user)
    event = SecurityEvent.objects.get(user=user)
    assert (event.verb, event.address, event.user_agent) == ("login", "192.0.2.1", FIREFOX)
    assert security.line(event)[0] == "Signed in with password"
    page = client.get("/profile/security/").text
    for words in ("Signed in with password", "Firefox on Windows", "192.0.2.1"):
        assert words in page


def test_the_second_factor_is_told_with_it() -> None:
    user, client = person(), browser()
    secret = with_app(user)
    log_in(client, user)
    assert verbs(user) == []  # not in yet
    client.post("/accounts/2fa/authenticate/", {"code": number(secret)})
    assert security.line(SecurityEvent.objects.get(user=user))[0] == "Signed in with password, authenticator app"


def test_signing_up_is_the_first_line() -> None:
    client = browser()
    fields = {"first_name": "A", "last_name": "B", "email": "new@example.org", "password1": "a-long-walk-home-7"}
    client.post("/accounts/signup/", fields)
    client.post("/accounts/confirm-email/", {"code": code()})
    user = SecurityEvent.objects.first().user  # type: ignore[union-attr]
    assert verbs(user) == ["account.create", "email.confirm", "login"]
    assert warnings() == []


def test_a_wrong_password_is_told_once_a_minute_and_to_nobody_for_an_unknown_address() -> None:
    user = person()
    for attempt in range(4):
        log_in(browser(address=f"192.0.2.{attempt}"), user, "wrong")
        browser(address=f"192.0.2.{attempt}").post("/accounts/login/", {"login": "no@example.com", "password": "x"})
    assert verbs(user) == ["login.failed"]
    assert SecurityEvent.objects.count() == 1


def test_a_login_that_is_closed_says_so() -> None:
    user = person()
    for attempt in range(8):
        log_in(browser(address=f"192.0.2.{attempt}"), user, "wrong")
    assert verbs(user) == ["login.failed", "login.locked"]


def test_changes_of_the_password_are_told() -> None:
    user, client = person(), browser()
    log_in(client, user)
    new = {"oldpassword": "secret-of-anna", "password1": "another-long-way-8", "password2": "another-long-way-8"}
    client.post("/accounts/password/change/", new)
    forgetful = browser()
    forgetful.post("/accounts/password/reset/", {"email": user.email})
    forgetful.post(reverse("account_confirm_password_reset_code"), {"code": code()})
    forgetful.post(
        reverse("account_complete_password_reset"), {"password1": "third-8-way-home", "password2": "third-8-way-home"}
    )
    assert verbs(user) == ["login", "password.change", "password.reset"]


def test_the_second_factor_is_told_from_its_beginning_to_its_end(django_capture_on_commit_callbacks: Any) -> None:
    user, client = person(), browser()
    log_in(client, user)
    client.post("/accounts/reauthenticate/", {"password": "secret-of-anna"})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": number(secret)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    assert verbs(user)[1:] == ["factor.add", "recovery.make", "recovery.make", "factor.remove", "recovery.remove"]


def test_a_recovery_code_is_told_with_what_is_left() -> None:
    user, client = person(), browser()
    with_app(user)
    codes = codes_of(user)
    log_in(client, user)
    client.post("/accounts/2fa/authenticate/", {"code": "123"})
    client.post("/accounts/2fa/authenticate/", {"code": codes[3]})
    assert verbs(user) == ["factor.failed", "recovery.use", "login"]
    told = security.line(SecurityEvent.objects.get(verb="recovery.use"))[0]
    assert told == f"A recovery code was used; {len(codes) - 1} are left"


def test_a_strange_sign_in_causes_one_mail_in_our_words() -> None:
    user = person()
    log_in(browser(), user)
    assert warnings() == []  # the first of all
    log_in(browser(), user)
    log_in(browser(NEWER_FIREFOX), user)
    assert warnings() == []  # the same device, brought up to date
    log_in(browser(IPHONE, "198.51.100.7"), user)
    (text,) = warnings()
    for words in (
        "Hello Anna",
        "198.51.100.7",
        "Safari on iPhone",
        "/accounts/sessions/",
        "/accounts/password/change/",
    ):
        assert words in text
    log_in(browser(IPHONE, "198.51.100.7"), user)
    assert len(warnings()) == 1


@pytest.mark.parametrize("what", [(IPHONE, "192.0.2.1"), (FIREFOX, "198.51.100.7")])
def test_another_device_or_another_place_is_strange(what: tuple[str, str]) -> None:
    user = person()
    log_in(browser(), user)
    log_in(browser(*what), user)
    assert len(warnings()) == 1


def test_nobody_writes_the_mail_that_warns_of_them() -> None:
    user = person()
    log_in(browser(), user)
    log_in(browser("https://evil.example/claim WIN"), user)
    (text,) = warnings()
    assert "Unknown device" in text
    assert "evil" not in text


def test_a_device_is_forgotten_after_90_days(monkeypatch: pytest.MonkeyPatch) -> None:
    user = person()
    log_in(browser(), user)
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr("accounts.actions.security.timezone.now", lambda: later)
    log_in(browser(), user)
    assert len(warnings()) == 1


def test_the_mail_has_a_key_of_its_own() -> None:
    user = person()
    log_in(browser(), user)
    log_in(browser(IPHONE), user)
    assert Mail.objects.filter(key=f"login:{SecurityEvent.objects.first().pk}").count() == 1  # type: ignore[union-attr]


def test_everybody_reads_their_own_only(world: World) -> None:
    note(world.users["owner"], "password.change", "192.0.2.9")
    assert "The password was changed" in world.client("owner").get("/profile/security/").text
    for somebody in ("administrator", "staff"):
        page = world.client(somebody).get("/profile/security/")
        assert not page.context["listing"]
        assert "192.0.2.9" not in page.text


def test_it_has_pages_and_asks_the_same_however_long_it_is(world: World) -> None:
    client, user = world.client("owner"), world.users["owner"]
    note(user, "password.change", "192.0.2.9")
    client.get("/profile/security/")
    with CaptureQueriesContext(connection) as few:
        client.get("/profile/security/")
    for number_ in range(120):
        note(user, "login", f"192.0.2.{number_}", methods=["password"])
    with CaptureQueriesContext(connection) as many:
        first = client.get("/profile/security/")
    assert len(first.context["listing"]) == 50
    assert len(many) == len(few)
    assert [event.verb for event in client.get("/profile/security/?page=3").context["listing"]][-1] == "password.change"


@pytest.mark.parametrize(
    "change", ["UPDATE accounts_securityevent SET verb = 'x'", "DELETE FROM accounts_securityevent"]
)
def test_nobody_changes_it(world: World, change: str) -> None:
    note(world.users["owner"], "login")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_every_noted_verb_has_a_sentence() -> None:
    noted = re.compile(r"""note(?:_rarely)?\(\s*[\w.()]+,\s*"([a-z.]+)\"""")
    apps = [Path(name) for name in ("accounts", "organizations", "products")]
    found = {verb for app in apps for module in app.rglob("*.py") for verb in noted.findall(module.read_text())}
    assert len(found) > 12
    assert found <= set(security.LINES)


@pytest.mark.parametrize("verb", sorted({*security.LINES, "unheard.of", "50%"}))
def test_every_sentence_is_told_even_without_details(verb: str) -> None:
    text, line = security.line(SecurityEvent(verb=verb))
    assert text
    assert "%(" not in text
    assert line.icon


def test_what_somebody_typed_stays_text(world: World) -> None:
    note(world.users["owner"], "token.create", "192.0.2.1", name="<b>x</b>", organization="<i>")
    page = world.client("owner").get("/profile/security/").text
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x" not in page
