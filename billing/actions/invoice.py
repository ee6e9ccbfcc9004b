from typing import Any

from django.utils import timezone

from billing import paper
from billing.models import Invoice, InvoiceSeries, Order, OrderLine


def next_number() -> str:
    """The next number of this year's series, taken until the transaction ends: a rollback gives it back."""
    year = timezone.localdate().year
    InvoiceSeries.objects.get_or_create(year=year)
    series = InvoiceSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}-{series.last:06d}"


def issue(order: Order) -> Invoice:
    """The order has its invoice. In the caller's transaction, as late as possible: it holds the series' lock."""
    lines = list(order.lines.select_related("plan"))
    return Invoice.objects.create(
        organization=order.organization,
        number=next_number(),
        order=order,
        currency=order.currency,
        net=order.net,
        tax=order.tax,
        total=order.total,
        document=document(order, lines),
    )


def credit(line: OrderLine) -> Invoice:
    """The invoice of the line's order is corrected by this line. In the caller's transaction."""
    order = line.order
    return Invoice.objects.create(
        organization=order.organization,
        kind=Invoice.Kind.CREDIT_NOTE,
        number=next_number(),
        order=order,
        line=line,
        corrects=order.invoices.get(kind=Invoice.Kind.INVOICE),
        currency=order.currency,
        net=-line.net,
        tax=-line.tax,
        total=-line.total,
        document=document(order, [line]),
    )


def document(order: Order, lines: list[OrderLine]) -> dict[str, Any]:
    """Seller, buyer and lines, as they were when it was ordered."""
    names = ("plan_id", "name", "months", "net", "tax_rate", "tax", "total", "reasons")
    return {
        "seller": paper.seller(),
        "buyer": order.buyer,
        "lines": [
            {name: getattr(line, name) for name in names} | {"plan": line.plan.name, "kind": line.plan.kind}
            for line in lines
        ],
    }
