"""An order that nobody paid: those who can pay it hear of it once, before it is over."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Mail
from billing import tasks
from billing.actions import order as orders
from billing.actions import payment as payments
from billing.models import Order
from manager.schedule import SCHEDULE
from organizations import tenancy
from organizations.models import Membership
from tests.billing.test_mails import ordered
from tests.people import World

pytestmark = pytest.mark.django_db

DUE = timedelta(days=5, hours=1)


def old(world: World, age: timedelta = DUE, person: str = "owner", name: str = "told.ch") -> Order:
    order = ordered(world, person, name=name)
    Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - age)
    order.refresh_from_db()
    return order


def remind(world: World) -> set[str]:
    """Who was told, after a sweep."""
    tenancy.leave()
    tasks.remind_orders()
    world.access("owner")
    return {mail.to.split("@")[0] for mail in Mail.objects.filter(key__contains=":reminder:")}


def wants(world: World, *people: str) -> None:
    world.access("owner")
    Membership.objects.filter(user__in=[world.users[name] for name in people]).update(wants_billing_mail=True)


def test_who_ordered_and_who_wants_it_hears_once(world: World) -> None:
    wants(world, "administrator", "biller", "orderer", "viewer", "suspended")
    order = old(world)
    assert remind(world) == {"owner", "administrator", "biller"}
    wants(world, "owner")
    assert remind(world) == {"owner", "administrator", "biller"}
    keys = set(Mail.objects.values_list("key", flat=True))
    assert keys == {
        f"order:{order.pk}:reminder:{world.users[name].pk}" for name in ("owner", "administrator", "biller")
    }


def test_it_says_what_how_much_and_until_when(world: World) -> None:
    order = old(world)
    remind(world)
    mail = Mail.objects.get()
    assert f"Order {order.pk} of Acme is not paid yet" in mail.subject
    for part in (
        "Hello Owner",
        "Domain told.ch (Basic)",
        "Hosting told.ch (Basic)",
        "CHF 21.62 with VAT",
        f"{settings.BASE_URL}/o/acme/orders/{order.pk}/",
        "held until",
    ):
        assert part in mail.text.replace("\xa0", " "), part
    assert "&" not in mail.text


@pytest.mark.parametrize(
    ("lifetime", "age", "due"),
    [
        (timedelta(days=7), timedelta(days=4, hours=23), False),
        (timedelta(days=7), timedelta(days=5, minutes=1), True),
        (timedelta(days=7), timedelta(days=7, minutes=1), False),
        (timedelta(days=3), timedelta(hours=23), False),
        (timedelta(days=3), timedelta(hours=25), True),
        (timedelta(days=2), timedelta(hours=23), False),
        (timedelta(days=2), timedelta(hours=25), True),
    ],
)
def test_it_comes_two_days_before_the_end_or_halfway(
    world: World, settings: Any, lifetime: timedelta, age: timedelta, due: bool
) -> None:
    settings.ORDER_LIFETIME = lifetime
    old(world, age)
    assert bool(remind(world)) == due


def test_nobody_is_reminded_of_what_is_paid_or_over(world: World) -> None:
    paid, cancelled, waiting = (old(world, name=f"{name}.ch") for name in ("paid", "cancelled", "waiting"))
    access = world.access("owner")
    payments.pay(paid, "approve", by=access)
    orders.cancel(cancelled, by=access)
    payments.pay(waiting, "lose", by=access)
    assert remind(world) == set()
    # Also where the sweep saw it a moment before.
    for order in (paid, cancelled, waiting):
        orders.remind(order)
    assert not Mail.objects.filter(key__contains=":reminder:").exists()


def test_when_the_payment_on_its_way_is_refused_it_is_reminded_of(world: World) -> None:
    order = old(world)
    payments.pay(order, "lose", by=world.access("owner"))
    assert remind(world) == set()
    order.payments.update(state="refused")
    assert remind(world) == {"owner"}


@pytest.mark.parametrize(
    "change",
    [{"suspended_at": timezone.now()}, {"may_order": False}, {"role": "external"}],
    ids=["suspended", "without the right", "external"],
)
def test_who_ordered_and_cannot_open_it_any_more_is_not_told(world: World, change: dict[str, Any]) -> None:
    wants(world, "biller")
    old(world, person="orderer")
    world.access("owner")
    Membership.objects.filter(user=world.users["orderer"]).update(**change)
    assert remind(world) == {"biller"}


def test_one_that_breaks_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = old(world, name="first.ch"), old(world, name="second.ch")
    real = orders.remind

    def broken(order: Order) -> None:
        if order.pk == first.pk:
            raise RuntimeError
        real(order)

    monkeypatch.setattr(orders, "remind", broken)
    remind(world)
    assert Mail.objects.get().key.startswith(f"order:{second.pk}:")
    monkeypatch.undo()
    remind(world)
    assert Mail.objects.count() == 2


def test_it_is_swept_every_hour() -> None:
    entries = {entry["task"]: entry["schedule"] for entry in SCHEDULE.values()}
    assert entries["billing.tasks.remind_orders"].run_every <= timedelta(hours=1)
