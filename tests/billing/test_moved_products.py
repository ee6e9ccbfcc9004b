"""Orders and invoices stay with who paid, when a product goes to another organization."""

from uuid import uuid4

import pytest

from accounts.models import Mail
from billing import tasks
from billing.actions import order as orders
from billing.actions import payment as payments
from billing.models import Entry, Invoice, Order, OrderLine
from billing.models.ledger import Account
from organizations import tenancy
from products.actions import transfer as actions
from products.models import Job, Product
from tests.billing.test_order import deliver, filled
from tests.people import World
from tests.products.moving_world import access

pytestmark = pytest.mark.django_db


def paid(world: World) -> Order:
    owner = world.access("owner")
    order = orders.place(filled(world, kinds=("domains", "hosting")), world.acme, by=owner)
    payments.pay(order, "approve", by=owner)
    return order


def move(world: World, order: Order, kind: str) -> Product:
    owner = world.access("owner")
    product = Product.objects.get(order_line__order=order, kind_slug=kind)
    transfer = actions.send([product.pk], key=uuid4(), by=owner)
    actions.accept(world.acme.pk, transfer.key, access(world.users["outsider"], world.other))
    world.access("owner")
    return product


def test_the_order_shows_every_line(world: World) -> None:
    order = paid(world)
    deliver(world)
    product = move(world, order, "hosting")
    tenancy.leave()
    client = world.client("owner")
    page = client.get(f"/o/acme/orders/{order.pk}/").content.decode()
    assert page.count('class="item-title"') >= 2
    assert "In another organization" in page
    assert "2 of 2 ready" in page
    assert f"/o/acme/hosting/{product.pk}/" not in page
    assert f"/o/acme/domains/{product_of(world, order, 'domains')}/" in page
    assert "2 products" in client.get("/o/acme/orders/").content.decode()
    assert client.get("/o/acme/invoices/").status_code == 200
    # The other side has the product, and neither order nor invoice.
    assert "hosting" in client_page(world, f"/o/other/hosting/{product.pk}/")
    with tenancy.scope(world.other.pk):
        assert not Order.objects.exists()
        assert not Invoice.objects.exists()
        assert not OrderLine.objects.exists()


def product_of(world: World, order: Order, kind: str) -> int:
    with tenancy.scope(world.acme.pk):
        return Product.objects.get(order_line__order=order, kind_slug=kind).pk


def client_page(world: World, address: str) -> str:
    answer = world.client("outsider").get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_order_that_is_not_settled_yet_is_settled_without_it(world: World) -> None:
    """The hosting is ready and moves, while the domain is still being set up."""
    order = paid(world)
    world.access("owner")
    with tenancy.every_organization():
        Job.objects.filter(product__kind_slug="domains").update(state="waiting", run_after="2030-01-01T00:00Z")
    deliver_one(world, "hosting")
    assert Order.objects.get(pk=order.pk).settled_at is None
    moved = move(world, order, "hosting")
    tenancy.leave()
    # The other side cancels it for good: nothing is paid back to who gave it away.
    with tenancy.scope(world.other.pk):
        Product.objects.filter(pk=moved.pk).update(state="cancelled")
    tasks.sweep_deliveries()
    world.access("owner")
    assert Order.objects.get(pk=order.pk).settled_at is None
    Job.objects.filter(product__kind_slug="domains").update(run_after="2026-01-01T00:00Z")
    deliver_one(world, "domains")
    order.refresh_from_db()
    assert order.settled_at is not None
    assert not OrderLine.objects.exclude(refunded_at=None).exists()
    assert not Entry.objects.filter(account=Account.CREDIT).exists()
    assert Invoice.objects.count() == 1
    mail = Mail.objects.get(key=f"order-ready:{order.pk}")
    assert mail.text.count(": ready") == 2
    tenancy.leave()
    tasks.sweep_deliveries()
    tasks.expire_orders()
    tasks.prove_ledger()


def deliver_one(world: World, kind: str) -> None:
    from products import jobs

    job = Job.objects.get(product__kind_slug=kind, verb="provision")
    tenancy.leave()
    jobs.run(job.pk)
    tasks.settle_delivery(job.pk)
    world.access("owner")
