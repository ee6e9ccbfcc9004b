from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from manager.web.refused import Refused
from organizations.access import Access
from organizations.events import record
from organizations.models import Membership
from organizations.roles import RIGHTS, Right, Role
from products.access import decide
from products.actions.product import locked
from products.kinds import Preset
from products.models import Product, ProductUserGrant
from products.permissions import ids


@transaction.atomic(durable=True)
def set_level(product: Product, user: User, level: Preset | None, *, by: Access) -> None:
    """The member has exactly the permissions of this level on the product; None takes all direct ones away.

    Refused: for oneself, for who has every product by role, for who is no member, and beyond what the giver holds.
    """
    visible = product
    product = locked(product)
    member = Membership.objects.filter(organization=product.organization, user=user).first()
    if member is None:
        raise Refused(_("This person is not a member of %(organization)s.") % {"organization": product.organization})
    if user == by.user:
        raise Refused(_("Nobody changes their own rights. Ask another administrator."))
    if Right.ALL_PRODUCTS in RIGHTS[Role(member.role)]:
        raise Refused(_("%(person)s has every product by role.") % {"person": user})
    wanted = product.kind.preset(level) if level else frozenset()
    if any(not decide(by, permission, visible) for permission in wanted):
        raise Refused(_("Nobody gives more rights than they have."))
    rows = ProductUserGrant.objects.filter(user=user, content_object=product)
    held = frozenset(rows.values_list("permission__codename", flat=True))
    if held == wanted:
        return
    rows.exclude(permission__codename__in=wanted).delete()
    ids_by_name = ids(Product)
    ProductUserGrant.objects.bulk_create(
        ProductUserGrant(
            user=user,
            content_object=product,
            permission_id=ids_by_name[permission],
            granted_by=by.user,
        )
        for permission in sorted(wanted - held)
    )
    record(
        "grant.set",
        product,
        by=by,
        organization=product.organization,
        person=str(user),
        level=level or "none",
        permissions=[sorted(held), sorted(wanted)],
    )
