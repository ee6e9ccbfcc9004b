"""Somebody with a proved address, and how they sign in, as the forms do it."""

import re
import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail as outbox
from django.test import Client

from accounts import tasks
from accounts.models import Mail, SecurityEvent, User
from tests import people

CODE = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:144.0) Gecko/20100101 Firefox/144.0"
NEWER_FIREFOX = FIREFOX.replace("144", "151")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1"


def person(name: str = "anna") -> User:
    user = people.user(name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def browser(agent: str = FIREFOX, address: str = "192.0.2.1") -> Client:
    return Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)


def log_in(client: Client, user: User, password: str = "") -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": password or f"secret-of-{name_of(user)}"})


def name_of(user: User) -> str:
    return user.first_name.lower()


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def with_app(user: User) -> str:
    """The person has an authenticator app, with this secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def codes_of(user: User) -> list[str]:
    """Their recovery codes, made now."""
    return RecoveryCodes.activate(user).get_unused_codes()


def number(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def verbs(user: User) -> list[str]:
    """What the security log says, the oldest first."""
    return list(SecurityEvent.objects.filter(user=user).order_by("pk").values_list("verb", flat=True))


def delivered(to: str = "") -> list[Any]:
    """All mail a worker has sent, or that to one address."""
    tasks.sweep_mail()
    for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True):
        tasks.send_mail(pk)
    return [message for message in outbox.outbox if to in ("", message.to[0])]


def code() -> str:
    """The code in the newest mail that has one."""
    return [found for message in delivered() for found in CODE.findall(message.body)][-1]
