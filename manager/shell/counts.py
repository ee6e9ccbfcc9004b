"""How many products a person sees of each kind, by state, and which access requests wait.

One query a request, for menu, sidebar, tiles and everything that is greyed.
"""

from typing import cast

from django.db.models import Count
from django.http import HttpRequest

from organizations.access import Access
from organizations.roles import Right
from products import asked, elsewhere
from products.models import Product
from products.models.product import State


class Counted(asked.Knowing):
    counts: dict[str, dict[str, int]]
    # Left by who asked it before: the kinds of which the person holds a grant, here and maybe in other organizations.
    whole: elsewhere.Kinds


def by_kind(request: HttpRequest, access: Access) -> dict[str, dict[str, int]]:
    """{kind: {state: number}} of the products that are not cancelled."""
    request = cast(Counted, request)
    if Right.SEE not in access.rights:
        return {}
    if not hasattr(request, "counts"):
        if hasattr(request, "whole"):
            rows = elsewhere.visible_in([access.membership], access.user, request.whole)
        else:
            rows = Product.objects.visible_to(access)
        rows = rows.exclude(state=State.CANCELLED).order_by()
        numbers = rows.values_list("kind_slug", "state").annotate(number=Count("pk"))
        counts: dict[str, dict[str, int]] = {}
        requests = []
        for kind, state, number in numbers.union(asked.rows(access), all=True).order_by():
            if kind == asked.MARK:
                requests.append((kind, state, number))
            else:
                counts.setdefault(kind, {})[state] = number
        request.counts = counts
        request.asked = asked.known(access, requests)
    return request.counts
