"""What a page says beside something closed, and how to ask for it: `{% load asking %}`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context_processors import csrf
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from manager.web.states import Look
from organizations.access import Access
from organizations.decisions import Decision
from products import asked, asking
from products.models import AccessRequest
from products.models.request import RequestState

register = template.Library()

Context = template.Context

LOOKS = {
    RequestState.OPEN: Look(pgettext_lazy("state", "Waiting"), "hourglass", "warning"),
    RequestState.GRANTED: Look(pgettext_lazy("state", "Granted"), "circle-check", "good"),
    RequestState.DECLINED: Look(pgettext_lazy("state", "Declined"), "circle-x", "neutral"),
    RequestState.WITHDRAWN: Look(pgettext_lazy("state", "Withdrawn"), "undo-2", "neutral"),
}


@dataclass(frozen=True)
class Offer:
    """What a form needs that asks for something."""

    url: str
    requests_url: str
    right: str
    product: int | None
    following: str
    note: str
    # Since when it waits, where it was asked for.
    since: datetime | None


@register.inclusion_tag("components/ask.html", takes_context=True)
def ask(context: Context, decision: Any, label: str = "", **looks: Any) -> dict[str, Any]:
    """`{% ask decision label %}`: asks for what the decision misses, or says that it waits; nothing where one cannot.

    Looks: message (with a field for one), menu (a line of a menu), look (classes of the button).
    Also in templates that were included with `only`: the form finds what it needs by the request.
    """
    request = getattr(context, "request", None)
    access = getattr(request, "access", None)
    if request is None or access is None or not isinstance(decision, Decision):
        return {"offer": None}
    if not asking.can_be_asked(access, decision):
        return {"offer": None}
    found = offer(request, access, decision)
    return {"offer": found, "label": label, **looks, **csrf(request)}


def offer(request: HttpRequest, access: Access, decision: Decision) -> Offer:
    right = str(decision.right)
    waiting = asked.of(request, access).mine.get((right, decision.product))
    create, all_of_them = (
        reverse(name, args=[access.organization.slug]) for name in ("access_request_create", "access_requests")
    )
    note = asking.note(right, decision.product)
    return Offer(
        create, all_of_them, right, decision.product, following(request), note, waiting.at if waiting else None
    )


def following(request: HttpRequest) -> str:
    """The page that the reader has before them; empty where it cannot be opened by its address."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        return htmx.current_url_abs_path or ""
    return request.get_full_path() if request.method == "GET" else ""


@register.simple_tag(takes_context=True)
def helper(context: Context, decision: Any) -> str:
    """`{% helper decision %}`: who can open what is closed."""
    access: Access | None = getattr(getattr(context, "request", None), "access", None)
    return asking.helper(access, decision) if isinstance(decision, Decision) else ""


@register.filter
def asked_label(request: AccessRequest) -> str:
    """`{{ request|asked_label }}`: what is asked for, as people read it."""
    return asking.label_of(request)


@register.filter
def asked_look(request: AccessRequest) -> Look:
    """`{% status request|asked_look %}`: its badge."""
    return LOOKS[RequestState(request.state)]


@register.filter
def meaning(request: AccessRequest) -> str:
    """`{{ request|meaning }}`: what granting it does; the request knows the `role` of who asks."""
    role = getattr(request, "role", None)
    return asking.meaning(request.right, role, request.product) if role else ""
