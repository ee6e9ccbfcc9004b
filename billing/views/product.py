"""What one product costs: its plan and price, the order it came from, and the papers of both."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from billing.models import Invoice, OrderLine, Price
from manager.web.pages import page
from organizations.access import Access
from organizations.roles import Right
from products.access import on_product
from products.kinds import Permission
from products.models import Product


@require_GET
@on_product(Permission.VIEW, Right.BILLING, Right.ORDER)
def billing(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    context = {
        "access": access,
        "product": product,
        "kind": product.kind,
        "line": ordered(access, product),
        "price": price(access, product),
        "papers": papers(access, product),
    }
    return page(request, "billing/product.html", context)


def ordered(access: Access, product: Product) -> OrderLine | None:
    """What was bought, with its order; None where it came from another organization."""
    rows = OrderLine.objects.filter(organization=access.organization, product=product)
    line = rows.select_related("order__actor", "plan").first()
    if line is not None:
        line.order.organization = access.organization
    return line


def price(access: Access, product: Product) -> Price | None:
    """What the plan costs today in the currency of the organization; None where it is not sold any more."""
    found = Price.objects.by_plan([product.plan], access.organization.currency, timezone.localdate())
    return found.get(product.plan_id)


def papers(access: Access, product: Product) -> list[Invoice]:
    """The invoice of its order, and its own credit note. For who reads invoices."""
    if not access.may(Right.BILLING):
        return []
    own = Q(kind=Invoice.Kind.INVOICE, order__lines__product=product) | Q(line__product=product)
    return list(Invoice.objects.filter(organization=access.organization).filter(own).distinct().order_by("-pk"))
