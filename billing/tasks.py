import logging
from collections.abc import Callable, Iterable

from celery import shared_task
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from billing.actions import delivery, order, payment
from billing.gateways import gateway
from billing.models import Entry, Order, Payment
from billing.models.order import OrderState, reminder_after
from manager.web.refused import Refused
from organizations import tenancy
from products.models import Job
from products.models.job import Verb
from products.models.product import State

logger = logging.getLogger(__name__)


def each[Row: (Order, Payment)](rows: Iterable[Row], action: Callable[[Row], object]) -> None:
    """The action for every row, in its organization. One that breaks is logged and stops no other."""
    for row in rows:
        try:
            with tenancy.scope(row.organization_id):
                action(row)
        except Exception:
            logger.exception("%s %s broke", type(row).__name__, row.pk)


@shared_task
def settle_delivery(job: int) -> None:
    """Called when a job has ended."""
    with tenancy.every_organization():
        verbs = (Verb.PROVISION, Verb.CANCEL)
        ended = list(Order.objects.filter(lines__product__jobs__in=Job.objects.filter(pk=job, verb__in=verbs)))
    each(ended, delivery.settle)


@shared_task
def sweep_deliveries() -> None:
    """Every paid order with nothing left to set up is settled, also those whose call was lost."""
    with tenancy.every_organization():
        # A failure is credited at once, though other lines of the order are still being set up.
        waiting = Order.objects.filter(state=OrderState.PAID, settled_at=None)
        unended = Order.objects.filter(lines__product__state__in=[State.ORDERED, State.PENDING])
        failed = Order.objects.filter(
            lines__refunded_at=None, lines__product__state__in=[State.FAILED, State.CANCELLED]
        )
        over = waiting.exclude(pk__in=unended) | waiting.filter(pk__in=failed)
        orders = list(over.order_by("pk")[:500])
    each(orders, delivery.settle)


@shared_task
def sweep_payments() -> None:
    """Attempts whose answer got lost end as the gateway says; what was never charged never will be."""
    with tenancy.every_organization():
        forgotten = payment.forgotten()
    each(forgotten, lambda attempt: payment.settle(attempt, gateway().void(attempt.key), by=None))


@shared_task
def remind_orders() -> None:
    """Whoever can pay an order that waits for it hears of it before it is over."""
    now = timezone.now()
    with tenancy.every_organization():
        waiting = Order.objects.filter(state=OrderState.OPEN, created_at__gt=now - settings.ORDER_LIFETIME)
        # Not only some: those that were reminded stay among them, and would keep the others out.
        due = list(waiting.filter(created_at__lte=now - reminder_after()).order_by("pk"))
    each(due, order.remind)


@shared_task
def expire_orders() -> None:
    """Orders nobody paid in time are over, and their names are free."""
    with tenancy.every_organization():
        old = timezone.now() - settings.ORDER_LIFETIME
        left = list(Order.objects.filter(state=OrderState.OPEN, created_at__lte=old)[:500])
    each(left, expire)


def expire(left: Order) -> None:
    try:
        order.cancel(left, by=None)
    except Refused:
        logger.info("order %s is being paid", left.pk)


@shared_task
def prove_ledger() -> None:
    """The ledger adds up to zero, as a whole and movement by movement; else this task fails loudly."""
    with tenancy.every_organization():
        wrong = Entry.objects.order_by().values("movement", "currency").annotate(sum=Sum("amount")).exclude(sum=0)
        if broken := list(wrong[:10]):
            raise RuntimeError(f"the ledger does not balance: {broken}")
