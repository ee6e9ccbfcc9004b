"""What every page knows of access requests: those that wait, for who decides; one's own, and the fresh answers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import HttpRequest
from django.utils import timezone

from organizations.access import Access
from organizations.roles import Right
from products import asking, kinds
from products.models import AccessRequest
from products.models.request import RequestState

# Marks these rows in a query that also asks for something else.
MARK = "?"
MOST = 100
# How long an answer is news.
FRESH = timedelta(days=3)
ANSWERS = (RequestState.GRANTED, RequestState.DECLINED)


@dataclass(frozen=True)
class Asked:
    """One request, as much of it as pages tell in passing."""

    pk: int
    user: int
    person: str
    right: str
    product: int | None
    name: str
    kind: str
    state: str
    at: datetime
    answered_at: datetime | None
    by: str
    reply: str

    @property
    def label(self) -> str:
        kind = next((each for each in kinds.every() if each.slug == self.kind), None)
        return asking.label(self.right, kind)

    @property
    def is_granted(self) -> bool:
        return self.state == RequestState.GRANTED


@dataclass(frozen=True)
class Known:
    # Of other people, for who may decide on them; the newest first.
    waiting: list[Asked] = field(default_factory=list)
    # The person's own that wait, by right and product.
    mine: dict[tuple[str, int | None], Asked] = field(default_factory=dict)
    # Own ones that were answered in the last days.
    answered: list[Asked] = field(default_factory=list)

    @property
    def count(self) -> str:
        """How many wait, for a badge; empty when none does."""
        number = len(self.waiting)
        return f"{MOST - 1}+" if number >= MOST else str(number or "")


class Knowing(HttpRequest):
    asked: Known


def rows(access: Access) -> Any:
    """(mark, what is known as JSON, id), for a query of its own or in a union with another."""
    mine = Q(user=access.user) & (
        Q(state=RequestState.OPEN) | Q(state__in=ANSWERS, decided_at__gt=timezone.now() - FRESH)
    )
    wanted = mine | Q(state=RequestState.OPEN) if access.may(Right.MEMBERS) else mine
    told = JSONObject(
        user=F("user_id"),
        person=Concat("user__first_name", Value(" "), "user__last_name"),
        email="user__email",
        right="right",
        product=F("product_id"),
        name="product__name",
        kind="product__kind_slug",
        state="state",
        at="created_at",
        answered_at="decided_at",
        by=Concat("decided_by__first_name", Value(" "), "decided_by__last_name"),
        by_email="decided_by__email",
        reply="reply",
    )
    found = AccessRequest.objects.filter(wanted, organization=access.organization).order_by("-pk")
    marked = found.annotate(mark=Value(MARK, TextField()), told=Cast(told, TextField()))
    return marked.values_list("mark", "told", "pk")[:MOST]


def known(access: Access, found: Iterable[tuple[str, str, int]]) -> Known:
    """What the rows say."""
    newest = sorted(found, key=lambda row: row[2], reverse=True)
    lines = [line(pk, json.loads(told)) for _mark, told, pk in newest]
    own = [each for each in lines if each.user == access.user.pk]
    waiting = [each for each in lines if each.user != access.user.pk]
    mine = {(each.right, each.product): each for each in own if each.state == RequestState.OPEN}
    return Known(waiting, mine, [each for each in own if each.state != RequestState.OPEN])


def line(pk: int, told: dict[str, Any]) -> Asked:
    return Asked(
        pk,
        told["user"],
        told["person"].strip() or told["email"],
        told["right"],
        told["product"],
        told["name"] or "",
        told["kind"] or "",
        told["state"],
        datetime.fromisoformat(told["at"]),
        datetime.fromisoformat(told["answered_at"]) if told["answered_at"] else None,
        (told["by"] or "").strip() or told["by_email"] or "",
        told["reply"],
    )


def of(request: HttpRequest, access: Access) -> Known:
    """Asked once per request, and not at all where the frame of the page has asked."""
    knowing = cast(Knowing, request)
    if not hasattr(knowing, "asked"):
        knowing.asked = known(access, rows(access)) if access.may(Right.SEE) else Known()
    return knowing.asked
