"""From the cart to the delivery: what is frozen, what is refused, what is repeated, what is refunded."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Mail
from billing import tasks
from billing.actions import cart as carts
from billing.actions import order as orders
from billing.actions import payment as payments
from billing.actions.invoice import next_number
from billing.actions.ledger import book
from billing.gateways.test import TestGateway
from billing.models import Cart, Entry, Invoice, Order, OrderLine, Payment, Price
from billing.models.ledger import Account
from billing.models.order import OrderState
from billing.models.payment import PaymentState
from manager.web.refused import Refused
from organizations import tenancy
from organizations.events import Person
from organizations.models import Event, Membership, Organization
from products import jobs
from products.actions import product as products
from products.models import Job, Product
from products.models.product import State
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db

ADDRESS = {"form": "company", "street": "Weg 1", "postcode": "8000", "city": "Zürich", "country": "CH"}


def filled(world: World, *names: str, kinds: tuple[str, ...] = ("domains", "hosting", "email")) -> Cart:
    cart = Cart.objects.create()
    for name in names or ("new.ch",):
        for kind in kinds:
            carts.add(cart, plan=world.plans[kind], name=name, options={})
    return cart


def placed(world: World, *names: str, **more: Any) -> Order:
    access = world.access("owner")
    return orders.place(filled(world, *names, **more), world.acme, by=access)


def deliver(world: World) -> None:
    """A worker does all there is to do, also what follows from it, and tells billing each time."""
    while waiting := list(Job.objects.open().order_by("pk")):
        for job in waiting:
            tenancy.leave()
            jobs.run(job.pk)
            tasks.settle_delivery(job.pk)
        world.access("owner")


def balance(account: Account) -> int:
    return sum(Entry.objects.filter(account=account).values_list("amount", flat=True))


def test_prices_taxes_and_reasons_are_frozen(world: World) -> None:
    order = placed(world)
    Price.objects.update(amount=5)
    lines = list(order.lines.all())
    assert [(line.net, line.tax_rate, line.tax, line.total) for line in lines] == [(1000, 81, 81, 1081)] * 3
    assert (order.net, order.tax, order.total, order.currency) == (3000, 243, 3243, "CHF")
    assert all(
        "2026-01-01" in line.reasons["price"] and line.reasons["tax"].startswith("ch-standard") for line in lines
    )
    assert {line.product.state for line in lines} == {State.ORDERED}


def test_the_organization_decides_the_currency(world: World) -> None:
    cart = filled(world)
    carts.show_in(cart, "CHF")
    founder = Person(world.users["nobody"])
    order = orders.place_founding(cart, by=founder, name="Berlin GmbH", **(ADDRESS | {"country": "DE"}))
    assert (order.currency, order.net, order.tax) == ("EUR", 2700, 0)
    assert order.lines.first().reasons["tax"] == "export"


def test_the_same_cart_is_one_order_and_one_organization(world: World) -> None:
    cart, founder = filled(world), Person(world.users["nobody"])
    first = orders.place_founding(cart, by=founder, name="Once", **ADDRESS)
    second = orders.place_founding(cart, by=founder, name="Once", **ADDRESS)
    assert first == second
    assert Organization.objects.filter(name="Once").count() == 1
    assert Membership.objects.filter(user=world.users["nobody"]).count() == 1


def test_somebody_elses_cart_is_not_mine(world: World) -> None:
    cart = filled(world)
    orders.place_founding(cart, by=Person(world.users["nobody"]), name="Once", **ADDRESS)
    tenancy.leave()
    with pytest.raises(Refused):
        orders.place_founding(cart, by=Person(world.users["outsider"]), name="Twice", **ADDRESS)


def test_a_missing_price_is_an_error_never_zero(world: World) -> None:
    cart = filled(world)
    Price.objects.filter(plan=world.plans["email"]).update(valid_until=date(2026, 2, 1))
    with pytest.raises(Refused, match="no price in CHF"):
        orders.place(cart, world.acme, by=world.access("owner"))
    assert not Order.objects.exists()
    assert not Product.objects.filter(name="new.ch").exists()


def test_what_is_off_sale_is_refused(world: World) -> None:
    cart = filled(world)
    world.plans["email"].is_on_sale = False
    world.plans["email"].save()
    with pytest.raises(Refused, match="no longer on sale"):
        orders.place(cart, world.acme, by=world.access("owner"))


@pytest.mark.parametrize("name", ["other.ch", "www.other.ch", "a.b.other.ch"])
def test_the_name_of_another_organization_is_refused_and_nothing_is_left(world: World, name: str) -> None:
    with pytest.raises(Refused, match="in use by another organization"):
        placed(world, name, kinds=("email",))
    assert not Order.objects.exists()


def test_what_lies_below_a_foreign_name_is_refused_too(world: World) -> None:
    with tenancy.scope(world.other.pk):
        people.product(world.other, world.plans["hosting"], "www.taken.ch")
    with pytest.raises(Refused, match="in use by another organization"):
        placed(world, "taken.ch", kinds=("email",))


def test_a_name_one_has_already_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="already"):
        placed(world, "acme.ch", kinds=("email",))


def test_paying_sets_everything_up_once(world: World) -> None:
    order, access = placed(world), world.access("owner")
    first = payments.pay(order, "approve", by=access)
    second = payments.pay(order, "approve", by=access)
    assert first == second
    assert first.state == PaymentState.CAPTURED
    assert TestGateway().captured() == [(first.key, 3243, "CHF")]
    assert Job.objects.filter(verb="provision").count() == 3
    deliver(world)
    assert set(order.lines.values_list("product__state", flat=True)) == {State.ACTIVE}
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.document["buyer"]["name"]) == (3243, "Acme")
    assert (balance(Account.CASH), balance(Account.REVENUE), balance(Account.TAX)) == (3243, -3000, -243)
    assert list(Mail.objects.values_list("key", flat=True)) == [f"order-ready:{order.pk}"]


def test_a_declined_card_can_be_followed_by_another(world: World) -> None:
    order, access = placed(world), world.access("owner")
    with pytest.raises(Refused, match="declined"):
        payments.pay(order, "decline", by=access)
    order.refresh_from_db()
    assert order.state == OrderState.OPEN
    assert not Invoice.objects.exists()
    assert payments.pay(order, "approve", by=access).state == PaymentState.CAPTURED
    assert len(TestGateway().captured()) == 1


def test_an_answer_that_got_lost_is_found(world: World) -> None:
    order, access = placed(world), world.access("owner")
    assert payments.pay(order, "lose", by=access).state == PaymentState.PENDING
    assert payments.pay(order, "approve", by=access).state == PaymentState.PENDING  # no second charge
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    tenancy.leave()
    tasks.sweep_payments()
    tasks.sweep_payments()
    world.access("owner")
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert len(TestGateway().captured()) == 1
    assert balance(Account.CASH) == order.total


def test_a_charge_that_never_happened_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order, access = placed(world), world.access("owner")
    payments.start(order, "approve", by=access)  # and then the process died
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    tenancy.leave()
    tasks.sweep_payments()
    access = world.access("owner")
    assert Payment.objects.get().state == PaymentState.REFUSED
    assert payments.pay(order, "approve", by=access).state == PaymentState.CAPTURED


def test_another_amount_is_not_a_payment(world: World) -> None:
    from billing.gateways import Charge
    from billing.money import Money

    order, access = placed(world), world.access("owner")
    attempt = payments.start(order, "approve", by=access)
    for amount in (Money(1, "CHF"), Money(order.total, "EUR")):
        settled = payments.settle(attempt, Charge("x", True, amount), by=access)
        assert settled.state == PaymentState.REFUSED
    order.refresh_from_db()
    assert order.state == OrderState.OPEN


def test_what_cannot_be_delivered_is_credited_once(world: World) -> None:
    order, access = placed(world, "refuse-me.ch"), world.access("owner")
    payments.pay(order, "approve", by=access)
    deliver(world)
    tenancy.leave()
    tasks.sweep_deliveries()
    for pk in (1, 2, 3):
        tasks.settle_delivery(pk)
    world.access("owner")
    assert OrderLine.objects.exclude(refunded_at=None).count() == 3
    assert Entry.objects.credit(world.acme) == {"CHF": 3243}
    assert Invoice.objects.filter(kind="credit_note").count() == 3
    assert sum(Invoice.objects.values_list("total", flat=True)) == 0
    assert set(Product.objects.filter(name="refuse-me.ch").values_list("state", flat=True)) == {State.CANCELLED}
    assert Mail.objects.filter(key__startswith="order-refund:").count() == 3


def test_credit_pays_the_next_order_once(world: World) -> None:
    payments.pay(placed(world, "refuse-me.ch"), "approve", by=world.access("owner"))
    deliver(world)
    order, access = placed(world, "second.ch"), world.access("owner")
    assert payments.pay(order, "credit", by=access).state == PaymentState.CAPTURED
    third, access = placed(world, "third.ch"), world.access("owner")
    with pytest.raises(Refused, match="does not cover"):
        payments.pay(third, "credit", by=access)
    third.refresh_from_db()
    assert third.state == OrderState.OPEN
    assert Entry.objects.credit(world.acme) == {"CHF": 0}
    tasks.prove_ledger()


def test_cancelling_frees_the_names(world: World) -> None:
    order, access = placed(world), world.access("owner")
    orders.cancel(order, by=access)
    orders.cancel(order, by=access)
    assert not Product.objects.standing().filter(name="new.ch").exists()
    with pytest.raises(Refused, match="cancelled"):
        payments.pay(order, "approve", by=access)
    assert TestGateway().captured() == []


def test_a_paid_order_is_not_cancelled(world: World) -> None:
    order, access = placed(world), world.access("owner")
    payments.pay(order, "approve", by=access)
    with pytest.raises(Refused):
        orders.cancel(order, by=access)


def test_orders_nobody_pays_expire(world: World) -> None:
    old, new = placed(world, "old.ch"), placed(world, "new.ch")
    Order.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=30))
    tenancy.leave()
    tasks.expire_orders()
    world.access("owner")
    assert dict(Order.objects.values_list("pk", "state")) == {old.pk: "cancelled", new.pk: "open"}


def test_invoice_numbers_have_no_gap_after_a_rollback(world: World) -> None:
    first, second = placed(world, "a.ch"), placed(world, "b.ch")
    access = world.access("owner")
    payments.pay(first, "approve", by=access)
    with transaction.atomic():
        assert next_number().endswith("-000002")
        transaction.set_rollback(True)
    payments.pay(second, "approve", by=access)
    numbers = [int(number.split("-")[1]) for number in Invoice.objects.order_by("pk").values_list("number", flat=True)]
    assert numbers == [1, 2]


@pytest.mark.parametrize("table", ["billing_invoice", "billing_entry", "billing_movement"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_books_refuse_changes(world: World, table: str, change: str) -> None:
    payments.pay(placed(world), "approve", by=world.access("owner"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_an_unbalanced_movement_is_refused(world: World) -> None:
    def commit() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            book(world.acme, "x", "x", "CHF", {Account.CASH: 5, Account.CREDIT: -4})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    world.access("owner")
    with pytest.raises(DatabaseError, match="does not balance"):
        commit()


def test_a_lost_call_is_swept(world: World) -> None:
    order = placed(world, "refuse-me.ch")
    payments.pay(order, "approve", by=world.access("owner"))
    for job in list(Job.objects.open()):
        tenancy.leave()
        jobs.run(job.pk)
    tasks.sweep_deliveries()
    world.access("owner")
    assert OrderLine.objects.filter(refunded_at=None).count() == 0
    assert Entry.objects.credit(world.acme) == {"CHF": order.total}


@pytest.mark.parametrize("kind", ["domains", "hosting", "email"])
@pytest.mark.parametrize("start", ["refuse-", "long-"])
def test_the_longest_names_are_delivered_or_credited(world: World, kind: str, start: str) -> None:
    label = start + "x" * (63 - len(start))
    name = f"{label}.ch" if kind == "domains" else ".".join([label, "y" * 63, "z" * 63, "w" * 57, "ch"])
    order = placed(world, name, kinds=(kind,))
    payments.pay(order, "approve", by=world.access("owner"))
    deliver(world)
    line = order.lines.select_related("product").get()
    assert (line.product.state, bool(line.refunded_at)) == (
        (State.CANCELLED, True) if start == "refuse-" else (State.ACTIVE, False)
    )


def test_one_order_that_breaks_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = placed(world, "refuse-a.ch"), placed(world, "refuse-b.ch")
    for order in (first, second):
        payments.pay(order, "approve", by=world.access("owner"))
    for job in list(Job.objects.open()):
        tenancy.leave()
        jobs.run(job.pk)
    settle = tasks.delivery.settle

    def poisoned(order: Order) -> None:
        if order.pk == first.pk:
            raise ZeroDivisionError
        settle(order)

    monkeypatch.setattr("billing.tasks.delivery.settle", poisoned)
    tenancy.leave()
    tasks.sweep_deliveries()
    world.access("owner")
    assert second.lines.filter(refunded_at=None).count() == 0
    assert first.lines.filter(refunded_at=None).count() == 3


def test_a_click_while_the_sweep_looks_charges_once(world: World) -> None:
    """The process died before the charge; the sweep asks, and the payer clicks again."""
    order, access = placed(world), world.access("owner")
    attempt = payments.start(order, "approve", by=access)
    said = TestGateway().void(attempt.key)
    with pytest.raises(Refused, match="not completed"):
        payments.pay(order, "approve", by=access)
    payments.settle(attempt, said, by=None)
    assert TestGateway().captured() == []
    assert payments.pay(order, "approve", by=access).state == PaymentState.CAPTURED
    assert len(TestGateway().captured()) == 1


def test_the_ready_mail_is_swept_too(world: World) -> None:
    order = placed(world)
    payments.pay(order, "approve", by=world.access("owner"))
    for job in list(Job.objects.open()):
        tenancy.leave()
        jobs.run(job.pk)
    tasks.sweep_deliveries()
    tasks.sweep_deliveries()
    assert Mail.objects.filter(key=f"order-ready:{order.pk}").count() == 1


def test_a_name_is_held_until_nothing_is_left_of_it(world: World) -> None:
    order = placed(world, "refuse-me.ch", kinds=("hosting",))
    payments.pay(order, "approve", by=world.access("owner"))
    (job,) = Job.objects.open()
    tenancy.leave()
    jobs.run(job.pk)
    world.access("owner")
    with pytest.raises(Refused, match="already"):
        placed(world, "refuse-me.ch", kinds=("hosting",))
    deliver(world)
    assert placed(world, "refuse-me.ch", kinds=("hosting",))


def test_what_is_cancelled_before_it_was_set_up_is_credited(world: World) -> None:
    order = placed(world, kinds=("hosting",))
    payments.pay(order, "approve", by=world.access("owner"))
    product = order.lines.get().product
    products.cancel(product, by=world.access("owner"))
    deliver(world)
    assert Entry.objects.credit(world.acme) == {"CHF": order.total}
    assert Product.objects.get(pk=product.pk).state == State.CANCELLED


def test_the_invoice_shows_the_buyer_whose_country_decided_the_tax(world: World) -> None:
    from organizations.actions.organization import edit

    order = placed(world)
    edit(by=world.access("owner"), name="Somebody Else", country="US")
    payments.pay(order, "approve", by=world.access("owner"))
    buyer = Invoice.objects.get().document["buyer"]
    assert (buyer["name"], buyer["country"]) == ("Acme", "CH")


def test_credit_is_spent_by_who_may(world: World) -> None:
    order = placed(world)
    payments.start(order, "credit", by=world.access("owner"))
    with pytest.raises(PermissionDenied):
        payments.pay(order, "approve", by=world.access("orderer"))


@pytest.mark.parametrize("name", ["co.uk", "github.io", "ns1.kestrel.example", "kestrel.example"])
def test_endings_and_our_own_names_are_nobodys(world: World, name: str) -> None:
    with pytest.raises(Refused, match=r"ending|belongs to us"):
        placed(world, name, kinds=("hosting",))


def test_names_are_not_held_without_end(world: World) -> None:
    for number in range(orders.MOST_OPEN):
        placed(world, f"n{number}.ch", kinds=("domains",))
    with pytest.raises(Refused, match="wait for payment"):
        placed(world, "one-more.ch", kinds=("domains",))


def test_a_refused_payment_is_in_the_log(world: World) -> None:
    order = placed(world)
    with pytest.raises(Refused):
        payments.pay(order, "decline", by=world.access("owner"))
    event = Event.objects.get(verb="order.refuse")
    assert (event.actor, event.actor_email) == (world.users["owner"], "owner@example.com")


def test_cancelling_while_it_is_set_up_is_credited_and_nobody_is_told_it_is_ready(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = placed(world, kinds=("hosting",))
    payments.pay(order, "approve", by=world.access("owner"))
    product = order.lines.get().product
    (job,) = Job.objects.open()
    tenancy.leave()
    taken = jobs.claim(job.pk)
    assert taken
    products.cancel(product, by=world.access("owner"))
    with tenancy.scope(world.acme.pk):
        jobs.succeed(taken, jobs.drive(taken, Product.objects.get(pk=product.pk)))
    world.access("owner")
    deliver(world)
    assert Entry.objects.credit(world.acme) == {"CHF": order.total}
    assert not Mail.objects.filter(key__startswith="order-ready").exists()


def test_cancelling_what_waits_for_its_provider_does_not_wait_for_it(world: World) -> None:
    order = placed(world, "busy-one.ch", kinds=("hosting",))
    payments.pay(order, "approve", by=world.access("owner"))
    product = order.lines.get().product
    (job,) = Job.objects.open()
    tenancy.leave()
    taken = jobs.claim(job.pk)
    assert taken
    products.cancel(product, by=world.access("owner"))  # during the try
    with tenancy.scope(world.acme.pk):
        jobs.wait(taken, "The provider is busy.", "", None)
    world.access("owner")
    deliver(world)
    product.refresh_from_db()
    assert product.state == State.CANCELLED
    assert Entry.objects.credit(world.acme) == {"CHF": order.total}


def test_what_cannot_even_be_taken_down_is_credited(world: World) -> None:
    order = placed(world, kinds=("hosting",))
    payments.pay(order, "approve", by=world.access("owner"))
    product = order.lines.get().product
    products.cancel(product, by=world.access("owner"))
    (job,) = Job.objects.open()
    tenancy.leave()
    taken = jobs.claim(job.pk)
    assert taken
    with tenancy.scope(world.acme.pk):
        jobs.fail(taken, "No.", "")
    tasks.sweep_deliveries()
    world.access("owner")
    assert Entry.objects.credit(world.acme) == {"CHF": order.total}
