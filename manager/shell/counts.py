"""How many products a person sees of each kind, by state: one query a request, for menu, sidebar and tiles."""

from typing import cast

from django.db.models import Count
from django.http import HttpRequest

from organizations.access import Access
from products.models import Product
from products.models.product import State


class Counted(HttpRequest):
    counts: dict[str, dict[str, int]]


def by_kind(request: HttpRequest, access: Access) -> dict[str, dict[str, int]]:
    """{kind: {state: number}} of the products that are not cancelled."""
    request = cast(Counted, request)
    if not hasattr(request, "counts"):
        rows = Product.objects.visible_to(access).exclude(state=State.CANCELLED).order_by()
        counts: dict[str, dict[str, int]] = {}
        for kind, state, number in rows.values_list("kind_slug", "state").annotate(number=Count("pk")):
            counts.setdefault(kind, {})[state] = number
        request.counts = counts
    return request.counts
