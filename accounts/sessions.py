"""The list of sign-ins: when each was last used, and how it ends."""

import time
from collections.abc import Callable, Iterable

from allauth.core import context
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from accounts.actions import session as actions
from accounts.models import User

# In the session: when the list was last told that it is in use. And how exactly the list keeps that, in seconds.
SEEN = "seen"
EXACTNESS = 300


class Adapter(DefaultUserSessionsAdapter):
    """The sign-in library's hook: what it ends goes to the security log."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        request = context.request
        if isinstance(request.user, User):
            actions.end(sessions, by=request.user, request=request)


class Middleware:
    """Says at most once in five minutes that a sign-in is in use: most requests ask and write nothing for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= EXACTNESS:
                request.session[SEEN] = now
                actions.seen(request)
        return self.get_response(request)
