"""What somebody holds in an organization, in lines that people read."""

from collections import defaultdict

from django.utils.translation import gettext as _

from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Right
from products import kinds, names
from products.kinds import Kind, Permission
from products.models import Product

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
    rows = Product.objects.visible_to(access).with_grants_of(member.user).standing()
    single = rows.exclude(kind_slug__in=[slug for slug, held in whole.items() if Permission.VIEW in held])
    for product in single[:MOST]:
        held = frozenset(row["permission"] for row in (*product.granted, *product.granted_to_teams))
        what = {"kind": product.kind.label_one, "name": names.shown(product.name)}
        found.append(f"{_('%(kind)s %(name)s') % what}: {level_label(product.kind, held)}")
    if (more := single.count() - MOST) > 0:
        found.append(_("and %(number)d more products") % {"number": more})
    return found
