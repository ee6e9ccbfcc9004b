"""What somebody holds in an organization, in lines that people read."""

from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Right
from products import kinds, names
from products.kinds import Kind, Permission
from products.models import Product, ProductGroupGrant, ProductUserGrant
from products.models.product import ProductQuerySet

MOST = 20


def level_label(kind: Kind, permissions: frozenset[str]) -> str:
    """The name of the level with exactly these permissions, or their sentences."""
    if level := kind.level_of(permissions):
        return str(level.label)
    return "; ".join(str(text) for name, text in kind.all_permissions.items() if name in permissions)


def lines(organization: Organization, member: Membership) -> list[str]:
    """First what the role gives, then whole kinds, then up to 20 single products; in the organization's scope."""
    if not member.is_active:
        return []
    if Right.ALL_PRODUCTS in member.rights:
        return [_("All products, also future ones, by role")]
    access = Access(member.user, organization, member)
    found = [str(right.label) for right in (Right.ORDER, Right.BILLING) if right in member.rights]
    whole: dict[str, set[str]] = defaultdict(set)
    for codename in access.kind_permissions:
        slug, _dot, permission = codename.partition(".")
        whole[slug].add(permission)
    for kind in kinds.every():
        if Permission.VIEW in whole[kind.slug]:
            what = {"kind": kind.label, "level": level_label(kind, frozenset(whole[kind.slug]))}
            found.append(_("%(kind)s, all and future ones: %(level)s") % what)
    single = beyond(Product.objects.visible_to(access).standing(), access, whole)
    first = list(single.with_grants_of(member.user)[: MOST + 1])
    for product in first[:MOST]:
        own = {row["codename"] for row in (*product.granted, *product.granted_to_teams)}
        held = frozenset(own | whole[product.kind_slug])
        what = {"kind": product.kind.label_one, "name": names.shown(product.name)}
        found.append(_("%(kind)s %(name)s: %(level)s") % (what | {"level": level_label(product.kind, held)}))
    if len(first) > MOST:
        found.append(_("and %(number)d more products") % {"number": single.count() - MOST})
    return found


def beyond(rows: ProductQuerySet, access: Access, whole: dict[str, set[str]]) -> ProductQuerySet:
    """Those of the products on which the person holds more than on all of their kind."""
    seen = {slug: held for slug, held in whole.items() if Permission.VIEW in held}
    wanted = ~Q(kind_slug__in=seen)
    for slug, held in seen.items():
        mine: tuple[Any, ...] = (
            ProductUserGrant.objects.filter(user=access.user),
            ProductGroupGrant.objects.filter(group__user=access.user),
        )
        for grants in mine:
            more = grants.filter(organization=access.organization).exclude(permission__codename__in=held)
            wanted |= Q(kind_slug=slug, pk__in=more.order_by().values("content_object"))
    return rows.filter(wanted)
