"""Paying: the attempt is a row before the gateway is asked, so that whatever happens after is found again."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.actions import invoice, ledger
from billing.actions.order import locked
from billing.gateways import Charge, GatewayDown, gateway
from billing.models import Entry, Order, Payment
from billing.models.ledger import Account
from billing.models.order import OrderState
from billing.models.payment import PaymentState
from billing.money import Money
from manager.web.refused import Refused
from organizations.access import Access
from organizations.events import Actor, Person, record
from organizations.models import Organization
from organizations.roles import Right
from products.actions import product as products

logger = logging.getLogger(__name__)

CREDIT = "credit"


def pay(order: Order, token: str, *, by: Access) -> Payment:
    """The order is paid and its products are being set up; Refused, with the reason, when the payer was refused.

    Two clicks, or two windows, charge once.
    """
    payment = start(order, token, by=by)
    if payment.state != PaymentState.PENDING:
        return payment
    # An attempt under way is finished as it began, whatever is chosen now.
    if payment.method == CREDIT:
        by.require(Right.BILLING)
        payment = spend(payment, by=by)
        return paid_or_refused(payment)
    try:
        charge = gateway().charge(payment.key, Money(payment.amount, payment.currency), payment.method)
    except GatewayDown:
        return payment
    return paid_or_refused(settle(payment, charge, by=by))


def paid_or_refused(payment: Payment) -> Payment:
    if payment.state == PaymentState.REFUSED:
        raise Refused(payment.reason)
    return payment


@transaction.atomic(durable=True)
def start(order: Order, token: str, *, by: Access) -> Payment:
    """One attempt to pay the order stands: the one under way, the one that paid, or a new one."""
    order = locked(order)
    standing = order.payments.exclude(state=PaymentState.REFUSED).first()
    if standing:
        return standing
    if order.state != OrderState.OPEN:
        raise Refused(_("This order is cancelled. Order again."))
    return Payment.objects.create(
        organization=order.organization,
        order=order,
        key=f"order-{order.pk}-{order.payments.count() + 1}-{order.key.hex[:12]}",
        method=token,
        amount=order.total,
        currency=order.currency,
        actor=by.user,
    )


@transaction.atomic(durable=True)
def settle(payment: Payment, charge: Charge, *, by: Actor | None) -> Payment:
    """The attempt ended as the gateway says. A charge of another amount pays nothing: staff must look into it."""
    order = locked(payment.order)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.state != PaymentState.PENDING:
        return payment
    if not charge.captured:
        return _refuse(payment, charge.reason, by)
    if charge.amount != Money(payment.amount, payment.currency):
        payment.reference = charge.reference
        logger.error("payment %s: %s was charged for %s", payment.pk, charge.amount, payment.amount)
        reason = _("The amount that was paid is not the amount of the order. Our staff looks into it.")
        return _refuse(payment, reason, by)
    return _capture(payment, order, charge.reference, Account.CASH, by)


@transaction.atomic(durable=True)
def spend(payment: Payment, *, by: Actor) -> Payment:
    """The order is paid from the organization's credit, as a whole, or Refused."""
    # Whoever spends credit waits here: it cannot be spent twice.
    # Without its key: others may go on to refer to the organization, which takes a lock of their own on its key.
    organization = Organization.objects.select_for_update(no_key=True).get(pk=payment.organization_id)
    order = locked(payment.order)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.state != PaymentState.PENDING:
        return payment
    if Entry.objects.credit(organization).get(payment.currency, 0) < payment.amount:
        return _refuse(payment, _("The credit does not cover this order."), by)
    return _capture(payment, order, "", Account.CREDIT, by)


def _refuse(payment: Payment, reason: str, by: Actor | None) -> Payment:
    payment.state, payment.reason = PaymentState.REFUSED, reason[:300]
    payment.save(update_fields=["state", "reason", "reference"])
    order = payment.order
    details = {"total": payment.amount, "currency": payment.currency, "reason": payment.reason}
    record("order.refuse", order, by=by or payer(payment), organization=order.organization, **details)
    return payment


def payer(payment: Payment) -> Actor | None:
    """Who began the attempt, where the portal itself finishes it."""
    return Person(payment.actor) if payment.actor else None


def _capture(payment: Payment, order: Order, reference: str, source: Account, by: Actor | None) -> Payment:
    by = by or payer(payment)
    payment.state, payment.reference = PaymentState.CAPTURED, reference
    payment.save(update_fields=["state", "reference"])
    order.state, order.paid_at = OrderState.PAID, timezone.now()
    order.save(update_fields=["state", "paid_at"])
    amounts = {source: order.total, Account.REVENUE: -order.net, Account.TAX: -order.tax}
    ledger.book(order.organization, f"payment:{payment.key}", str(order), order.currency, amounts)
    for line in order.lines.select_related("product"):
        products.provision(line.product, by=by)
    record("order.pay", order, by=by, organization=order.organization, total=order.total, currency=order.currency)
    invoice.issue(order)
    return payment


def forgotten() -> list[Payment]:
    """Attempts whose answer got lost: the gateway knows what became of them."""
    old = timezone.now() - timedelta(minutes=1)
    return list(
        Payment.objects.filter(state=PaymentState.PENDING, created_at__lte=old).select_related(
            "order__organization", "actor"
        )[:500]
    )
