"""Paid and undeliverable: refunded, visibly."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.actions import invoice, ledger, mails
from billing.actions.order import locked
from billing.lines import of as lines_of
from billing.models import Order, OrderLine
from billing.models.ledger import Account
from organizations.events import record
from products.models import Product
from products.models.product import State


@transaction.atomic(durable=True)
def settle(order: Order) -> None:
    """What was paid is set up or credited, line by line, once; when all of it is, the buyer is told, once."""
    order = locked(order)
    if not order.paid_at or order.settled_at:
        return
    lines = lines_of(order, lock=True)
    # What has moved to another organization was delivered before.
    here = [line for line in lines if not line.moved]
    for line in here:
        if is_undelivered(line.product) and not line.refunded_at:
            refund(line)
    if any(line.product.state in (State.ORDERED, State.PENDING) for line in here):
        return
    order.settled_at = timezone.now()
    order.save(update_fields=["settled_at"])
    if any(line.moved or line.product.state in (State.ACTIVE, State.SUSPENDED) for line in lines):
        mails.ready(order, lines)


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
    mails.refunded(line)
