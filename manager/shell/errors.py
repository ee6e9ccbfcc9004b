"""What is not here, but in another organization of the same person; and what broke."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from products import elsewhere
from products.elsewhere import Place


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A product that exists in another of my organizations is named, with the way there; else nothing is told."""
    return render(request, "404.html", {"elsewhere": places(request)}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page asks nothing: the database may be what is down, and then one is asked to come back."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html", {"database": True}), status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("500.html"), status=500)


def places(request: HttpRequest) -> list[Place]:
    user, match = getattr(request, "user", None), request.resolver_match
    if user is None or not user.is_authenticated or match is None:
        return []
    kind, product = match.kwargs.get("kind"), match.kwargs.get("product")
    # A fragment has no room for it, and what was sent was meant for another place.
    if request.method != "GET" or getattr(request, "htmx", False) or not (kind and product):
        return []
    return elsewhere.with_product(elsewhere.others(request), user, kind, product)
