"""What is true of every answer."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh


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


class HtmxRedirects:
    """A redirect answered to htmx moves the whole page: a fragment never becomes the sign-in form.

    Who has been signed out in the meantime reloads the page, which asks to sign in and leads back to it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in (301, 302, 303, 307, 308) or not getattr(request, "htmx", False):
            return response
        target = response["Location"]
        moved: HttpResponse
        if urlsplit(target).path == resolve_url(settings.LOGIN_URL):
            moved = HttpResponseClientRefresh()
        else:
            moved = HttpResponseClientRedirect(target)
        moved.cookies = response.cookies
        return moved


class CleanInput:
    """Addresses carry no NUL, which no database column takes: such a request is refused, not an error of ours.

    Form fields refuse it themselves, next to the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or any(
            "\0" in value for values in request.GET.lists() for value in (values[0], *values[1])
        ):
            return HttpResponseBadRequest(_("This address has characters that no address of ours has."))
        return self.get_response(request)
