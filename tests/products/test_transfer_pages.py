"""The pages of transfers: the choice is kept, what is closed says why, and 50 products ask no more than 2."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from manager.shell.navigation import PAGES
from organizations import tenancy
from organizations.models import Event
from organizations.roles import Role
from organizations.sentences import known, of
from products.actions import transfer as actions
from products.models import Product
from tests.people import World
from tests.products.moving_world import access, address, form, join, pks, sent

pytestmark = pytest.mark.django_db
NEW = "/o/acme/transfers/new/"
HTMX = {"HX-Request": "true", "HX-Target": "rows"}


def sites(world: World, number: int, first: int = 0) -> list[Product]:
    with tenancy.scope(world.acme.pk):
        return [
            Product.objects.create(
                organization=world.acme,
                kind_slug="hosting",
                plan=world.plans["hosting"],
                name=f"site{at:03}.example.ch",
                state="active",
            )
            for at in range(first, first + number)
        ]


def checked(content: bytes) -> list[int]:
    boxes = re.findall(r'<input[^>]+name="product"[^>]*>', content.decode())
    return [int(re.search(r'value="(\d+)"', box)[1]) for box in boxes if " checked" in box]  # type: ignore[index]


def test_what_is_chosen_is_kept_from_page_to_page(world: World) -> None:
    rows, client = sites(world, 60), world.client("owner")
    first = client.get(NEW)
    assert len(re.findall('name="product"', first.content.decode())) == 50
    typed = {"to": "email", "email": "not yet", "message": "Half a sen"}
    second = client.post(NEW, typed | {"product": [rows[0].pk, rows[1].pk], "page": "2"})
    assert second.status_code == 200
    assert checked(second.content) == [rows[0].pk, rows[1].pk]
    assert "2 more are chosen, not on this page" in second.content.decode()
    assert 'value="not yet"' in second.content.decode()
    assert "Half a sen" in second.content.decode()
    found = client.post(NEW, typed | {"product": [rows[0].pk, rows[55].pk], "q": "site055", "search": "1"})
    assert checked(found.content) == [rows[0].pk, rows[55].pk]
    part = client.post(NEW, {"product": [rows[0].pk], "kind": "email", "search": "1"}, headers=HTMX)
    assert part.status_code == 200
    assert b"<html" not in part.content
    assert checked(part.content) == [rows[0].pk]


def test_what_was_wrong_stands_beside_its_field_and_nothing_is_lost(world: World) -> None:
    client = world.client("owner")
    data = form(world, to="email", email="nonsense", message="Hello")
    page = client.post(NEW, data)
    assert page.status_code == 422
    assert "Enter a valid email address" in page.content.decode()
    assert 'value="nonsense"' in page.content.decode()
    assert checked(page.content) == pks(world)
    for to, said in (
        ("own", "Choose the organization"),
        ("email", "Enter the address"),
        ("x", "Select a valid choice"),
    ):
        assert said in client.post(NEW, form(world, to=to)).content.decode()


def test_from_the_check_back_to_the_choice(world: World) -> None:
    data = form(world, "hosting", "email", to="email", email="a@example.com", message="Hello")
    shown = {name: value for name, value in data.items() if name != "confirm"}
    client = world.client("owner")
    assert client.post(NEW, shown).status_code == 200
    page = client.post(NEW, shown | {"search": "1"})
    assert sorted(checked(page.content)) == sorted(pks(world, "hosting", "email"))
    assert 'value="a@example.com"' in page.content.decode()
    assert f'value="{data["key"]}"' in page.content.decode()


def test_the_menu_of_a_product_leads_there_or_says_why_not(world: World) -> None:
    here = f"/o/acme/hosting/{world.products['hosting'].pk}/"
    link = f'href="{NEW}?product={world.products["hosting"].pk}"'
    assert link in world.client("owner").get(here).content.decode()
    chosen = world.client("owner").get(f"{NEW}?product={world.products['hosting'].pk}")
    assert checked(chosen.content) == pks(world)
    page = world.client("technician").get(here).content.decode()
    assert link not in page
    assert "You need the right “Order products” in Acme." in page
    sent(world)
    page = world.client("owner").get(here).content.decode()
    assert link not in page
    assert "It is in another open transfer." in page


def test_the_sidebar_has_it_for_whom_it_is_open(world: World) -> None:
    assert any(page.name == "transfers" for _label, pages in PAGES for page in pages)
    assert 'href="/o/acme/transfers/"' in world.client("orderer").get("/o/acme/").content.decode()
    assert 'href="/o/acme/transfers/"' not in world.client("technician").get("/o/acme/").content.decode()


def test_other_products_are_greyed_with_the_reason(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        assign_perm("view", world.users["orderer"], world.products["hosting"])
    page = world.client("orderer").get(NEW).content.decode()
    assert "this may cost money" in page
    assert page.count('name="product"') == 1
    assert "disabled" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_log_in_words(number: int) -> None:
    details = {"number": number, "email": "a@example.com", "kind": "hosting", "sender": "Ada"}
    assert "a@example.com" in str(of("transfer.send", details).text) % (details | {"actor": "A", "target": "T"})
    assert ("products" in str(of("transfer.send", details).note(details))) == (number > 1)
    for verb in ("out", "in", "return.out", "return.in"):
        assert f"product.transfer.{verb}" in known()
        assert "sent by Ada" in str(of(f"product.transfer.{verb}", details).note(details))


def queries(client: Client, path: str, data: dict[str, object] | None = None) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path) if data is None else client.post(path, data)
    assert answer.status_code == 200
    return len(captured)


@pytest.mark.parametrize("person", ["owner", "orderer"])
def test_they_ask_the_same_for_two_and_for_fifty(world: World, person: str) -> None:
    join(world.users[person], world.other, Role.ADMINISTRATOR)
    client, taker = world.client(person), world.client("outsider")
    counts = []
    for first, number in ((0, 2), (2, 48)):
        rows = sites(world, number, first)
        with tenancy.scope(world.acme.pk):
            for row in rows:
                for permission in ("view", "lifecycle"):
                    assign_perm(permission, world.users["orderer"], row)
            chosen = list(Product.objects.filter(organization=world.acme, name__startswith="site"))
        data = {"product": [row.pk for row in chosen], "to": "own", "organization": "other"}
        found = [queries(client, NEW), queries(client, NEW, data | {"page": "1"}), queries(client, NEW, data)]
        with tenancy.scope(world.acme.pk):
            by = access(world.users[person], world.acme)
            transfer = actions.send([row.pk for row in chosen], key=uuid4(), by=by)
        found += [queries(taker, address(transfer)), queries(client, f"/o/acme/transfers/{transfer.pk}/")]
        found.append(queries(client, "/o/acme/transfers/"))
        counts.append(found)
        with tenancy.scope(world.acme.pk):
            actions.withdraw(transfer, by=by)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 27, counts
    with tenancy.scope(world.acme.pk):
        assert Event.objects.filter(verb="transfer.send").count() == 2
