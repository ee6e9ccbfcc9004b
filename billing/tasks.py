from celery import shared_task
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from billing.actions import delivery, order, payment
from billing.gateways import gateway
from billing.models import Entry, Order, OrderLine
from billing.models.order import OrderState
from manager.web.refused import Refused
from organizations import tenancy
from products.models import Job, Product
from products.models.job import Verb
from products.models.product import State


@shared_task
def settle_delivery(job: int) -> None:
    """Called when a job has ended."""
    with tenancy.every_organization():
        ended = Job.objects.filter(pk=job, verb=Verb.PROVISION).select_related("product").first()
    if ended and ended.product.state != State.PENDING:
        _settle(ended.product)


@shared_task
def sweep_deliveries() -> None:
    """Every failed set-up is settled, also those whose call was lost."""
    with tenancy.every_organization():
        unsettled = OrderLine.objects.filter(refunded_at=None, product__state=State.FAILED)
        failed = list(Product.objects.filter(order_line__in=unsettled)[:500])
    for product in failed:
        _settle(product)


def _settle(product: Product) -> None:
    with tenancy.scope(product.organization_id):
        delivery.settle(product)


@shared_task
def sweep_payments() -> None:
    """Attempts whose answer got lost end as the gateway says."""
    with tenancy.every_organization():
        forgotten = payment.forgotten()
    for attempt in forgotten:
        charge = gateway().find(attempt.key)
        with tenancy.scope(attempt.organization_id):
            payment.settle(attempt, charge, by=None)


@shared_task
def expire_orders() -> None:
    """Orders nobody paid in time are over, and their names are free."""
    with tenancy.every_organization():
        old = timezone.now() - settings.ORDER_LIFETIME
        left = list(Order.objects.filter(state=OrderState.OPEN, created_at__lte=old)[:500])
    for each in left:
        with tenancy.scope(each.organization_id):
            try:
                order.cancel(each, by=None)
            except Refused:
                continue


@shared_task
def prove_ledger() -> None:
    """The ledger adds up to zero, as a whole and movement by movement; else this task fails loudly."""
    with tenancy.every_organization():
        wrong = Entry.objects.order_by().values("movement", "currency").annotate(sum=Sum("amount")).exclude(sum=0)
        if broken := list(wrong[:10]):
            raise RuntimeError(f"the ledger does not balance: {broken}")
