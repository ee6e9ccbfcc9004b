"""`user.has_perm("products.view", product)` answers what the engine answers.

guardian's rows say what was granted; role, suspension, and the end of a membership say whether it holds. Code that asks
Django (`has_perm`, `get_all_permissions`) gets the whole answer, in the scope that the gate has opened. guardian's own
shortcuts (`get_perms`, `get_objects_for_user`, `get_users_with_perms`) read the rows of the object itself and nothing
else: they know neither roles nor suspensions, and of a product not what is granted on its whole kind. Lists come from
`Product.objects.visible_to`. And a superuser passes every `has_perm` before Django asks anybody.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from guardian.backends import ObjectPermissionBackend as GuardiansBackend

from accounts.models import User
from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Right
from products.access import decide
from products.models import Product
from products.permissions import wanted


class ObjectPermissionBackend(GuardiansBackend):
    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        if not isinstance(obj, (Product, Organization)):
            return super().has_perm(user_obj, perm, obj)
        app, dot, codename = perm.partition(".")
        if dot and app == obj._meta.app_label:
            perm = codename
        return perm in self.get_all_permissions(user_obj, obj)

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> Iterable[str]:
        if isinstance(obj, Product):
            return on_product(user_obj, obj)
        if isinstance(obj, Organization):
            return on_kinds(user_obj, obj)
        return super().get_all_permissions(user_obj, obj)


def on_product(user: Any, product: Product) -> set[str]:
    """Every permission that the engine gives this person on the product."""
    access = access_of(user, product.organization)
    if access is None:
        return set()
    found = Product.objects.with_rights(access).filter(pk=product.pk).first()
    return {name for name in product.kind.all_permissions if found and decide(access, name, found)}


def on_kinds(user: Any, organization: Organization) -> set[str]:
    """What this person holds on whole kinds of the organization, as "<kind>.<permission>"."""
    access = access_of(user, organization)
    if access is None:
        return set()
    return set(wanted()[Organization] if Right.ALL_PRODUCTS in access.rights else access.kind_permissions)


def access_of(user: Any, organization: Organization) -> Access | None:
    """What the gate would give this person; None when they are no member, or may not sign in."""
    if not isinstance(user, User) or not user.is_active:
        return None
    member = Membership.objects.filter(organization=organization, user=user).first()
    access = Access(user, organization, member) if member else None
    return access if access and Right.SEE in access.rights else None
