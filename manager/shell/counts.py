"""How many products a person sees of each kind, by state, and what else a page wants to know in the same query.

One query a request, for menu, sidebar, tiles and everything that is greyed.
"""

from collections.abc import Collection
from typing import Any, cast

from django.db.models import Count
from django.http import HttpRequest

from organizations.access import Access
from organizations.roles import Right
from products import asked, elsewhere
from products.models import Product
from products.models.product import State

# A mark, what is told under it as JSON, and a number.
Row = tuple[str, str, int]


class Counted(asked.Knowing):
    counts: dict[str, dict[str, int]]
    # What was asked along, by mark.
    told: dict[str, list[Row]]
    # Left by who asked it before: the kinds of which the person holds a grant, here and maybe in other organizations.
    whole: elsewhere.Kinds


def by_kind(request: HttpRequest, access: Access, also: Collection[Any] = ()) -> dict[str, dict[str, int]]:
    """{kind: {state: number}} of the products that are not cancelled.

    `also`: querysets of rows that begin with a mark, for `told`. They count where nobody has asked before.
    """
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
        told: dict[str, list[Row]] = {}
        for first, second, number in numbers.union(asked.rows(access), *also, all=True).order_by():
            if first[0].isalpha():
                counts.setdefault(first, {})[second] = number
            else:
                told.setdefault(first, []).append((first, second, number))
        request.counts, request.told = counts, told
        request.asked = asked.known(access, told.get(asked.MARK, []))
    return request.counts


def told(request: HttpRequest, mark: str) -> list[Row]:
    """What was asked along under this mark."""
    return getattr(request, "told", {}).get(mark, [])


def whole_kinds(request: HttpRequest, access: Access) -> Collection[str]:
    """The kinds of which the person sees every product by a grant; known already, where products were counted."""
    if hasattr(request, "whole"):
        return request.whole.get(access.organization.pk, ())
    return {name.removesuffix(".view") for name in access.kind_permissions if name.endswith(".view")}
