"""The lines of an order with their products. One that belongs to another organization now is out of reach here."""

from billing.models import Order, OrderLine
from products.models import Product


def of(order: Order, *, lock: bool = False) -> list[OrderLine]:
    """Every line, knowing its product or that it has moved. In the scope of the order's organization; two queries.

    With `lock` nobody else changes the products until the transaction ends.
    """
    rows = Product.objects.filter(organization=order.organization_id, order_line__order=order).order_by("pk")
    products = {product.pk: product for product in (rows.select_for_update(of=("self",)) if lock else rows)}
    lines = list(order.lines.select_related("plan"))
    for line in lines:
        line.order = order
        product = products.get(line.product_id)
        if product is None:
            line.moved = True
        else:
            line.product, product.organization, product.plan = product, order.organization, line.plan
    return lines
