"""Bad input gets a clear message or a plain refusal, never an error of ours; what was typed is kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations import tenancy
from organizations.models import Membership, Organization
from products.models import Product, ProductUserGrant
from tests.access_matrix import MATRIX
from tests.people import World

pytestmark = pytest.mark.django_db

HOSTILE = (
    "x" * 5000,
    "a\0b",
    "a\r\nb",
    "\x1b[31m",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "../../etc/passwd",
    "%00",
    "\ud83d",
    "￾",
    "-1",
    "9" * 40,
    "NaN",
    "",
    "   ",
    "ａｄｍｉｎ",
    "[]",
    '{"a":1}',
    "true",
)


def fields_of(name: str, world: World) -> dict[str, Any]:
    return MATRIX[name].data(world)


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.post is not None])
def test_every_form_survives_everything(world: World, name: str) -> None:
    row = MATRIX[name]
    with tenancy.scope(world.acme.pk):
        row.prepare(world)
        address, good = reverse(name, kwargs=row.arguments(world)), row.data(world)
    client = world.client("owner")
    for field in good:
        for value in HOSTILE:
            value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            assert client.post(address, good | {field: value}).status_code < 500, (field, value)
            assert client.post(address, {field: [value, value]}).status_code < 500, (field, value)
    assert client.post(address, b"\xff\xfe", content_type="application/json").status_code < 500
    assert client.post(address, {f"field{n}": "x" for n in range(1500)}).status_code < 500


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.get is not None])
def test_every_query_survives_everything(world: World, name: str) -> None:
    row = MATRIX[name]
    with tenancy.scope(world.acme.pk):
        row.prepare(world)
        address = reverse(name, kwargs=row.arguments(world))
    client = world.client("owner")
    for parameter in ("q", "page", "state", "sort", "organization", "name", "next"):
        for value in HOSTILE[:14]:
            value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            assert client.get(address, {parameter: value}).status_code < 500, (parameter, value)


@pytest.mark.parametrize(
    "address",
    [
        "/o/acme/hosting/999999999/",
        "/o/acme/hosting/99999999999999999999999999/",
        "/o/acme/nothing/",
        "/o/acme/hosting/x/",
        "/o/no-such/",
        "/o/acme/orders/99999999999999999999/",
        "/order/nothing/",
        "/o/acme/nothing/1/suspend/",
        "/o/ACME/",
        "/o/acme%00/",
        "/o/acme/hosting/1%00/",
    ],
)
def test_what_does_not_exist(world: World, address: str) -> None:
    assert world.client("owner").get(address).status_code in (400, 404)


def test_a_name_that_is_refused_stays_in_the_form_with_its_reason(world: World) -> None:
    answer = Client().post("/order/email/", {"plan": "basic", "name": "not a name", "spam_filter": "normal"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="not a name"' in page
    assert "A domain name has no spaces" in page
    assert 'aria-invalid="true"' in page


def test_an_unknown_plan_and_one_of_another_kind_are_refused(world: World) -> None:
    for plan in ("nothing", "basic' --"):
        assert Client().post("/order/domains/", {"plan": plan, "name": "new.ch"}).status_code == 422


def test_without_its_token_a_form_is_refused(world: World) -> None:
    client = world.client("owner", enforce_csrf_checks=True)
    product = world.products["hosting"]
    assert client.post(f"/o/acme/hosting/{product.pk}/suspend/").status_code == 403
    world.access("owner")
    product.refresh_from_db()
    assert product.state == "active"


def test_fields_the_form_does_not_show_change_nothing(world: World) -> None:
    """Every column of every model sent along with every form."""
    from django.apps import apps

    everything = {
        field.name: "1"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ("accounts", "organizations", "products", "billing")
        for field in model._meta.concrete_fields
    } | {"price": "1", "amount": "0", "total": "0", "is_superuser": "1", "organization_id": str(world.other.pk)}
    client = world.client("collaborator")
    client.post("/profile/", everything | {"first_name": "A", "last_name": "B"})
    client.post("/profile/preferences/", everything | {"theme": "dark", "language": "de"})
    user = world.users["collaborator"]
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.email, user.theme) == (
        False,
        False,
        "collaborator@example.com",
        "dark",
    )
    owner = world.client("owner")
    data = MATRIX["organization_settings"].data(world)
    owner.post("/o/acme/settings/", everything | data)
    world.acme.refresh_from_db()
    assert (world.acme.slug, world.acme.name) == ("acme", "Third")
    assert Organization.objects.count() == 2
    world.access("owner")
    assert Membership.objects.get(user=user).role == "collaborator"
    assert not ProductUserGrant.objects.filter(user=user).exists()
    owner.post(f"/o/acme/hosting/{world.products['hosting'].pk}/label/", everything | {"text": "x"})
    product = Product.objects.filter(pk=world.products["hosting"].pk).get() if world.access("owner") else None
    assert product is not None
    assert (product.organization_id, product.state, product.label) == (world.acme.pk, "active", "x")
