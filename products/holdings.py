"""What members hold of products, for the pages about members."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Membership, Organization
from organizations.roles import Right
from products import kinds, summary
from products.models import ApiToken, sight
from products.models.product import State

# Stands for every product of a kind.
WHOLE = 0


def brief(organization: Organization, members: Iterable[Membership]) -> dict[int, list[str]]:
    """By user: whole kinds, then how many single products, direct and through teams. One query."""
    users = [member.user_id for member in members if Right.ALL_PRODUCTS not in member.rights]
    found: dict[int, list[str]] = {}
    if not users:
        return found
    seen: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for user, kind, product in sights(organization, users):
        seen[user][kind].add(product)
    for user, by_kind in seen.items():
        whole = [kind for kind in kinds.every() if WHOLE in by_kind.get(kind.slug, ())]
        each = [_("All %(kind)s") % {"kind": kind.label} for kind in whole]
        found[user] = [_("All products")] if len(whole) == len(kinds.every()) else each
        single = sum(len(products) for products in by_kind.values() if WHOLE not in products)
        if single:
            found[user].append(ngettext("%(number)d product", "%(number)d products", single) % {"number": single})
    return found


def sights(organization: Organization, users: list[int]) -> Any:
    """Who may see what: user, kind and product, or WHOLE for a whole kind. One query."""
    slug, kind = F("content_object__kind_slug"), Replace("permission__codename", Value(f".{sight.VIEW}"))
    every = Value(WHOLE, output_field=BigIntegerField())
    parts: list[Any] = []
    for holder, (single, whole) in sight.TABLES.items():
        mine: dict[str, Any] = {f"{holder}__in": users}
        products = sight.grants(single, organization=organization, **mine)
        standing = products.exclude(content_object__state=State.CANCELLED)
        parts.append(standing.values_list(holder, slug, "content_object"))
        parts.append(sight.grants(whole, content_object=organization, **mine).values_list(holder, kind, every))
    return parts[0].union(*parts[1:])


def lines(organization: Organization, member: Membership) -> list[str]:
    return summary.lines(organization, member)


def losses(organization: Organization, member: Membership) -> list[str]:
    """What the member may do with products, and the programs that act for them."""
    tokens = ApiToken.objects.filter(organization=organization, user=member.user).valid().count()
    ends = ngettext("%(number)d API token stops working", "%(number)d API tokens stop working", tokens)
    return [*summary.lines(organization, member), *([ends % {"number": tokens}] if tokens else [])]
