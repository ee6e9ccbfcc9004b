"""The pages of transfers: the choice is kept, what is closed says why, and 50 products ask no more than 2."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm

from manager.shell.navigation import PAGES
from organizations import tenancy
from organizations.models import Event, Membership
from organizations.roles import Role
from organizations.sentences import known, of
from products.actions import transfer as actions
from products.kinds import Preset
from products.models import Product, ProductUserGrant
from tests.people import World
from tests.products.moving_world import accepted, access, address, form, fresh, join, pks, sent

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


def test_of_a_transfer_one_sees_what_one_sees_of_its_products(world: World) -> None:
    """In the list and by its number; its link, and the way to withdraw it, only who could give all of it away."""
    transfer, user, client = sent(world, "hosting", "email"), world.users["orderer"], world.client("orderer")
    here, link = f"/o/acme/transfers/{transfer.pk}/", address(transfer)

    def hold(level: Preset, kind: str) -> None:
        with tenancy.scope(world.acme.pk):
            for permission in world.products[kind].kind.preset(level):
                assign_perm(permission, user, world.products[kind])

    for kind in ("hosting", "email"):
        assert client.get(here).status_code == 404
        assert client.post(f"{here}withdraw/").status_code == 404
        assert "acme.ch" not in client.get("/o/acme/transfers/").content.decode()
        hold(Preset.FULL if kind == "hosting" else Preset.VIEWER, kind)
    assert "acme.ch" in client.get("/o/acme/transfers/").content.decode()
    page = client.get(here).content.decode()
    assert link not in page
    assert "this may cost money” on acme.ch" in page
    assert client.post(f"{here}withdraw/").status_code == 403
    assert fresh(transfer).is_open
    with tenancy.scope(world.acme.pk), pytest.raises(PermissionDenied):
        actions.withdraw(transfer, by=access(user, world.acme))
    hold(Preset.FULL, "email")
    assert link in client.get(here).content.decode()
    assert client.post(f"{here}withdraw/").status_code == 303
    assert fresh(transfer).state == "withdrawn"


def test_who_sent_it_sees_it_but_its_link_only_with_the_rights(world: World) -> None:
    user, hosting, client = world.users["orderer"], world.products["hosting"], world.client("orderer")
    with tenancy.scope(world.acme.pk):
        for permission in hosting.kind.preset(Preset.FULL):
            assign_perm(permission, user, hosting)
    transfer = sent(world, by="orderer")
    here, link = f"/o/acme/transfers/{transfer.pk}/", address(transfer)
    assert link in client.get(here).content.decode()
    with tenancy.scope(world.acme.pk):
        ProductUserGrant.objects.filter(user=user).delete()
    page = client.get(here)
    assert page.status_code == 200
    assert link not in page.content.decode()
    assert client.post(f"{here}withdraw/").status_code == 403
    assert link in world.client("owner").get(here).content.decode()
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=user).update(may_order=False)
    assert client.get(here).status_code == 403


def test_the_side_that_received_sees_it_by_the_same_rule(world: World) -> None:
    user, client = world.users["nobody"], world.client("nobody")
    join(user, world.other, Role.COLLABORATOR, may_order=True)
    transfer = accepted(world, "hosting", "email")
    here = f"/o/other/transfers/{transfer.pk}/"
    for kind in ("hosting", "email"):
        assert client.get(here).status_code == 404
        assert "acme.ch" not in client.get("/o/other/transfers/").content.decode()
        with tenancy.scope(world.other.pk):
            assign_perm("view", user, Product.objects.get(pk=world.products[kind].pk))
    assert client.get(here).status_code == 200
    assert "acme.ch" in client.get("/o/other/transfers/").content.decode()
    # Who accepted it keeps it in sight, also with a smaller role.
    with tenancy.scope(world.other.pk):
        mine = Membership.objects.filter(user=world.users["outsider"], organization=world.other)
        mine.update(role=Role.COLLABORATOR, may_order=True)
    assert world.client("outsider").get(here).status_code == 200
    # And who gave it sees it on their own side only by role, or having sent it.
    with tenancy.scope(world.acme.pk):
        assign_perm("view", world.users["orderer"], world.products["domains"])
    assert world.client("orderer").get(f"/o/acme/transfers/{transfer.pk}/").status_code == 404


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


@pytest.mark.parametrize("person", ["outsider", "nobody"])
def test_what_was_received_asks_the_same_for_two_and_for_twenty(world: World, person: str) -> None:
    user = world.users["nobody"]
    join(user, world.other, Role.COLLABORATOR, may_order=True)
    client, counts = world.client(person), []
    for first, number in ((0, 2), (2, 18)):
        rows = sites(world, number, first)
        with tenancy.scope(world.acme.pk):
            transfer = actions.send([row.pk for row in rows], key=uuid4(), by=access(world.users["owner"], world.acme))
        actions.accept(world.acme.pk, transfer.key, access(world.users["outsider"], world.other))
        with tenancy.scope(world.other.pk):
            for row in Product.objects.filter(pk__in=[row.pk for row in rows]):
                for permission in row.kind.preset(Preset.FULL):
                    assign_perm(permission, user, row)
        paths = (f"/o/other/transfers/{transfer.pk}/", "/o/other/transfers/")
        assert "back to Acme</button>" in client.get(paths[0]).content.decode()
        counts.append([queries(client, path) for path in paths])
    assert counts[0] == counts[1]
