"""Before something dangerous a person proves once more who they are."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from manager.web.gate import SAFE


def is_recent(request: HttpRequest) -> bool:
    """The person gave their password or second factor a few minutes ago, signing in or since."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT for record in records)


def prove(request: HttpRequest) -> None:
    """Raises what asks for it, where the person has not given it lately: for views where it depends on what is sent."""
    if not is_recent(request):
        raise ReauthenticationRequired


def freshly_authenticated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is posted is done only by who has just authenticated; else it waits behind that question, and goes on after.

    Stands below the mark of the gate. Such a form is not sent by htmx: the question is a page.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE:
            prove(request)
        return view(request, *args, **kwargs)

    return asked
