"""API tokens: who makes which, that one is shown once and kept nowhere, and how it ends."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Mail, SecurityEvent
from manager.web.refused import Refused
from organizations import lasting, tenancy
from organizations.access import Denied
from organizations.models import Event, Membership
from organizations.roles import Role
from products.actions import token as actions
from products.models import ApiToken, Product
from tests import people
from tests.people import World
from tests.test_double_submit import at_once

pytestmark = pytest.mark.django_db

PAGE = "/o/acme/tokens/"
NEW = "/o/acme/tokens/new/"


def data(world: World, **more: Any) -> dict[str, Any]:
    return {"name": "Backup", "reach": "some", "products": [world.products["hosting"].pk], "lasts": "30"} | more


def make(world: World, person: str, **more: Any) -> tuple[ApiToken, str]:
    access = world.access(person)
    products = Product.objects.visible_to(access).with_rights(access)
    values: dict[str, Any] = {"name": "Backup", "permissions": ["view"], "products": list(products)}
    until = timezone.now() + timedelta(days=30)
    return actions.create(**(values | {"until": until} | more), by=access)


def everything_stored() -> str:
    """Every row of every table, as text."""
    found = []
    with tenancy.every_organization(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    found += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(found)


def test_it_is_shown_once_and_kept_nowhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = world.client("technician")
    answer = client.post(NEW, data(world, permissions=["databases"]))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    raw = answer.context["raw"]
    assert raw in answer.content.decode()
    assert raw.startswith("prt_")
    assert len(raw) > 40
    api = Client(headers={"Authorization": f"Bearer {raw}"}).get("/api/v1/o/acme/products/")
    assert [row["name"] for row in api.json()["products"]] == ["acme.ch"]
    page = client.get(PAGE).content.decode()
    assert raw[:12] in page
    texts = [page, everything_stored(), caplog.text, *(mail.text for mail in Mail.objects.all())]
    texts += [str(message.body) for message in outbox.outbox]
    assert [text for text in texts if raw in text or raw[12:] in text] == []


def test_what_was_said_is_what_it_is(world: World) -> None:
    world.client("technician").post(NEW, data(world, permissions=["databases", "statistics"]))
    world.access("owner")
    token = ApiToken.objects.get(name="Backup")
    assert (token.user, token.all_products) == (world.users["technician"], False)
    assert token.permissions == ["databases", "statistics", "view"]
    assert list(token.products.all()) == [world.products["hosting"]]
    assert token.expires_at is not None
    assert timedelta(days=30) < token.expires_at - timezone.now() <= timedelta(days=31)
    event = Event.objects.get(verb="token.create")
    assert (event.target_name, event.details["products"]) == ("Backup", ["acme.ch"])
    noted = SecurityEvent.objects.get(user=world.users["technician"], verb="token.create")
    assert noted.details == {"name": "Backup", "organization": "Acme"}


@pytest.mark.parametrize(
    ("person", "more", "reason"),
    [
        ("technician", {"permissions": ["lifecycle"]}, "not one of the available"),
        ("technician", {"products": "email"}, "not one of the available"),
        ("technician", {"products": "foreign"}, "not one of the available"),
        ("technician", {"products": []}, "at least one product"),
        ("owner", {"permissions": ["dns"]}, "means nothing on the products"),
        ("owner", {"name": ""}, "required"),
        ("owner", {"lasts": "never"}, "valid choice"),
        ("owner", {"lasts": ""}, "required"),
        ("owner", {"lasts": "day"}, "Choose the last day"),
        ("owner", {"lasts": "day", "until": "2020-01-01"}, "has passed"),
        ("owner", {"lasts": "day", "until": "9999-12-31"}, "a year at most"),
    ],
)
def test_refused_with_what_was_typed_kept(world: World, person: str, more: dict[str, Any], reason: str) -> None:
    kept = {"email": world.products["email"].pk, "foreign": world.foreign["hosting"].pk}
    if isinstance(more.get("products"), str):
        more = more | {"products": kept[more["products"]]}
    client = world.client(person)
    answer = client.post(NEW, data(world, **more))
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    if more.get("name") != "":
        assert 'value="Backup"' in answer.content.decode()
    world.access("owner")
    assert not ApiToken.objects.filter(name="Backup").exists()
    assert client.post(NEW, data(world)).status_code == 200


def test_nobody_gives_a_program_more_than_they_hold(world: World) -> None:
    access = world.access("viewer")
    products = list(Product.objects.visible_to(access).with_rights(access))
    until = timezone.now() + timedelta(days=1)
    for wanted, some in ((["view", "configure"], products), (["view", "configure"], None)):
        with pytest.raises(Refused) as refused:
            actions.create(name="x", permissions=wanted, products=some, until=until, by=access)
        assert refused.value.field == "permissions"
    actions.create(name="x", permissions=["statistics"], products=None, until=until, by=access)


def test_rights_are_those_of_the_moment_it_is_made(world: World) -> None:
    """The administrator's page was open before they became a collaborator."""
    access = world.access("administrator")
    assert access.rights
    Membership.objects.filter(user=access.user).update(role=Role.COLLABORATOR)
    until = timezone.now() + timedelta(days=1)
    with pytest.raises(Refused):
        actions.create(name="x", permissions=["lifecycle"], products=None, until=until, by=access)
    Membership.objects.filter(user=access.user).update(suspended_at=timezone.now())
    with pytest.raises(Denied, match="is suspended"):
        actions.create(name="x", permissions=["view"], products=None, until=until, by=access)
    Membership.objects.filter(user=access.user).delete()
    with pytest.raises(Refused, match="no longer belong"):
        actions.create(name="x", permissions=["view"], products=None, until=until, by=access)


