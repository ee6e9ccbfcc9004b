"""What is true of every answer."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from redis.exceptions import RedisError

from manager.web.gate import SAFE
from manager.web.pages import own_path, page

logger = logging.getLogger(__name__)

UTF_8 = "utf-8"
# NUL and halves of a character.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class PrivateResponses:
    """No cache keeps an answer, and none confuses a page with a fragment of it, unless the view says otherwise.

    After signing out, the browser's Back shows nothing of what was open before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Cookie", "HX-Request", "HX-Target"])
        return response


class CleanInput:
    """Addresses, headers and cookies are text a database column takes, in UTF-8; else the request is refused.

    Form fields refuse such text themselves, next to the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Nobody has asked for the language yet: the thread still speaks that of its last request.
        translation.activate(translation.get_language_from_request(request))
        # First: in another encoding, reading the form or the query is what fails.
        if ((request.content_params or {}).get("charset") or UTF_8).lower() != UTF_8:
            return bad_request(_("Send this form in UTF-8."))
        if any(UNSTORABLE.search(text) for text in texts(request)):
            return bad_request(_("This request has characters that no address, header or cookie of ours has."))
        return self.get_response(request)


def texts(request: HttpRequest) -> Iterator[str]:
    """Everything a request says outside of its body."""
    yield request.path
    for name, values in request.GET.lists():
        yield from (name, *values)
    for pairs in (request.COOKIES, request.headers):
        for pair in pairs.items():
            yield from pair


def bad_request(message: str) -> HttpResponse:
    return HttpResponseBadRequest(render_to_string("400.html", {"message": message}))


class RedisNeeded:
    """Where tries are counted, nothing happens while Redis does not answer: one is asked to come back in a minute.

    So signing in stays limited. Pages that count nothing do not ask Redis.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RedisError):
            return None
        logger.error("%s %s needs Redis, which does not answer: %s", request.method, request.path, exception)
        response = page(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response


class NotAllowed:
    """Somebody opens an address that only takes what a button sends: a page says so, with the way to one that opens.

    Programs, and pages that a form was sent to, get the short answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method not in SAFE:
            return response
        answer = page(request, "405.html", {"above": above(request.path)}, status=405)
        answer["Allow"] = response["Allow"]
        return answer


def above(path: str) -> str:
    """The nearest page that the address lies under."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            if is_read(resolve(path).func):
                return path
        except Resolver404:
            continue
    return "/"


def is_read(view: Callable[..., HttpResponseBase] | None) -> bool:
    """The view answers GET, as far as Django's decorators of methods say."""
    while inspect.isfunction(view):
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True


class SignInFirst(LoginRequiredMiddleware):
    """A fragment asked for after signing out opens the sign-in page as a page, not inside the fragment."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request") == "true":
            following = urlencode({"next": own_path(_path(request.headers.get("HX-Current-URL", "")))})
            return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{following}")
        return response


def _path(address: str) -> str:
    """The path in an address, empty when there is none to be found."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
