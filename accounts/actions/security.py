"""A person's own security log: its only writer, and the mail that a strange sign-in causes."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.actions import mail
from accounts.models import SecurityEvent, User
from manager.web.user_agents import device, recognized

Origin = HttpRequest | str | None

LOGIN = "login"
# How long a device counts as known after it was last used to sign in.
KNOWN = timedelta(days=90)
# What somebody else can cause at will is told once in this time.
SPACING = timedelta(minutes=1)


def note(user: User, verb: str, origin: Origin = None, /, **details: Any) -> SecurityEvent:
    """The log of `user` says what happened to their account, and from where: a request, or an address.

    Call it in the transaction of the write. `details` must be JSON; the sentence of `verb` is in `accounts.security`.
    """
    address, browser = (client_address(origin), agent(origin)) if isinstance(origin, HttpRequest) else (origin, "")
    return SecurityEvent.objects.create(user=user, verb=verb, address=address, user_agent=browser, details=details)


def note_rarely(user: User, verb: str, origin: Origin = None, /, **details: Any) -> SecurityEvent | None:
    """The same, unless the log said so within the last minute: nobody fills it by trying."""
    since = timezone.now() - SPACING
    if SecurityEvent.objects.filter(user=user, verb=verb, created_at__gt=since).exists():
        return None
    return note(user, verb, origin, **details)


@transaction.atomic
def note_login(user: User, request: HttpRequest, *, methods: list[str]) -> SecurityEvent:
    """The log says that `user` signed in, and how. From a device it does not know, the person gets a mail.

    The first sign-in of all is expected, and causes none.
    """
    before = SecurityEvent.objects.filter(user=user, verb=LOGIN)
    recent = before.filter(created_at__gt=timezone.now() - KNOWN).order_by().values_list("address", "user_agent")
    # In words: a browser that was brought up to date is no other device.
    known = {(address, device(name)) for address, name in recent.distinct()}
    first = not known and not before.exists()
    event = note(user, LOGIN, request, methods=methods)
    if not first and (event.address, device(event.user_agent)) not in known:
        warn(user, event)
    return event


def warn(user: User, event: SecurityEvent) -> None:
    """A mail says when, from where and with what somebody signed in, and what to do about it."""
    # Never in the words of whoever signed in.
    browser = recognized(event.user_agent) or gettext_lazy("Unknown device")
    context = {"person": user, "event": event, "device": browser, "zone": settings.TIME_ZONE}
    path = reverse("usersessions_list")
    mail.write("accounts/mail/login", context, key=f"login:{event.pk}", to=user, path=path)


def client_address(request: HttpRequest) -> str:
    """Where the person is: behind as many proxies as the settings trust, and no more."""
    return str(get_adapter(request).get_client_ip(request))


def agent(request: HttpRequest) -> str:
    """What the browser says of itself, as much as the log keeps."""
    return request.headers.get("User-Agent", "")[:300]
