from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.actions import cart as carts
from billing.actions import order as orders
from billing.models import Cart
from organizations import tenancy
from organizations.models import Membership
from products.models import Product, ProductUserGrant
from products.models.product import State
from products.permissions import ids
from tests import people
from tests.budgets import BUDGETS
from tests.people import World

pytestmark = pytest.mark.django_db


def furnish(world: World, products: int, grants: int) -> None:
    """That many more hostings in Acme, and that many of them granted to the collaborator."""
    with tenancy.scope(world.acme.pk):
        rows = Product.objects.bulk_create(
            Product(
                organization=world.acme,
                kind_slug="hosting",
                plan=world.plans["hosting"],
                name=f"site{number}.example.ch",
                state=State.ACTIVE,
            )
            for number in range(products)
        )
        view = ids(Product)["view"]
        ProductUserGrant.objects.bulk_create(
            ProductUserGrant(user=world.users["collaborator"], content_object=row, permission_id=view)
            for row in rows[:grants]
        )


def queries(world: World, person: str, address: str) -> int:
    client = world.client(person)
    client.get(address)  # what is cached for ever is cached
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


@pytest.mark.parametrize("person", ["owner", "collaborator"])
def test_pages_ask_the_same_however_much_there_is(world: World, person: str) -> None:
    addresses = [a for a in BUDGETS if person == "owner" or not any(p in a for p in ("members", "orders"))]
    furnish(world, 10, 1)
    few = {address: queries(world, person, address) for address in addresses}
    furnish_more(world)
    many = {address: queries(world, person, address) for address in addresses}
    assert few == many
    over = {address: number for address, number in many.items() if number > BUDGETS[address]}
    assert not over, f"over budget: {over}"


def furnish_more(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(name__startswith="site").delete()
    furnish(world, 10_000, 300)


def test_home_keeps_to_its_budget_when_one_has_just_come_from_another_organization(world: World) -> None:
    """With an unpaid order and a full log, which is when it asks most."""
    access = world.access("owner")
    cart = Cart.objects.create()
    carts.add(cart, plan=world.plans["domains"], name="new.ch", options={})
    orders.place(cart, world.acme, by=access)
    with tenancy.scope(world.other.pk):
        Membership.objects.create(
            organization=world.other, user=world.users["owner"], last_used_at=timezone.now() + timedelta(days=1)
        )
    tenancy.leave()
    client = world.client("owner")
    client.get("/o/other/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/o/acme/")
    assert any(
        "last_used_at" in query["sql"] and query["sql"].startswith("UPDATE") for query in captured.captured_queries
    )
    assert len(captured) <= BUDGETS["/o/acme/"]


def test_members_and_organizations_do_not_add_queries(world: World) -> None:
    before = {
        address: queries(world, "owner", address) for address in ("/o/acme/", "/o/acme/members/", "/organizations/")
    }
    for number in range(12):
        user = people.user(f"more{number}")
        with tenancy.scope(world.acme.pk):
            Membership.objects.create(organization=world.acme, user=user)
    assert {address: queries(world, "owner", address) for address in before} == before


def test_the_plan_uses_an_index(world: World) -> None:
    """A list of fifty among ten thousand is read through the organization's index, not by reading the table."""
    furnish(world, 10_000, 0)
    access = world.access("owner")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE products_product")
    rows = Product.objects.visible_to(access).filter(kind_slug="hosting").order_by("name", "pk")[:50]
    assert "Seq Scan on products_product" not in rows.explain()
