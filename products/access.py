"""The gate for single products, and the decision that pages, buttons and lists share."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from manager.web.gate import View, stamp
from organizations.access import Access, Denied
from organizations.decisions import Decision, Source
from organizations.gate import grant_access
from organizations.roles import Right
from organizations.sources import source_of
from products import names
from products.kinds import Permission
from products.models import Product


def decide(access: Access, permission: str, product: Product) -> Decision:
    """May this person do `permission` on this product, and by what?

    The product comes from `with_rights(access)`, so that a list asks nothing per row.
    """
    permission = str(permission)
    if product.organization_id != access.organization.pk or permission not in product.kind.all_permissions:
        return Decision(False, "", permission, product.pk)
    if access.narrowing and not access.narrowing.covers(permission, product.pk):
        text = _("The API token “%(token)s” does not cover this.")
        return Decision(False, text % {"token": access.narrowing.name}, permission, product.pk)
    by_role = Right.ALL_PRODUCTS in access.rights
    if by_role or Right.SEE not in access.rights:
        decision = access.decide(Right.ALL_PRODUCTS if by_role else Right.SEE)
        return replace(decision, right=permission, product=product.pk)
    held = sources(access, permission, product)
    # What one may not see, one may do nothing with.
    if held and sources(access, Permission.VIEW, product):
        return Decision(True, str(held[0]), permission, product.pk, held)
    text = _("You need the right “%(right)s” on %(product)s.")
    sentence = product.kind.all_permissions[permission]
    return Decision(False, text % {"right": sentence, "product": names.shown(product.name)}, permission, product.pk)


def sources(access: Access, permission: str, product: Product) -> tuple[Source, ...]:
    """The grants that give the person this permission: on the whole kind, on the product, and through teams."""
    whole = access.kind_permissions.get(f"{product.kind_slug}.{permission}", ())
    return (*whole, *grants_of(product, permission))


def grants_of(product: Product, permission: str) -> tuple[Source, ...]:
    """The grants that the product carries (`with_rights`, `with_grants_of`) for this permission."""
    rows = (*product.granted, *getattr(product, "granted_to_teams", ()))
    return tuple(source_of(row) for row in rows if row["codename"] == permission)


def require(access: Access, permission: str, product: Product) -> None:
    """Raises Denied, with the reason, when the person may not do this."""
    if not (decision := decide(access, permission, product)):
        raise Denied(decision, access)


def on_product(permission: str, *rights: Right) -> Callable[[View], View]:
    """Those who hold `permission` on the product in the URL, and in its organization one of `rights`, if any is named.

    The view receives `access` and `product`.

    A product one may not see does not exist: 404. One that may be seen, without this permission: 403 with the reason.
    """

    needed = rights or (Right.SEE,)

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, organization: str, kind: Any, product: int, **kwargs: Any) -> HttpResponse:
            access = grant_access(request, organization)
            access.require(Right.SEE)
            found = find(access, kind.slug, product)
            require(access, permission, found)
            if not any(access.may(right) for right in needed):
                access.require(needed[0])
            return view(request, access, found, **kwargs)

        return stamp(gate, f"on product: {permission}, in organization: {' or '.join(needed)}")

    return decorate


def find(access: Access, kind: str, pk: int) -> Product:
    """The product with the person's rights on it; Http404 when it is not theirs to see."""
    rows = Product.objects.visible_to(access).with_rights(access).with_work()
    product = rows.filter(kind_slug=kind, pk=pk).select_related("plan").first()
    if product is None:
        raise Http404
    product.organization = access.organization
    return product
