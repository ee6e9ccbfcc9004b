"""How a view answers: a page or its fragment, a page that found errors, or done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

Context = dict[str, Any]
# Names of partials that are also the ids of their targets, or the partial by the id of its target.
Fragments = Iterable[str] | Mapping[str, str]


class SeeOther(HttpResponseRedirect):
    """The answer to a POST: look there, with GET (RFC 9110, 15.4.4)."""

    status_code = 303


def page(
    request: HttpRequest,
    template: str,
    context: Context | None = None,
    *,
    fragments: Fragments = (),
    mark: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the template, or for htmx only the partial that belongs to the request's target.

    `mark` stands for what the page shows. Whoever polls a fragment sends back the one it has, as `seen`: nothing
    comes when nothing changed, so that the page keeps still under the reader's eyes and keyboard.
    """
    name = _named(request, template, fragments)
    if mark and name != template and request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    return render(request, name, (context or {}) | {"mark": mark}, status=status)


def invalid(
    request: HttpRequest,
    template: str,
    context: Context | None = None,
    fragments: Fragments = (),
) -> HttpResponse:
    """Show the same page or fragment again, with what the person wrote and what is wrong with it."""
    return page(request, template, context, fragments=fragments, status=422)


def done(
    request: HttpRequest,
    url: Any,
    message: str | Promise | None = None,
    *,
    level: int = messages.SUCCESS,
) -> HttpResponse:
    """Say what happened and go on to a page: a path, a URL name or an object with its own address."""
    if message is not None:
        messages.add_message(request, level, str(message))
    target = resolve_url(url)
    if getattr(request, "htmx", False):
        return cast(HttpResponse, HttpResponseClientRedirect(target))
    return SeeOther(target)


def belongs(request: HttpRequest, path: str) -> None:
    """The navigation marks the entry with this path, where the address of the page itself does not say to which."""
    request.belongs_to = path  # type: ignore[attr-defined]


def own_path(address: str) -> str:
    """The address when it is a path on this host, else "/": nobody is led to another site."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if ours else "/"


def came_from(request: HttpRequest) -> str:
    """The path of the page that sent the request, when it is one of ours; else empty. Browsers send it to us alone."""
    page = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", page.path, page.query, "")) if page.netloc == request.get_host() else ""


def _named(request: HttpRequest, template: str, fragments: Fragments) -> str:
    htmx = getattr(request, "htmx", None)
    # When the browser goes back, htmx asks for the page with the target it had: it wants all of it.
    if not htmx or htmx.history_restore_request or not htmx.target:
        return template
    partials = fragments if isinstance(fragments, Mapping) else {name: name for name in fragments}
    partial = partials.get(htmx.target)
    return f"{template}#{partial}" if partial else template
