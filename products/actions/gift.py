"""What a granted request gives, and when it has become pointless."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from organizations import lasting, standing
from organizations.access import Access
from organizations.actions import member as members
from organizations.models import Membership
from organizations.roles import Right, Role
from products import asking
from products.access import decide
from products.actions.grant import set_rights
from products.kinds import Permission
from products.models import AccessRequest, Product, ProductUserGrant, sight
from products.models.product import State


def pointless(request: AccessRequest, member: Membership) -> str:
    """Why nothing can be given any more; empty when it can."""
    product = request.product
    if request.product_id and (product is None or product.organization_id != request.organization_id):
        return _("The product is no longer in %(organization)s.") % {"organization": request.organization}
    if product is not None and product.state == State.CANCELLED:
        return _("Nothing is left of this product.")
    if product is not None and not can(member, Permission.VIEW, product):
        # Somebody took the right to see it away since: that is not undone in passing.
        return _("The product is not open any more, and this right alone opens nothing.")
    return ""


def has(request: AccessRequest, member: Membership) -> bool:
    if request.product is not None:
        return can(member, request.right, request.product)
    needed = Right.ALL_PRODUCTS if request.right == asking.PRODUCTS else Right(request.right)
    return Access(member.user, member.organization, member).may(needed)


def can(member: Membership, permission: str, product: Product) -> bool:
    access = Access(member.user, member.organization, member)
    return bool(decide(access, permission, Product.objects.with_rights(access).get(pk=product.pk)))


def give(request: AccessRequest, member: Membership, by: Access) -> None:
    """What was asked for is there, beside what the person holds. Rights on products in general are left to a page."""
    if request.product is not None:
        found = ProductUserGrant.objects.filter(user=member.user, content_object=request.product)
        direct = found.values_list("permission__codename", flat=True)
        until = ends([request]).get(request.pk)
        set_rights(member.user, request.product, {*direct, request.right}, until=until, by=by)
    elif request.right in asking.BY_FLAG:
        role = member.role if standing.carries(member.role, Right(request.right)) else Role.COLLABORATOR
        set_role(member, role, by, **{asking.BY_FLAG[Right(request.right)]: True})
    elif request.right in asking.BY_ROLE:
        set_role(member, Role.ADMINISTRATOR, by, may_order=False, has_billing=False)


def ends(requests: Iterable[AccessRequest]) -> dict[int, datetime]:
    """By request, until when the person gets what they asked for on a product, where that ends. One query.

    Who sees the product until a day gets nothing beyond it: what they hold on it themselves keeps its end, and without
    that the latest of the others counts.
    """
    asked = [(request, request.product) for request in requests if request.product is not None]
    if not asked:
        return {}
    users = {request.user_id for request, _product in asked}
    parts: list[Any] = []
    for holder, (single, whole) in sight.TABLES.items():
        mine: dict[str, Any] = {f"{holder}__in": users}
        columns = (holder, "content_object", "permission__codename", "expires_at", "direct")
        on_product = sight.grants(single, content_object__in={product.pk for _request, product in asked}, **mine)
        parts.append(on_product.annotate(direct=Value(holder == "user")).values_list(*columns))
        on_kind = sight.grants(whole, content_object__in={product.organization_id for _r, product in asked}, **mine)
        parts.append(on_kind.annotate(direct=Value(False)).values_list(*columns))
    held: dict[tuple[int, int, str], dict[bool, list[datetime | None]]] = defaultdict(lambda: defaultdict(list))
    for user, place, codename, end, direct in parts[0].union(*parts[1:], all=True):
        held[user, place, codename][direct].append(end)
    found: dict[int, datetime] = {}
    for request, product in asked:
        here = held[request.user_id, product.pk, sight.VIEW]
        in_kind = held[request.user_id, product.organization_id, f"{product.kind_slug}.{sight.VIEW}"]
        counted = here[True] or [*here[False], *in_kind[False]]
        dated = [end for end in counted if end]
        if dated and len(dated) == len(counted):
            found[request.pk] = max(dated)
    return found


def set_role(member: Membership, role: str, by: Access, **flags: bool) -> None:
    """As `organizations.actions.member.set_role`, in this transaction, which holds the organization still."""
    members.refuse(standing.against_role(member, role, by, standing.representatives(by)))
    if members.change(member, "member.role", by, role=str(role), **flags):
        lasting.match(member.organization, member.user, by=by)
