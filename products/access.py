"""The gate for single products, and the decision that pages, buttons and lists share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from manager.web.gate import View, stamp
from organizations.access import Access, Decision, Denied, grant_access
from organizations.roles import Right
from products.models import Product


def decide(access: Access, permission: str, product: Product) -> Decision:
    """May this person do `permission` on this product, and by what?

    The product comes from `with_rights(access)`, so that a list asks nothing per row.
    """
    permission = str(permission)
    if product.organization_id != access.organization.pk or permission not in product.kind.all_permissions:
        return Decision(False, "", permission)
    if Right.ALL_PRODUCTS in access.rights:
        return access.decide(Right.ALL_PRODUCTS)
    if Right.SEE not in access.rights:
        return access.decide(Right.SEE)
    if f"{product.kind_slug}.{permission}" in access.kind_permissions:
        return Decision(True, _("Granted on all %(kind)s") % {"kind": product.kind.label}, permission)
    if permission in product.granted:
        return Decision(True, _("Granted on this product"), permission)
    if permission in product.granted_to_groups:
        return Decision(True, _("Granted through a team"), permission)
    text = _("You need the right “%(right)s” on %(product)s.")
    sentence = product.kind.all_permissions[permission]
    return Decision(False, text % {"right": sentence, "product": product.name}, permission)


def require(access: Access, permission: str, product: Product) -> None:
    """Raises Denied, with the reason, when the person may not do this."""
    if not (decision := decide(access, permission, product)):
        raise Denied(decision, access)


def on_product(permission: str, right: Right = Right.SEE) -> Callable[[View], View]:
    """Those who hold `permission` on the product in the URL, and `right` in its organization.

    The view receives `access` and `product`.

    A product one may not see does not exist: 404. One that may be seen, without this permission: 403 with the reason.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, organization: str, kind: Any, product: int, **kwargs: Any) -> HttpResponse:
            access = grant_access(request, organization)
            access.require(Right.SEE)
            found = find(access, kind.slug, product)
            require(access, permission, found)
            access.require(right)
            return view(request, access, found, **kwargs)

        return stamp(gate, f"on product: {permission}, in organization: {right}")

    return decorate


def find(access: Access, kind: str, pk: int) -> Product:
    """The product with the person's rights on it; Http404 when it is not theirs to see."""
    rows = Product.objects.visible_to(access).with_rights(access).with_work()
    product = rows.filter(kind_slug=kind, pk=pk).select_related("plan").first()
    if product is None:
        raise Http404
    product.organization = access.organization
    return product