def test_a_token_lasts_until_the_end_of_the_last_day(world: World) -> None:
    day = timezone.localdate() + timedelta(days=10)
    world.client("owner").post(NEW, data(world, lasts="day", until=day.isoformat()))
    world.access("owner")
    token = ApiToken.objects.get(name="Backup")
    assert token.expires_at is not None
    end = timezone.localtime(token.expires_at)
    assert (end.date(), end.hour, end.minute) == (day, 23, 59)


def test_names_tell_a_persons_tokens_apart(world: World) -> None:
    client = world.client("owner")
    assert client.post(NEW, data(world)).status_code == 200
    again = client.post(NEW, data(world, name="BACKUP"))
    assert again.status_code == 422
    assert "a token with this name" in again.content.decode()
    assert world.client("administrator").post(NEW, data(world)).status_code == 200


def test_twenty_are_enough(world: World) -> None:
    world.access("owner")
    for number in range(20):
        ApiToken.objects.create(
            organization=world.acme, user=world.users["viewer"], name=f"t{number}", digest=f"d{number}"
        )
    tenancy.leave()
    client = world.client("viewer")
    answer = client.post(NEW, data(world))
    assert answer.status_code == 422
    assert "20 valid tokens" in answer.content.decode()
    world.access("owner")
    ApiToken.objects.filter(name="t0").update(expires_at=timezone.now())
    tenancy.leave()
    assert client.post(NEW, data(world)).status_code == 200


