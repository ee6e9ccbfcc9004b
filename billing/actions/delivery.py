"""Paid and undeliverable: refunded, visibly."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import mail
from billing.actions import invoice, ledger
from billing.actions.order import locked
from billing.models import Order, OrderLine
from billing.models.ledger import Account
from organizations.events import record
from products.actions import product as products
from products.models import Product
from products.models.product import State


@transaction.atomic(durable=True)
def settle(product: Product) -> None:
    """What the end of a set-up means for its order: a line that failed is credited, once, and the buyer is told."""
    line = OrderLine.objects.select_related("order", "plan").filter(product=product).first()
    if line is None:
        return
    order = locked(line.order)
    line = OrderLine.objects.select_related("order__organization", "plan").get(pk=line.pk)
    product = products.locked(product)
    if product.state == State.FAILED and not line.refunded_at:
        refund(line, product)
    lines = list(order.lines.select_related("product", "plan"))
    states = {line.product.state for line in lines}
    ended = order.paid_at and not states & {State.ORDERED, State.PENDING}
    if ended and not all(line.refunded_at for line in lines):
        tell(order, f"order-ready:{order.pk}", "ready", lines=lines)


def refund(line: OrderLine, product: Product) -> None:
    """The line's price is credit of the organization. In the caller's transaction."""
    order = line.order
    line.refunded_at = timezone.now()
    line.save(update_fields=["refunded_at"])
    amounts = {Account.REVENUE: line.net, Account.TAX: line.tax, Account.CREDIT: -line.total}
    text = _("Credit for %(line)s") % {"line": line}
    ledger.book(order.organization, f"refund:line-{line.pk}", text, order.currency, amounts)
    products.abandon(product, by=None)
    details = {"amount": line.total, "currency": order.currency, "name": line.name}
    record("order.refund", order, by=None, organization=order.organization, **details)
    invoice.credit(line)
    tell(order, f"order-refund:{line.pk}", "refund", line=line)


def tell(order: Order, key: str, template: str, **context: object) -> None:
    """The person who ordered gets this mail, once."""
    if order.actor is None:
        return
    context |= {
        "order": order,
        "organization": order.organization,
        "person": order.actor,
        "url": settings.BASE_URL + order.get_absolute_url(),
        "site_name": settings.SITE_NAME,
    }
    subject, text = (render_to_string(f"billing/mail/{template}_{part}.txt", context) for part in ("subject", "text"))
    mail.queue(key=key, to=order.actor.email, subject=subject, text=text)
