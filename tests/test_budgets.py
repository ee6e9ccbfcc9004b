from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from billing.actions import cart as carts
from billing.actions import order as orders
from billing.models import Cart, Order
from organizations import tenancy
from organizations.events import record_each
from organizations.models import Invitation, Membership, Team
from products.models import AccessRequest, ApiToken, Product, ProductGroupGrant, ProductUserGrant
from products.models.product import State
from products.permissions import ids
from tests import people
from tests.budgets import BUDGETS, OPEN
from tests.people import World

pytestmark = pytest.mark.django_db


def furnish(world: World, products: int, grants: int, others: int) -> None:
    """That many more hostings in Acme, and that many of them granted to the collaborator: half of them directly, half
    through a team each. And as many `others`: members, events, unpaid orders, and open requests.
    """
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
        half = -(-grants // 2)
        ProductUserGrant.objects.bulk_create(
            ProductUserGrant(user=world.users["collaborator"], content_object=row, permission_id=view)
            for row in rows[:half]
        )
        for number, row in enumerate(rows[half:grants]):
            group = Group.objects.create(name=f"acme-{number}")
            Team.objects.create(organization=world.acme, name=f"Team {number}", group=group)
            group.user_set.add(world.users["collaborator"])
            ProductGroupGrant.objects.create(group=group, content_object=row, permission_id=view)
        crowd(world, rows, others)


def crowd(world: World, rows: list[Product], others: int) -> None:
    acme = world.acme
    users = User.objects.bulk_create(people.unsaved(f"crowd{number}") for number in range(others))
    Membership.objects.bulk_create(Membership(organization=acme, user=user) for user in users)
    Invitation.objects.bulk_create(
        Invitation(organization=acme, email=f"guest{number}@example.com", invited_by=world.users["owner"])
        for number in range(others)
    )
    AccessRequest.objects.bulk_create(AccessRequest(organization=acme, user=user, right="billing") for user in users)
    record_each(
        "product.suspend", ((rows[number % len(rows)], {}) for number in range(others)), by=None, organization=acme
    )
    Order.objects.bulk_create(
        Order(organization=acme, key=uuid4(), currency="CHF", net=0, tax=0, total=0) for _number in range(others)
    )
    ApiToken.objects.bulk_create(
        ApiToken(organization=acme, user=user, name="t", prefix="prt_", digest=uuid4().hex, all_products=True)
        for user in (*users, *[world.users["collaborator"]] * min(others, 15))
    )


def address_of(world: World, template: str) -> str:
    with tenancy.scope(world.acme.pk):
        member = Membership.objects.get(organization=world.acme, user=world.users["collaborator"])
    return template.format(member=member.pk, hosting=world.products["hosting"].pk)


def queries(world: World, person: str, address: str) -> int:
    client = world.client(person)
    client.get(address)  # what is cached for ever is cached
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


@pytest.mark.parametrize("person", ["owner", "collaborator"])
def test_pages_ask_the_same_however_much_there_is(world: World, person: str) -> None:
    templates = BUDGETS if person == "owner" else OPEN
    addresses = {template: address_of(world, template) for template in templates}
    furnish(world, 10, 2, 3)
    few = {template: queries(world, person, address) for template, address in addresses.items()}
    furnish_more(world)
    many = {template: queries(world, person, address) for template, address in addresses.items()}
    assert few == many
    over = {template: number for template, number in many.items() if number > BUDGETS[template]}
    assert not over, f"over budget: {over}"


def furnish_more(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(name__startswith="site").delete()
        Team.objects.exclude(pk=world.team.pk).delete()
        Group.objects.filter(name__startswith="acme-").exclude(pk=world.team.group_id).delete()
        User.objects.filter(email__startswith="crowd").delete()
        Invitation.objects.filter(email__startswith="guest").delete()
        Order.objects.all().delete()
    furnish(world, 10_000, 300, 300)


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
    furnish(world, 10_000, 0, 0)
    access = world.access("owner")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE products_product")
    rows = Product.objects.visible_to(access).filter(kind_slug="hosting").order_by("name", "pk")[:50]
    assert "Seq Scan on products_product" not in rows.explain()
