"""Creating and editing an organization: kind, name, address, phone, VAT number."""

import re
from typing import Any

import pytest
from django.test import Client

from billing.actions import cart as carts
from billing.actions import order as orders
from billing.models import Cart
from organizations.models import Event, Membership, Organization
from tests.people import World

pytestmark = pytest.mark.django_db

ADDRESS = "/o/acme/settings/"
GOOD = {
    "form": "company",
    "name": "Acme AG",
    "street": "Seestrasse 12",
    "postcode": "8002",
    "city": "Zürich",
    "country": "CH",
    "phone": "+41 44 123 45 67",
    "vat_number": "CHE-107.787.577 MWST",
}


def post(client: Client, address: str = ADDRESS, **changes: Any) -> Any:
    return client.post(address, GOOD | changes)


def test_what_was_typed_is_kept_and_shown(world: World) -> None:
    client = world.client("owner")
    assert post(client, phone="  +41  44 123 45 67 ").status_code == 303
    world.acme.refresh_from_db()
    assert {name: getattr(world.acme, name) for name in GOOD} == GOOD | {"vat_number": "CHE107787577MWST"}
    shown = client.get(ADDRESS).content.decode()
    assert 'value="CHE-107.787.577 MWST"' in shown
    assert 'value="+41 44 123 45 67"' in shown
    assert "Now you pay in CHF." in shown


def test_the_log_tells_what_changed_and_a_repeat_changes_nothing(world: World) -> None:
    client = world.client("owner")
    post(client)
    post(client)
    world.access("owner")
    event = Event.objects.get(organization=world.acme, verb="organization.edit")
    assert event.details["vat_number"] == ["", "CHE107787577MWST"]
    assert event.details["name"] == ["Acme", "Acme AG"]
    assert "country" not in event.details
    assert "VAT number: — → CHE107787577MWST" in client.get("/o/acme/activity/").content.decode()


@pytest.mark.parametrize("person", ["biller", "collaborator", "external"])
def test_who_may_not_edit_changes_nothing(world: World, person: str) -> None:
    assert post(world.client(person)).status_code == 403
    world.acme.refresh_from_db()
    assert world.acme.name == "Acme"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("phone", "call me", "A phone number has digits, spaces and + ( ) - / . only."),
        ("phone", "٠٤٤١٢٣٤٥٦٧", "A phone number has digits, spaces and + ( ) - / . only."),
        ("phone", "(0)-/12", "A phone number has at least 6 digits."),
        ("phone", "1" * 33, "at most 32 characters"),
        ("vat_number", "ATU1234567", "Swiss numbers have 9 digits after CHE"),
        ("name", "", "Fill this in."),
        ("country", "ZZ", "Select a valid choice"),
    ],
)
def test_what_does_not_fit_is_said_next_to_the_field_and_nothing_typed_is_lost(
    world: World, field: str, value: str, said: str
) -> None:
    answer = post(world.client("owner"), **{field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in re.search(rf'id="id_{field}-error">(.*?)</div>', page, re.S)[1]  # type: ignore[index]
    for name, typed in (GOOD | {field: value}).items():
        assert name in ("form", "country") or not typed or f'value="{typed}"' in page, name
    world.acme.refresh_from_db()
    assert world.acme.name == "Acme"


def test_the_number_must_fit_the_country_that_is_chosen_with_it(world: World) -> None:
    client = world.client("owner")
    assert post(client, country="DE").status_code == 422
    assert post(client, country="DE", vat_number="DE 136695976").status_code == 303
    world.acme.refresh_from_db()
    assert (world.acme.country, world.acme.currency, world.acme.vat_number) == ("DE", "EUR", "DE136695976")


def test_a_person_is_not_asked_for_a_number_and_loses_none(world: World) -> None:
    client = world.client("owner")
    post(client)
    # The field is away in the browser, and sends what it has.
    assert post(client, form="person", vat_number="nonsense").status_code == 303
    world.acme.refresh_from_db()
    assert (world.acme.form, world.acme.vat_number) == ("person", "CHE107787577MWST")
    assert 'value="CHE-107.787.577 MWST"' in client.get(ADDRESS).content.decode()
    post(client, vat_number="")
    world.acme.refresh_from_db()
    assert (world.acme.form, world.acme.vat_number) == ("company", "")


@pytest.mark.parametrize("form", ["person", "company", "association"])
def test_a_new_organization_of_each_kind(world: World, form: str) -> None:
    client = world.client("nobody")
    assert 'class="only-named"' in client.get("/organizations/new/").content.decode()
    key = "3b0ef0f4-5d4e-4a8f-9a63-a2a4f0b5f6ad"
    for _time in range(2):
        assert post(client, "/organizations/new/", form=form, key=key, name="Verein Süd").status_code == 303
    made = Organization.objects.get(slug="verein-sud")
    assert (made.form, made.phone) == (form, GOOD["phone"])
    assert made.vat_number == ("" if form == "person" else "CHE107787577MWST")
    assert client.get("/o/verein-sud/settings/").status_code == 200
    world.access("owner")
    assert not Membership.objects.filter(organization=world.acme, user=world.users["nobody"]).exists()


@pytest.mark.parametrize(("form", "number"), [("company", "CHE107787577MWST"), ("person", None)])
def test_an_order_carries_the_number_of_its_buyer(world: World, form: str, number: str | None) -> None:
    post(world.client("owner"))
    Organization.objects.filter(pk=world.acme.pk).update(form=form)
    world.acme.refresh_from_db()
    cart = Cart.objects.create()
    carts.add(cart, plan=world.plans["domains"], name="new.ch", options={})
    order = orders.place(cart, world.acme, by=world.access("owner"))
    assert order.buyer.get("vat_number") == number


@pytest.mark.parametrize(("person", "may"), [("owner", True), ("administrator", False)])
def test_deleting_is_in_sight_of_everybody_who_sees_the_settings(world: World, person: str, may: bool) -> None:
    page = world.client(person).get(ADDRESS).content.decode()
    assert ('href="/o/acme/delete/"' in page) is may
    assert ('popovertarget="needs-delete"' in page) is not may
    assert ("Only legal representatives have it." in page) is not may
