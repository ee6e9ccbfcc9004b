"""Sign-ins on other devices."""

from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions.security import agent, client_address, note
from accounts.models import User
from manager.web.user_agents import device


@transaction.atomic
def end(sessions: Iterable[UserSession], *, by: User, request: HttpRequest) -> None:
    """The person is signed out there, at that browser's next request."""
    for session in sessions:
        session.end()
        note(by, "session.end", request, device=device(session.user_agent), address=session.ip)


def seen(request: HttpRequest) -> None:
    """The list of sign-ins says that this one is in use, and from where."""
    now = {"last_seen_at": timezone.now(), "ip": client_address(request), "user_agent": agent(request)[:200]}
    UserSession.objects.filter(session_key=request.session.session_key).update(**now)
