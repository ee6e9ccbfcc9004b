"""The same form sent twice at the same moment: one order, one organization, one job, one charge."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from billing.actions import cart as carts
from billing.actions import order as orders
from billing.actions import payment as payments
from billing.actions.ledger import book
from billing.carts import SESSION_KEY
from billing.gateways.test import TestGateway
from billing.models import Cart, Entry, Invoice, Order
from billing.models.ledger import Account
from manager.web.refused import Refused
from organizations import tenancy
from organizations.models import Membership, Organization
from products.models import Job, Product
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = {"street": "Weg 1", "postcode": "8000", "city": "Zürich", "country": "CH"}


@pytest.fixture
def world() -> World:
    return people.make()


def at_once(times: int, call: Callable[[int], Any]) -> list[Any]:
    """The call, from that many threads at the same moment, each with a connection of its own."""
    barrier = Barrier(times)

    def one(number: int) -> Any:
        try:
            barrier.wait(10)
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def twin(client: Client) -> Client:
    """The same browser's second tab."""
    other = Client()
    other.cookies = client.cookies
    return other


def with_cart(world: World, person: str, *kinds: str) -> tuple[Client, Cart]:
    client, cart = world.client(person), Cart.objects.create()
    for kind in kinds:
        carts.add(cart, plan=world.plans[kind], name="double.ch", options={})
    session = client.session
    session[SESSION_KEY] = str(cart.pk)
    session.save()
    return client, cart


def test_checkout(world: World) -> None:
    client, _cart = with_cart(world, "nobody", "domains", "hosting")
    data = {"organization": "", "form": "person", "terms": "on"} | ADDRESS
    answers = at_once(4, lambda number: twin(client).post("/checkout/", data))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1
    with tenancy.every_organization():
        assert Order.objects.count() == 1
        assert Organization.objects.filter(name="Nobody Tester").count() == 1
        assert Membership.objects.filter(user=world.users["nobody"]).count() == 1
        assert Product.objects.filter(name="double.ch").count() == 2


def test_a_new_organization(world: World) -> None:
    client = world.client("nobody")
    data = {"key": "6f0b2c53-8bb4-4c2e-9d47-6f1c3f6a0c11", "form": "company", "name": "Twice AG"} | ADDRESS
    answers = at_once(4, lambda number: twin(client).post("/organizations/new/", data))
    assert {answer.status_code for answer in answers} == {303}
    assert Organization.objects.filter(name="Twice AG").count() == 1


def test_two_organizations_of_one_name_at_once(world: World) -> None:
    keys = [f"6f0b2c53-8bb4-4c2e-9d47-6f1c3f6a0c{number:02}" for number in range(4)]
    client = world.client("nobody")
    data = {"form": "company", "name": "Same AG"} | ADDRESS
    answers = at_once(4, lambda number: twin(client).post("/organizations/new/", data | {"key": keys[number]}))
    assert {answer.status_code for answer in answers} == {303}
    slugs = set(Organization.objects.filter(name="Same AG").values_list("slug", flat=True))
    assert slugs == {"same-ag", "same-ag-2", "same-ag-3", "same-ag-4"}


def test_paying(world: World) -> None:
    _client, cart = with_cart(world, "owner", "domains")
    order = orders.place(cart, world.acme, by=world.access("owner"))
    tenancy.leave()
    client = world.client("owner")
    address = f"/o/acme/orders/{order.pk}/pay/"
    answers = at_once(4, lambda number: twin(client).post(address, {"method": "approve"}))
    assert {answer.status_code for answer in answers} == {303}
    assert len(TestGateway().captured()) == 1
    with tenancy.every_organization():
        assert Job.objects.count() == 1
        assert Invoice.objects.count() == 1
        assert Entry.objects.filter(account=Account.CASH).count() == 1


def test_spending_credit(world: World) -> None:
    """Two orders, credit for one."""
    made = []
    for name in ("a.ch", "b.ch"):
        cart = Cart.objects.create()
        carts.add(cart, plan=world.plans["domains"], name=name, options={})
        made.append(orders.place(cart, world.acme, by=world.access("owner")))
    book(world.acme, "gift", "gift", "CHF", {Account.CREDIT: -1081, Account.CASH: 1081})
    tenancy.leave()

    def spend(number: int) -> bool:
        access = world.access("owner")
        try:
            payments.pay(made[number], "credit", by=access)
        except Refused:
            return False
        return True

    assert sorted(at_once(2, spend)) == [False, True]
    with tenancy.scope(world.acme.pk):
        assert Entry.objects.credit(world.acme) == {"CHF": 0}


def test_one_name_for_two_organizations(world: World) -> None:
    people_and_organizations = (("owner", world.acme), ("outsider", world.other))

    def place(number: int) -> bool:
        person, organization = people_and_organizations[number]
        tenancy.enter(user=world.users[person].pk, organizations=frozenset({organization.pk}))
        member = Membership.objects.get(organization=organization, user=world.users[person])
        from organizations.access import Access

        cart = Cart.objects.create()
        carts.add(cart, plan=world.plans["domains"], name="race.ch", options={})
        try:
            orders.place(cart, organization, by=Access(world.users[person], organization, member))
        except Refused:
            return False
        return True

    assert sorted(at_once(2, place)) == [False, True]
    with tenancy.every_organization():
        assert Product.objects.filter(name="race.ch").count() == 1


@pytest.mark.parametrize("verb", ["suspend", "cancel", "observe"])
def test_a_verb_on_a_product(world: World, verb: str) -> None:
    client = world.client("owner")
    address = f"/o/acme/hosting/{world.products['hosting'].pk}/{verb}/"
    answers = at_once(4, lambda number: twin(client).post(address))
    assert {answer.status_code for answer in answers} == {303}
    with tenancy.every_organization():
        assert Job.objects.filter(verb=verb).count() == 1


def test_numbers_under_load(world: World) -> None:
    """Every invoice has its own number, and none is missing."""
    made = []
    for number in range(8):
        cart = Cart.objects.create()
        carts.add(cart, plan=world.plans["domains"], name=f"n{number}.ch", options={})
        made.append(orders.place(cart, world.acme, by=world.access("owner")))
    tenancy.leave()
    at_once(8, lambda number: payments.pay(made[number], "approve", by=world.access("owner")))
    with tenancy.every_organization():
        numbers = sorted(int(text.split("-")[1]) for text in Invoice.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 9))


def test_credit_and_card_at_once(world: World) -> None:
    """Two orders of one organization, one paid by credit and one by card: neither stops the other."""
    for turn in range(4):
        made = []
        for name in (f"credit{turn}.ch", f"card{turn}.ch"):
            cart = Cart.objects.create()
            carts.add(cart, plan=world.plans["domains"], name=name, options={})
            made.append(orders.place(cart, world.acme, by=world.access("owner")))
        book(world.acme, f"gift{turn}", "gift", "CHF", {Account.CREDIT: -1081, Account.CASH: 1081})
        tenancy.leave()

        def pay(number: int, made: list[Order] = made) -> str:
            return payments.pay(made[number], ("credit", "approve")[number], by=world.access("owner")).state

        assert at_once(2, pay) == ["captured", "captured"]
