"""What is true of every answer."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect


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


class SignInFirst(LoginRequiredMiddleware):
    """A fragment asked for after signing out opens the sign-in page as a page, not inside the fragment."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request") == "true":
            page = request.headers.get("HX-Current-URL") or "/"
            path = urlsplit(page).path
            return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': path})}")
        return response
