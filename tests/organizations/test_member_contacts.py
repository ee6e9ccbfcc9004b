"""Who is told what by mail: who wants it, and may know it."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from billing.actions import cart as carts
from billing.actions import order as orders
from billing.actions.delivery import tell
from billing.models import Cart, Order
from organizations import tenancy
from organizations.contacts import subscribers
from organizations.models import Membership
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db


def everybody_wants(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        rows = Membership.objects.filter(organization=world.acme, user__in=[world.users[name] for name in MEMBERS])
        rows.update(wants_billing_mail=True, wants_product_mail=True)


def told(world: World, topic: str) -> set[str]:
    with tenancy.scope(world.acme.pk):
        return {user.email.split("@")[0] for user in subscribers(world.acme, topic)}


def test_nobody_is_told_what_they_do_not_want(world: World) -> None:
    assert told(world, "billing") == told(world, "products") == set()


def test_nobody_is_told_what_they_may_not_see(world: World) -> None:
    everybody_wants(world)
    assert told(world, "billing") == {"owner", "administrator", "biller"}
    assert told(world, "products") == {"owner", "administrator"}


def test_nobody_of_another_organization_is_told(world: World) -> None:
    everybody_wants(world)
    with tenancy.scope(world.other.pk):
        Membership.objects.filter(organization=world.other).update(wants_billing_mail=True)
    with tenancy.scope(world.acme.pk, world.other.pk):
        assert {user.email for user in subscribers(world.other, "billing")} == {"outsider@example.com"}


def test_who_may_not_sign_in_is_not_told(world: World) -> None:
    everybody_wants(world)
    world.users["biller"].is_active = False
    world.users["biller"].save()
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["administrator"]).update(suspended_at=timezone.now())
    assert told(world, "billing") == {"owner"}


def ordered(world: World, person: str) -> Order:
    cart = Cart.objects.create()
    carts.add(cart, plan=world.plans["domains"], name="told.ch", options={})
    return orders.place(cart, world.acme, by=world.access(person))


@pytest.mark.parametrize(
    ("template", "topic", "who"),
    [
        ("refund", "billing", {"orderer", "owner", "administrator", "biller"}),
        ("ready", "products", {"orderer", "owner", "administrator"}),
    ],
)
def test_whoever_ordered_and_whoever_wants_it_gets_one_mail_each(
    world: World, template: str, topic: str, who: set[str]
) -> None:
    everybody_wants(world)
    order = ordered(world, "orderer")
    line: Any = order.lines.select_related("plan", "product").get()
    for _again in range(2):
        tell(order, "key", template, topic, line=line, lines=[line])
    mails = list(Mail.objects.filter(key__startswith="key"))
    assert {mail.to.split("@")[0] for mail in mails} == who
    assert len(mails) == len(who)
    assert all(f"Hello {mail.to.split('@')[0].title()}" in mail.text for mail in mails)


def test_who_ordered_is_told_once_also_when_they_want_it(world: World) -> None:
    everybody_wants(world)
    order = ordered(world, "owner")
    tell(order, "key", "ready", "products", lines=[])
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["administrator@example.com", "owner@example.com"]


def test_who_ordered_and_left_is_told_what_became_of_it(world: World) -> None:
    order = ordered(world, "orderer")
    Membership.objects.filter(user=world.users["orderer"]).delete()
    tell(order, "key", "ready", "products", lines=[])
    assert Mail.objects.get().to == "orderer@example.com"
