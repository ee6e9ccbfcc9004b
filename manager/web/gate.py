"""The marks that every view carries. Those that need an organization or a product build on these.

`manage.py check` refuses a view of ours without a mark; see `manager.checks`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]
# What changes nothing (RFC 9110, 9.2.1).
SAFE = ("GET", "HEAD", "OPTIONS")


def stamp(view: View, access: str) -> View:
    """Mark who may call this view."""
    view.declared_access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return stamp(login_not_required(view), "public")


def signed_in(view: View) -> View:
    """Any signed-in person. `LoginRequiredMiddleware` sends everybody else to the sign-in page."""
    return stamp(view, "signed in")


def staff(view: View) -> View:
    """The hosting company's own people; for everybody else the page does not exist."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return stamp(gate, "staff")
