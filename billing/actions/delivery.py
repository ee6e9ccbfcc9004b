"""Paid and undeliverable: refunded, visibly."""

from django.conf import settings
from django.db import transaction
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
def settle(order: Order) -> None:
    """What was paid is set up or credited, line by line, once; when all of it is, the buyer is told, once."""
    order = locked(order)
    if not order.paid_at or order.settled_at:
        return
    lines = list(order.lines.select_related("order__organization", "order__actor", "product", "plan"))
    for line in lines:
        if is_undelivered(products.locked(line.product)) and not line.refunded_at:
            refund(line)
    if any(line.product.state in (State.ORDERED, State.PENDING) for line in lines):
        return
    order.settled_at = timezone.now()
    order.save(update_fields=["settled_at"])
    if any(line.product.state in (State.ACTIVE, State.SUSPENDED) for line in lines):
        tell(order, f"order-ready:{order.pk}", "ready", lines=lines)


def is_undelivered(product: Product) -> bool:
    """It never worked and never will: its set-up failed, or it was cancelled before."""
    return product.is_gone and product.activated_at is None


def refund(line: OrderLine) -> None:
    """The line's price is credit of the organization. In the caller's transaction."""
    order = line.order
    line.refunded_at = timezone.now()
    line.save(update_fields=["refunded_at"])
    amounts = {Account.REVENUE: line.net, Account.TAX: line.tax, Account.CREDIT: -line.total}
    text = _("Credit for %(line)s") % {"line": line}
    ledger.book(order.organization, f"refund:line-{line.pk}", text, order.currency, amounts)
    details = {"amount": line.total, "currency": order.currency, "name": line.name}
    record("order.refund", order, by=None, organization=order.organization, **details)
    invoice.credit(line)
    tell(order, f"order-refund:{line.pk}", "refund", line=line)


def tell(order: Order, key: str, template: str, **context: object) -> None:
    """The person who ordered gets this mail, once."""
    if order.actor is None:
        return
    context |= {"order": order, "organization": order.organization, "person": order.actor}
    context["url"] = settings.BASE_URL + order.get_absolute_url()
    mail.write(f"billing/mail/{template}", context, key=key, to=order.actor.email)
