"""Deleting an organization: the checklist, who may, what ends, what stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.html import escape

from billing.actions import cart as carts
from billing.actions import order as orders
from billing.actions.ledger import book
from billing.models import Cart, Invoice, Order
from billing.models.ledger import Account
from manager.web.refused import Refused
from organizations import obstacles, tenancy
from organizations.access import Denied
from organizations.actions import organization as actions
from organizations.models import Event, Invitation, Membership, Organization, OrganizationUserGrant
from products.models import ApiToken, Product, Transfer
from products.permissions import ids
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db

ADDRESS = "/o/acme/delete/"


@pytest.fixture
def empty(world: World) -> World:
    """Nothing is left of Acme but its legal representative."""
    with tenancy.scope(world.acme.pk):
        Product.objects.update(state="cancelled")
        Membership.objects.exclude(user=world.users["owner"]).delete()
    return world


def standing(world: World) -> list[str]:
    world.access("owner")
    return [str(each.found) for each in obstacles.checklist(world.acme) if each.stands]


def delete(world: World, person: str = "owner", name: str = "Acme") -> Any:
    return world.client(person).post(ADDRESS, {"name": name})


def is_deleted(world: World) -> bool:
    world.acme.refresh_from_db()
    return world.acme.deleted_at is not None


def test_it_is_deleted(empty: World) -> None:
    answer = delete(empty)
    assert (answer.status_code, answer["Location"]) == (303, "/organizations/")
    assert is_deleted(empty)
    page = empty.client("owner").get("/organizations/").content.decode()
    assert "You belong to no organization yet" in page
    with tenancy.scope(empty.acme.pk):
        event = Event.objects.get(organization=empty.acme, verb="organization.delete")
        assert event.actor == empty.users["owner"]
        assert not Membership.objects.exists()


@pytest.mark.parametrize("address", ["/o/acme/", "/o/acme/settings/", "/o/acme/activity/", ADDRESS, "/o/acme/hosting/"])
def test_nobody_enters_any_more(empty: World, address: str) -> None:
    client = empty.client("owner")
    assert client.get(address).status_code == 200
    client.post(ADDRESS, {"name": "Acme"})
    assert client.get(address).status_code == 404
    assert client.get("/hosting/")["Location"] == "/organizations/"


def test_even_with_a_membership_nobody_enters(empty: World) -> None:
    delete(empty)
    with tenancy.scope(empty.acme.pk):
        Membership.objects.create(organization=empty.acme, user=empty.users["owner"], role="legal_representative")
    assert empty.client("owner").get("/o/acme/").status_code == 404


def test_its_address_stays_taken_and_its_log_and_invoices_stay(empty: World) -> None:
    access = empty.access("owner")
    order = Order.objects.create(
        organization=empty.acme,
        key="0b0ef0f4-5d4e-4a8f-9a63-a2a4f0b5f6ad",
        state="paid",
        settled_at=timezone.now(),
        currency="CHF",
        net=1000,
        tax=81,
        total=1081,
    )
    invoice = Invoice.objects.create(
        organization=empty.acme, number="2026-1", order=order, currency="CHF", net=1000, tax=81, total=1081, document={}
    )
    actions.edit(by=access, name="Acme AG")
    assert delete(empty, name="Acme AG").status_code == 303
    with tenancy.scope(empty.acme.pk):
        assert Invoice.objects.get(pk=invoice.pk).organization_id == empty.acme.pk
        assert Event.objects.filter(organization=empty.acme, verb="organization.edit").exists()
    assert actions.free_slug("Acme") == "acme-2"


def test_invitations_end_and_what_was_made_for_people_too(empty: World) -> None:
    with tenancy.scope(empty.acme.pk):
        OrganizationUserGrant.objects.create(
            user=empty.users["owner"], content_object=empty.acme, permission_id=ids(Organization)["hosting.view"]
        )
        assert Invitation.objects.standing().count() == 1
    delete(empty)
    with tenancy.scope(empty.acme.pk):
        assert not Invitation.objects.standing().exists()
        assert not ApiToken.objects.valid().exists()
        assert not OrganizationUserGrant.objects.exists()


def transfer(world: World, **fields: Any) -> None:
    Transfer.objects.create(organization=world.acme, **fields)


def incoming(world: World, **fields: Any) -> None:
    with tenancy.scope(world.other.pk):
        Transfer.objects.create(organization=world.other, target=world.acme, **fields)


def order(world: World, **fields: Any) -> None:
    values = {"organization": world.acme, "key": "0b0ef0f4-5d4e-4a8f-9a63-a2a4f0b5f6ad", "currency": "CHF"}
    Order.objects.create(**values | {"net": 0, "tax": 0, "total": 0} | fields)


def credit(world: World) -> None:
    book(world.acme, "gift", "A gift", "CHF", {Account.REVENUE: 500, Account.CREDIT: -500})


def product(world: World, state: str) -> None:
    people.product(world.acme, world.plans["domains"], "left.ch", state)  # type: ignore[arg-type]


def member(world: World, **fields: Any) -> None:
    Membership.objects.create(organization=world.acme, user=world.users["nobody"], **fields)


LAST_WEEK = timezone.now() - timedelta(days=7)
OBSTACLES: dict[str, tuple[Callable[[World], None], str, str]] = {
    "a product": (lambda world: product(world, "active"), "1 product is left", "/everywhere/?organization=acme"),
    "a suspended product": (lambda world: product(world, "suspended"), "1 product is left", "/everywhere/"),
    "a failed product": (lambda world: product(world, "failed"), "1 product is left", "/everywhere/"),
    "a member": (member, "1 other user has access", "/o/acme/members/"),
    "a suspended member": (
        lambda world: member(world, suspended_at=LAST_WEEK),
        "1 other user has access",
        "/o/acme/members/",
    ),
    "an open order": (order, "1 order is to be paid", "/o/acme/orders/"),
    "an order in delivery": (lambda world: order(world, state="paid"), "1 order is to be paid, or being", "/o/acme/"),
    "credit": (credit, "CHF\xa05.00 of credit are left", "/order/?organization=acme"),
    "an open transfer": (transfer, "1 transfer is open", ""),
    "an incoming transfer": (incoming, "1 transfer is open", ""),
    "a transfer that can be undone": (
        lambda world: transfer(world, state="accepted", accepted_at=timezone.now() - timedelta(hours=70, minutes=30)),
        "A transfer can still be undone, for 2 hours",
        "",
    ),
}


@pytest.mark.parametrize("what", OBSTACLES)
def test_what_is_left_stands_in_the_way_and_the_list_leads_to_it(empty: World, what: str) -> None:
    make, said, link = OBSTACLES[what]
    assert standing(empty) == []
    with tenancy.scope(empty.acme.pk):
        make(empty)
    (found,) = standing(empty)
    assert found.startswith(said)
    client = empty.client("owner")
    page = client.get(ADDRESS).content.decode()
    assert escape(found) in page
    assert f'href="{link}' in page
    assert "1 thing is left to do" in page
    assert 'type="submit">Delete' not in page
    answer = client.post(ADDRESS, {"name": "Acme"})
    assert answer.status_code == 422
    assert "Acme cannot be deleted yet" in answer.content.decode()
    assert not is_deleted(empty)
    with tenancy.scope(empty.acme.pk):
        assert Invitation.objects.standing().exists()
        assert Membership.objects.filter(user=empty.users["owner"]).exists()
        assert not Event.objects.filter(verb="organization.delete").exists()


def test_what_is_over_does_not_stand_in_the_way(empty: World) -> None:
    with tenancy.scope(empty.acme.pk):
        order(empty, state="cancelled")
        transfer(empty, state="declined")
        transfer(empty, expires_at=LAST_WEEK)
        transfer(empty, state="accepted", accepted_at=LAST_WEEK)
    assert standing(empty) == []
    assert delete(empty).status_code == 303


def test_the_list_shows_what_is_done_too(empty: World) -> None:
    page = empty.client("owner").get(ADDRESS).content.decode()
    lines = ["No other users", "No products", "No open transfers", "Nothing to pay, and no open orders", "No credit"]
    assert all(line in page for line in lines)
    assert page.count(">Fine<") == len(lines)
    assert "Nothing is in the way" in page


def test_what_others_have_does_not_stand_in_the_way(empty: World) -> None:
    with tenancy.scope(empty.other.pk):
        Order.objects.create(
            organization=empty.other,
            key="0b0ef0f4-5d4e-4a8f-9a63-a2a4f0b5f6ad",
            currency="CHF",
            net=0,
            tax=0,
            total=0,
        )
        member(World(empty.other, empty.other, empty.users, {}))
    assert delete(empty).status_code == 303
    empty.other.refresh_from_db()
    assert empty.other.deleted_at is None
    assert empty.client("outsider").get("/o/other/").status_code == 200


@pytest.mark.parametrize("name", ["", "acme", "Other", "Acme!"])
def test_the_name_is_typed(empty: World, name: str) -> None:
    answer = delete(empty, name=name)
    assert answer.status_code == 422
    assert not name or f'value="{name}"' in answer.content.decode()
    assert not is_deleted(empty)


@pytest.mark.parametrize("name", [" Acme ", "Acme"])
def test_spaces_around_the_name_do_not_matter(empty: World, name: str) -> None:
    assert delete(empty, name=name).status_code == 303


@pytest.mark.parametrize(("person", "status"), [("administrator", 403), ("external", 403), ("outsider", 404)])
def test_only_a_legal_representative_may(empty: World, person: str, status: int) -> None:
    roles = {"administrator": "administrator", "external": "external"}
    if person in roles:
        with tenancy.scope(empty.acme.pk):
            Membership.objects.create(organization=empty.acme, user=empty.users[person], role=roles[person])
    client = empty.client(person)
    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, {"name": "Acme"}).status_code == status
    assert not is_deleted(empty)


def test_whoever_signed_in_long_ago_proves_once_more_who_they_are(empty: World) -> None:
    client = empty.client("anonymous")
    people.sign_in(client, empty.users["owner"], seconds_ago=3600)
    answer = client.post(ADDRESS, {"name": "Acme"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not is_deleted(empty)
    answer = client.post(answer["Location"], {"password": "secret-of-owner"}, follow=True)
    assert is_deleted(empty)
    assert answer.redirect_chain[-1][0] == "/organizations/"


def test_the_rights_are_those_of_now(empty: World) -> None:
    access = empty.access("owner")
    Membership.objects.filter(pk=access.membership.pk).update(role="administrator")
    with pytest.raises(Denied):
        actions.delete(empty.acme, by=access)
    Membership.objects.filter(pk=access.membership.pk).delete()
    with pytest.raises(Refused, match="You no longer belong to Acme"):
        actions.delete(empty.acme, by=access)
    assert not is_deleted(empty)


def test_a_second_time_changes_nothing(empty: World) -> None:
    access = empty.access("owner")
    for _time in range(2):
        actions.delete(empty.acme, by=access)
    assert Event.objects.filter(organization=empty.acme, verb="organization.delete").count() == 1


def test_an_order_placed_meanwhile_is_seen(empty: World) -> None:
    """The action looks anew, whatever the page showed."""
    access = empty.access("owner")
    cart = Cart.objects.create()
    carts.add(cart, plan=empty.plans["domains"], name="new.ch", options={})
    orders.place(cart, empty.acme, by=access)
    with pytest.raises(Refused, match="1 product is left"):
        actions.delete(empty.acme, by=access)


@pytest.mark.django_db(transaction=True)
def test_nothing_new_refers_to_it_while_it_is_deleted(empty: World) -> None:
    """Whoever joins at the same moment waits, and finds it deleted; or it is not deleted."""
    import threading

    from django.db import connections

    access, began, result = empty.access("owner"), threading.Event(), []

    def join() -> None:
        try:
            with tenancy.scope(empty.acme.pk):
                began.set()
                Membership.objects.create(organization=empty.acme, user=empty.users["nobody"])
                result.append("joined")
        finally:
            connections.close_all()

    original = obstacles.checklist
    thread = threading.Thread(target=join)

    def checklist(organization: Organization) -> list[obstacles.Obstacle]:
        thread.start()
        began.wait(5)
        # The other one waits for the row: nothing of it is here, and nothing will be until the end.
        thread.join(0.5)
        assert not result
        return original(organization)

    obstacles.checklist = checklist  # type: ignore[assignment]
    try:
        actions.delete(empty.acme, by=access)
    finally:
        obstacles.checklist = original
        thread.join(10)
    assert is_deleted(empty)
    assert empty.client("nobody").get("/o/acme/").status_code == 404


def test_the_checklist_asks_the_same_however_much_there_is(empty: World) -> None:
    from django.test.utils import CaptureQueriesContext

    def number() -> int:
        client = empty.client("owner")
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    few = number()
    with tenancy.scope(empty.acme.pk):
        for index in range(12):
            people.product(empty.acme, empty.plans["domains"], f"left{index}.ch")
            Membership.objects.create(organization=empty.acme, user=people.user(f"more{index}"))
    assert number() == few


def test_an_administrator_reads_who_can_delete_it_and_is_not_named(world: World) -> None:
    text = world.client("administrator").get(ADDRESS).text
    named = text[text.index("This is not open to you") :]
    assert f"{world.users['owner']} can give it to you." in named
    assert str(world.users["administrator"]) not in named
