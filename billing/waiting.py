"""Orders whose payment is on its way: nobody pays them once more."""

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Order, Payment
from billing.models.payment import PaymentState


def with_waiting(orders: QuerySet[Order]) -> QuerySet[Order]:
    """orders that know, as `waiting`, whether the bank has yet to answer"""
    pending = Payment.objects.filter(order=OuterRef("pk"), state=PaymentState.PENDING).order_by()
    return orders.annotate(waiting=Exists(pending))
