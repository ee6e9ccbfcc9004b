"""What API tokens may hold, and what people read of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from organizations.access import Access
from organizations.roles import Right
from products import kinds, names
from products.kinds import Kind, Permission
from products.models import ApiToken, Product, ProductGroupGrant, ProductUserGrant

Text = str | Promise
# So many products are named; the rest are counted.
NAMED = 3


@dataclass(frozen=True)
class Group:
    """Permissions of one kind, or those that all kinds know."""

    label: Text
    permissions: Mapping[str, Text]


def groups() -> list[Group]:
    """Every permission with its sentence, but for seeing, which is always part of it."""
    common = {str(name): text for name, text in Permission.choices if name != Permission.VIEW}
    own = [Group(kind.label, own_permissions(kind)) for kind in kinds.every()]
    return [Group(_("Every kind"), common), *(group for group in own if group.permissions)]


def own_permissions(kind: Kind) -> dict[str, Text]:
    return {name: text for name, text in kind.all_permissions.items() if name not in Permission}


def sentences() -> dict[str, Text]:
    """Every permission of every kind, in their order, with its sentence."""
    return {name: text for kind in kinds.every() for name, text in kind.all_permissions.items()}


def held_anywhere(access: Access) -> frozenset[str]:
    """What the person may do with some product, now or when there is one. At most three queries."""
    if access.may(Right.ALL_PRODUCTS):
        return frozenset(sentences())
    if not access.may(Right.SEE):
        return frozenset()
    found = {codename.partition(".")[2] for codename in access.kind_permissions}
    direct = ProductUserGrant.objects.filter(organization=access.organization, user=access.user)
    teams = ProductGroupGrant.objects.filter(organization=access.organization, group__user=access.user)
    for rows in (direct, teams):
        found.update(rows.order_by().values_list("permission__codename", flat=True).distinct())
    return frozenset(found)


def with_products(rows: Any, access: Access) -> Any:
    """Tokens that know their products, as far as the person who reads it sees them. One query more for all."""
    visible = Product.objects.visible_to(access).order_by("name", "pk")
    return rows.prefetch_related(Prefetch("products", queryset=visible, to_attr="seen"))


def rights(token: ApiToken) -> list[str]:
    """What the token may do, in sentences: seeing first."""
    return [str(text) for name, text in sentences().items() if name in token.permissions]


def reach(token: ApiToken) -> str:
    """On which products; of a token `with_products`."""
    if token.all_products:
        return _("All products, also future ones")
    seen: list[Product] = token.seen  # type: ignore[attr-defined]
    if not seen:
        return _("No product that is still there for you")
    return named(seen)


def named(products: Iterable[Product]) -> str:
    """acme.ch, shop.ch, blog.ch and 4 more."""
    products = list(products)
    first = ", ".join(names.shown(product.name) for product in products[:NAMED])
    if (more := len(products) - NAMED) <= 0:
        return first
    return _("%(names)s and %(number)d more") % {"names": first, "number": more}