def test_products_are_found_by_name_and_the_chosen_ones_stay(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        made = [people.product(world.acme, world.plans["hosting"], f"site{number:02}.ch") for number in range(30)]
    client = world.client("owner")
    page = client.get(NEW).content.decode()
    assert page.count('name="products"') == 20
    assert "There are more" in page
    asked = data(world, products=[made[0].pk], search="1", find="site29", name="Backup")
    for headers in ({}, {"HX-Request": "true", "HX-Target": "choices"}):
        found = client.post(NEW, asked, headers=headers)
        assert found.status_code == 200
        text = found.content.decode()
        assert text.count('name="products"') == 2
        assert "site29.ch" in text
        assert "site00.ch" in text
        assert text.count("checked") >= 1
    assert b"<html" not in found.content
    world.access("owner")
    assert not ApiToken.objects.filter(name="Backup").exists()


def test_whoever_signed_in_long_ago_proves_it_first(world: World) -> None:
    client = Client()
    people.sign_in(client, world.users["owner"], seconds_ago=600)
    asked = client.post(NEW, data(world))
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/accounts/reauthenticate/")
    world.access("owner")
    assert not ApiToken.objects.filter(name="Backup").exists()
    tenancy.leave()
    made = client.post(asked["Location"], {"password": "secret-of-owner"})
    assert made.status_code == 200
    assert "prt_" in made.context["raw"]


def test_everybody_sees_their_own_and_administrators_all(world: World) -> None:
    make(world, "viewer", name="Of the viewer")
    tenancy.leave()
    for person, sees in (("viewer", True), ("owner", True), ("technician", False), ("external", False)):
        page = world.client(person).get(PAGE).content.decode()
        assert ("Of the viewer" in page) == sees, person
    assert "Viewer Tester" in world.client("administrator").get(PAGE).content.decode()


def test_products_are_named_as_far_as_the_reader_sees_them(world: World) -> None:
    make(world, "owner", products=list(Product.objects.visible_to(world.access("owner")).filter(kind_slug="email")))
    ApiToken.objects.filter(name="Backup").update(user=world.users["viewer"])
    tenancy.leave()
    assert "No product that is still there for you" in world.client("viewer").get(PAGE).content.decode()


def test_the_list_asks_the_same_for_any_number(world: World, django_assert_max_num_queries: Any) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            make(world, "owner", name=f"t{number}")
        tenancy.leave()

    client = world.client("owner")
    fill(range(2))
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
    fill(range(2, 12))
    with django_assert_max_num_queries(12):
        client.get(PAGE)


@pytest.mark.parametrize("person", ["viewer", "administrator"])
def test_revoked_it_opens_nothing(world: World, person: str) -> None:
    token, raw = make(world, "viewer")
    tenancy.leave()
    api = Client(headers={"Authorization": f"Bearer {raw}"})
    assert api.get("/api/v1/o/acme/products/").status_code == 200
    client = world.client(person)
    for _repeat in range(2):
        assert client.post(f"{PAGE}{token.pk}/revoke/").status_code == 303
    assert api.get("/api/v1/o/acme/products/").status_code == 401
    world.access("owner")
    event = Event.objects.get(verb="token.revoke")
    assert (event.actor, event.details["person"]) == (world.users[person], "Viewer Tester")
    noted = SecurityEvent.objects.get(user=world.users["viewer"], verb="token.revoke")
    assert noted.address == ("127.0.0.1" if person == "viewer" else None)


def test_nobody_revokes_what_is_not_theirs(world: World) -> None:
    token, _raw = make(world, "viewer")
    tenancy.leave()
    for person, status in (("technician", 404), ("outsider", 404), ("suspended", 403)):
        assert world.client(person).post(f"{PAGE}{token.pk}/revoke/").status_code == status
    with pytest.raises(Refused):
        actions.revoke(token, by=world.access("technician"))
    token.refresh_from_db()
    assert token.revoked_at is None


def test_leaving_ends_it_for_good(world: World) -> None:
    _token, raw = make(world, "viewer")
    Membership.objects.filter(user=world.users["viewer"]).delete()
    lasting.match(world.acme, world.users["viewer"], by=world.access("owner"))
    Membership.objects.create(organization=world.acme, user=world.users["viewer"], role=Role.ADMINISTRATOR)
    tenancy.leave()
    assert Client(headers={"Authorization": f"Bearer {raw}"}).get("/api/v1/o/acme/products/").status_code == 401


def test_who_looks_on_as_somebody_makes_none(world: World) -> None:
    assert world.client("viewing").post(NEW, data(world)).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_taken_once(transactional_db: Any) -> None:
    world = people.make()
    with tenancy.scope(world.acme.pk):
        for number in range(19):
            values = {"name": f"t{number}", "digest": f"d{number}"}
            ApiToken.objects.create(organization=world.acme, user=world.users["viewer"], **values)
    clients = [world.client("viewer") for _number in range(4)]
    answers = at_once(4, lambda number: clients[number].post(NEW, data(world, name=f"last {number}")).status_code)
    assert sorted(answers) == [200, 422, 422, 422]
