"""Who sees a product: whoever holds `view` on it or on its whole kind, themselves or through a team.

Roles that see every product need no grant. Whoever answers who sees what asks the rows that are defined here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from accounts.models import User
from organizations.models import OrganizationGroupGrant, OrganizationUserGrant
from products import kinds
from products.kinds import Permission
from products.models.grant import ProductGrant, ProductGroupGrant, ProductUserGrant

VIEW = Permission.VIEW.value
# By whom they are held: grants on single products, and on whole kinds.
TABLES = {"user": (ProductUserGrant, OrganizationUserGrant), "group__user": (ProductGroupGrant, OrganizationGroupGrant)}


def grants(table: type[Any], among: Iterable[str] | None = None, **where: Any) -> QuerySet[Any]:
    """The grants of one of the four tables by which a product, or a whole kind, is seen: of these kinds, or of all."""
    whole = [f"{slug}.{VIEW}" for slug in (among if among is not None else (kind.slug for kind in kinds.every()))]
    names = [VIEW] if issubclass(table, ProductGrant) else whole
    return table._default_manager.filter(permission__codename__in=names, **where).order_by()


def single(subject: User | Group) -> QuerySet[Any]:
    """The ids of the products that a user, also through their teams, or a group sees by a grant on the product."""
    if not isinstance(subject, User):
        return grants(ProductGroupGrant, group=subject).values("content_object")
    direct = grants(ProductUserGrant, user=subject).values("content_object")
    return direct.union(grants(ProductGroupGrant, group__user=subject).values("content_object"))


def whole(user: User, organizations: Collection[int]) -> dict[int, set[str]]:
    """By organization, the kinds of which the user sees every product by a grant. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    if not organizations:
        return found
    columns = ("content_object", "permission__codename")
    direct, teams = (
        grants(table, None, **{holder: user}, content_object__in=organizations).values_list(*columns)
        for holder, (_single, table) in TABLES.items()
    )
    for organization, codename in direct.union(teams):
        found[organization].add(codename.partition(".")[0])
    return found
