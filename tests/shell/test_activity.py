"""The activity log: what each filter leaves, who reads what, its pages, and the same lines as a file."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from manager.shell import export, log
from manager.web import sheet
from manager.web.keyset import SIZE
from organizations import sentences, tenancy
from organizations.access import Access
from organizations.decisions import Narrowing
from organizations.events import record
from organizations.models import Event, Team
from products.models import Product
from tests import people
from tests.billing.test_order import placed
from tests.people import World

pytestmark = pytest.mark.django_db

LOG = "/o/acme/activity/"
FILE = "/o/acme/activity/export/"


def did(world: World, verb: str, target: Any = None, person: str = "owner", **details: Any) -> Event:
    """The person did it to Acme's hosting, or to another target."""
    target = target or world.products["hosting"]
    return record(verb, target, by=world.access(person), organization=world.acme, **details)


def many(world: World, number: int, **fields: Any) -> None:
    """That many lines more, of the owner and the hosting."""
    owner, hosting = world.users["owner"], world.products["hosting"]
    line = {
        "organization": world.acme,
        "actor": owner,
        "actor_name": str(owner),
        "actor_email": owner.email,
        "verb": "product.suspend",
        "target_type": "products.product",
        "target_id": hosting.pk,
        "target_name": hosting.name,
    }
    with tenancy.scope(world.acme.pk):
        Event.objects.bulk_create([Event(**line | fields) for _ in range(number)], batch_size=5000)


def listed(world: World, reader: str = "owner", /, **data: Any) -> list[int]:
    """The keys of the lines on the page."""
    answer = world.client(reader).get(LOG, data)
    assert answer.status_code == 200, answer.context["form"].errors
    return [event.pk for event in answer.context["listing"]]


def filed(world: World, reader: str = "owner", /, **data: Any) -> list[dict[str, str]]:
    """The lines of the file."""
    answer = world.client(reader).post(FILE, data)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def lines(world: World) -> dict[str, Event]:
    """One line of each sort."""
    return {
        "suspend": did(world, "product.suspend"),
        "label": did(world, "product.label", person="technician", label=["", "Große Bühne"]),
        "mail": did(world, "product.suspend", world.products["email"], person="administrator"),
        "edit": did(world, "organization.edit", world.acme, name=["A", "Acme"]),
        "grant": did(world, "grant.set", person="administrator", person_=None, level="viewer"),
        "order": did(world, "order.place", world.acme, person="orderer", total=100, currency="CHF"),
        "portal": record("product.suspend.done", world.products["hosting"], by=None, organization=world.acme),
    }


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, "suspend label mail edit grant order portal"),
        ({"person": "technician"}, "label"),
        ({"person": 0}, "portal"),
        ({"person": "nobody"}, ""),
        ({"product": "email"}, "mail"),
        ({"product": "hosting"}, "suspend label grant portal"),
        ({"action": "products"}, "suspend label mail portal"),
        ({"action": "rights"}, "grant"),
        ({"action": "money"}, "order"),
        ({"action": "organization"}, "edit"),
        ({"action": "users"}, ""),
        ({"action": "product.suspend"}, "suspend mail"),
        ({"action": "product.suspend", "person": "owner"}, "suspend"),
        ({"q": "bühne"}, "label"),
        ({"q": "TECHNICIAN"}, "label"),
        ({"q": "orderer@example"}, "order"),
        ({"q": "ACME.ch"}, "suspend label mail grant portal"),
        ({"q": "100%"}, ""),
        ({"q": "_"}, None),
    ],
)
def test_each_filter_leaves_what_it_says(
    world: World, lines: dict[str, Event], chosen: dict[str, Any], expected: str | None
) -> None:
    who, what = chosen.get("person"), chosen.get("product")
    query = chosen | ({"person": world.users[who].pk} if isinstance(who, str) else {})
    query |= {"product": world.products[what].pk} if what else {}
    found = listed(world, **query)
    if expected is not None:
        assert found == sorted((lines[name].pk for name in expected.split()), reverse=True)
    # The file has the same lines as the page.
    assert len(filed(world, **query)) == len(found) or not chosen


def test_days_are_those_of_the_clock_on_the_wall(world: World) -> None:
    at = datetime(2026, 3, 5, 0, 30, tzinfo=timezone.get_current_timezone())
    keys = {}
    with tenancy.scope(world.acme.pk):
        for name, moment in (("before", at - timedelta(hours=1)), ("day", at), ("after", at + timedelta(days=1))):
            event = Event(organization=world.acme, verb="product.suspend", target_type="x", target_name=name)
            Event._meta.get_field("created_at").auto_now_add = False  # type: ignore[union-attr]
            event.created_at = moment
            event.save()
            Event._meta.get_field("created_at").auto_now_add = True  # type: ignore[union-attr]
            keys[name] = event.pk
    assert listed(world, since="2026-03-05", until="2026-03-05") == [keys["day"]]
    assert listed(world, until="2026-03-04") == [keys["before"]]
    assert listed(world, since="2026-03-05") == [keys["after"], keys["day"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"since": "9999-12-31"}, "less than or equal"),
        ({"until": "0001-01-01"}, "greater than or equal"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "before the first one"),
        ({"person": "x"}, "whole number"),
        ({"product": "99999999999999999999999"}, "less than or equal"),
        ({"action": "product.nonsense"}, "Select a valid choice"),
        ({"q": "x" * 254}, "253"),
    ],
)
@pytest.mark.parametrize("address", [LOG, FILE])
def test_bad_filters_are_told_next_to_the_field_and_nothing_typed_is_lost(
    world: World, address: str, data: dict[str, str], words: str
) -> None:
    did(world, "product.suspend")
    client, sent = world.client("owner"), data | {"until": data.get("until", "2026-02-01")}
    answer = client.post(address, sent) if address == FILE else client.get(address, sent)
    assert answer.status_code == 422
    # From there one searches on in the log.
    assert f'method="get" action="{LOG}"' in answer.text
    assert words in answer.text
    assert not list(answer.context["listing"])
    assert 'value="2026-02-01"' in answer.text or "until" in data
    world.access("owner")
    assert not Event.objects.filter(organization=world.acme, verb="log.export").exists()


def test_the_filters_are_in_the_address_and_can_be_taken_away_one_by_one(world: World, lines: dict[str, Event]) -> None:
    owner = world.users["owner"].pk
    page = world.client("owner").get(LOG, {"person": owner, "action": "rights", "before": 10**6}).text
    assert f'href="{LOG}?action=rights"' in page
    assert f'href="{LOG}?person={owner}"' in page
    export = page[page.index(f'action="{FILE}"') :].split("</form>")[0]
    sent = dict(re.findall(r'name="(\w+)" value="(\w+)"', export))
    assert sent.pop("csrfmiddlewaretoken")
    assert sent == {"person": str(owner), "action": "rights"}
    assert f'<option value="{owner}" selected>' in page


def test_people_to_choose_are_members_and_whoever_the_log_names(world: World, lines: dict[str, Event]) -> None:
    did_once = world.users["former"]
    many(world, 1, actor=did_once, actor_name="Former Tester")
    page = world.client("owner").get(LOG)
    names = [words for _value, words in page.context["form"].fields["person"].widget.choices]
    assert {"Former Tester", "Owner Tester", "External Tester", "The portal"} <= {str(name) for name in names}
    assert len(names) == len({str(name) for name in names})
    few = world.client("viewer").get(LOG)
    names = {str(words) for _value, words in few.context["form"].fields["person"].widget.choices}
    # Those whom their lines name, not the members.
    told = {"Owner Tester", "Technician Tester", "Administrator Tester", "Former Tester", "The portal"}
    assert names == told | {"Everybody"}


def test_a_chosen_product_has_its_name_also_among_very_many(world: World) -> None:
    did(world, "product.suspend")
    with tenancy.scope(world.acme.pk):
        Product.objects.bulk_create(
            Product(organization=world.acme, kind_slug="hosting", plan=world.plans["hosting"], name=f"a{n}.ch")
            for n in range(log.OFFERED)
        )
    client = world.client("owner")
    plain, chosen = client.get(LOG), client.get(LOG, {"product": world.products["hosting"].pk})
    assert "filter-product" not in plain.text
    assert "Product: acme.ch" in " ".join(chosen.text.split())
    assert f'<option value="{world.products["hosting"].pk}" selected>acme.ch' in chosen.text


def test_who_sees_some_products_reads_and_takes_their_lines_only(world: World, lines: dict[str, Event]) -> None:
    mine = sorted((lines[name].pk for name in ("suspend", "label", "grant", "portal")), reverse=True)
    assert listed(world, "viewer") == mine
    assert len(filed(world, "viewer")) == len(mine)
    for chosen in (
        {"product": world.products["email"].pk},
        {"q": "Acme Org"},
        {"action": "money"},
        {"action": "organization"},
    ):
        assert listed(world, "viewer", **chosen) == []
        assert filed(world, "viewer", **chosen) == []
    assert listed(world, "collaborator") == []
    assert filed(world, "collaborator") == []


def test_from_where_is_for_those_who_read_all_of_it(world: World, lines: dict[str, Event]) -> None:
    many(world, 1, address="192.0.2.77")
    assert "192.0.2.77" in world.client("owner").get(LOG).text
    assert filed(world)[0]["Address"] == "192.0.2.77"
    for person in ("viewer", "technician", "external"):
        assert "192.0.2.77" not in world.client(person).get(LOG).text
        rows = filed(world, person)
        assert rows
        assert all("Address" not in row and "192.0.2.77" not in row.values() for row in rows)
        assert listed(world, person, q="192.0.2.77") == []


def test_email_addresses_are_for_those_who_read_all_of_it(world: World) -> None:
    did(world, "product.suspend")
    email, hosting = world.users["owner"].email, world.products["hosting"]
    pages = (LOG, f"/o/acme/hosting/{hosting.pk}/activity/", "/o/acme/")
    assert [email in main(world, "administrator", page) for page in pages] == [True, True, True]
    assert filed(world, "administrator", q=email)[0]["Email"] == email
    for person in ("viewer", "technician", "external"):
        for page in pages:
            assert "Owner Tester" in main(world, person, page)
            assert email not in main(world, person, page)
        assert {row["Email"] for row in filed(world, person)} == {""}
        # Nor is it found by guessing.
        assert listed(world, person, q=email) == filed(world, person, q=email) == []


def main(world: World, person: str, address: str) -> str:
    """The page without what surrounds it."""
    page = world.client(person).get(address).text
    return page[page.index('id="main"') :]


@pytest.mark.parametrize("person", ["owner", "viewer"])
def test_the_file_has_the_lines_of_the_pages(world: World, person: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All pages together, in the same order; read in parts."""
    monkeypatch.setattr(export, "CHUNK", 7)
    for number in range(130):
        many(world, 1, target_name=f"line {number}", verb="product.label" if number % 3 else "product.suspend")
    client, told, address = world.client(person), [], f"{LOG}?action=product.label"
    while address:
        listing = client.get(address).context["listing"]
        told += [event.target_name for event in listing]
        address = f"{LOG}?action=product.label&before={listing.older}" if listing.older else ""
    assert len(told) == 86
    assert [row["Target"] for row in filed(world, person, action="product.label")] == told


def test_pages_lead_there_and_back(world: World) -> None:
    many(world, 120)
    client = world.client("owner")
    first = client.get(LOG).context["listing"]
    second = client.get(f"{LOG}?before={first.older}").context["listing"]
    third = client.get(f"{LOG}?before={second.older}").context["listing"]
    assert [len(part) for part in (first, second, third)] == [50, 50, 20]
    assert (first.newer, third.older) == (None, None)
    back = client.get(f"{LOG}?after={third.newer}").context["listing"]
    assert back.rows == second.rows
    assert client.get(f"{LOG}?after={back.newer}").context["listing"].rows == first.rows
    assert "Older" in client.get(LOG).text
    assert "Newer" not in client.get(LOG).text


@pytest.mark.parametrize("place", ["x", "-1", "", "9" * 18, "9" * 40, "١", "1e3"])
def test_a_strange_place_in_the_list_is_none(world: World, place: str) -> None:
    did(world, "product.suspend")
    client = world.client("owner")
    assert client.get(LOG, {"before": place}).status_code == 200
    assert client.get(LOG, {"after": place}).status_code == 200


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_a_spreadsheet_calculates_nothing(world: World, sign: str) -> None:
    many(world, 1, target_name=sign, actor_name=sign, via=sign, actor_email=sign, verb="product.label")
    (row,) = filed(world, action="product.label")
    for column in ("Target", "Person", "Via", "Email"):
        assert row[column] == f"'{sign.strip()}"
    assert all(not value.startswith(sheet.FORMULA) for value in row.values())


def test_a_line_of_the_file_says_all_of_it(world: World) -> None:
    event = did(world, "product.label", label=["", "Ours, “quoted”"])
    (row,) = filed(world, q="quoted")
    assert datetime.fromisoformat(row["Time"]) == event.created_at.replace(microsecond=0)
    assert datetime.fromisoformat(row["Time"]).tzinfo is not None
    assert (row["Person"], row["Email"], row["Action"]) == ("Owner Tester", "owner@example.com", "product.label")
    assert (row["Kind of target"], row["Target"]) == ("product", "acme.ch")
    assert row["What"] == "Owner Tester changed the label of acme.ch. Label: — → Ours, “quoted”"


def test_a_file_that_is_cut_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST", 10)
    monkeypatch.setattr(export, "CHUNK", 4)
    many(world, 10)
    assert len(filed(world, action="product.suspend")) == 10
    many(world, 1)
    rows = filed(world, action="product.suspend")
    assert len(rows) == 11
    assert "Only the newest 10 lines are here" in rows[-1]["Time"]


def test_that_the_log_was_taken_is_a_line_of_it(world: World) -> None:
    did(world, "product.suspend")
    assert len(filed(world, action="products")) == 1
    world.access("owner")
    event = Event.objects.get(organization=world.acme, verb="log.export")
    assert (event.actor, event.details) == (world.users["owner"], {"filters": {"action": "products"}})
    assert "took the activity log of Acme away as a file" in world.client("administrator").get(LOG).text.replace(
        '<span class="soft">', ""
    ).replace("</span>", "").replace("<span>", "")


def test_whoever_looks_as_somebody_else_takes_nothing_away(world: World) -> None:
    did(world, "product.suspend")
    client = world.client(people.VIEWING)
    page = client.get(LOG).text
    assert "you are only looking" in page
    assert f'action="{FILE}"' not in page
    assert client.post(FILE).status_code == 403
    assert client.get(FILE).status_code == 405
    assert f'action="{FILE}"' in world.client("viewer").get(LOG).text
    assert world.client("viewer").post(FILE).status_code == 200
    world.access("owner")
    assert [event.actor for event in Event.objects.filter(verb="log.export")] == [world.users["viewer"]]


def test_only_a_form_of_the_page_takes_it(world: World) -> None:
    client = world.client("owner", enforce_csrf_checks=True)
    assert client.post(FILE).status_code == 403
    world.access("owner")
    assert not Event.objects.filter(organization=world.acme, verb="log.export").exists()


def test_nothing_of_another_organization_is_in_the_file(world: World) -> None:
    with tenancy.scope(world.other.pk):
        record("product.suspend", world.foreign["hosting"], by=None, organization=world.other)
    did(world, "product.suspend")
    answer = world.client("owner").post(FILE)
    tenancy.leave()
    text = b"".join(answer.streaming_content).decode()
    assert "acme.ch" in text
    assert "other.ch" not in text
    assert tenancy.current() == tenancy.NOTHING


def test_through_what_somebody_acted_is_told(world: World) -> None:
    access = world.access("owner")
    token = Access(
        access.user, access.organization, access.membership, None, None, Narrowing("deploy", frozenset(), None)
    )
    record("product.label", world.products["hosting"], by=token, organization=world.acme, label=["", "x"])
    assert "through the API token deploy" in world.client("owner").get(LOG).text
    assert filed(world)[0]["Via"] == "deploy"
    hosting = world.products["hosting"]
    assert "through the API token deploy" in world.client("owner").get(f"/o/acme/hosting/{hosting.pk}/activity/").text


def test_a_line_leads_to_what_it_speaks_of_while_that_is_there(world: World) -> None:
    hosting, order = world.products["hosting"], placed(world)
    did(world, "product.suspend")
    page = world.client("owner").get(LOG).text
    assert f'href="/o/acme/hosting/{hosting.pk}/"' in page
    assert f'href="/o/acme/orders/{order.pk}/"' in page
    many(world, 1, target_id=10**9)
    many(world, 1, target_id=world.foreign["hosting"].pk)
    assert f"/{world.foreign['hosting'].pk}/" not in world.client("owner").get(LOG).text
    assert f"/{10**9}/" not in world.client("owner").get(LOG).text


def test_it_outlives_what_it_speaks_of_and_whoever_did_it(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        team = Team.objects.create(organization=world.acme, name="Spring", group=Group.objects.create(name="spring"))
        somebody = people.user("somebody")
        record("organization.edit", team, by=None, organization=world.acme)
        many(world, 1, actor=somebody, actor_name="Some Body", actor_email=somebody.email)
        team.delete()
        somebody.delete()
    page = world.client("owner").get(LOG)
    assert "Spring" in page.text
    assert "Some Body" in page.text
    assert {"Spring", "acme.ch"} <= {row["Target"] for row in filed(world)}


@pytest.mark.parametrize("change", ["UPDATE organizations_event SET verb = 'x'", "DELETE FROM organizations_event"])
def test_nobody_changes_it(world: World, change: str) -> None:
    event = did(world, "product.suspend")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Event.objects.filter(organization=world.acme).get().verb == event.verb


def test_a_product_has_pages_of_its_own_and_leads_here(world: World) -> None:
    many(world, 60)
    hosting = world.products["hosting"]
    address = f"/o/acme/hosting/{hosting.pk}/activity/"
    first = world.client("viewer").get(address)
    assert len(first.context["listing"]) == 50
    assert f'href="{LOG}?product={hosting.pk}"' in first.text
    assert (
        len(world.client("viewer").get(f"{address}?before={first.context['listing'].older}").context["listing"]) == 10
    )


@pytest.fixture
def long(world: World) -> World:
    """A log of a hundred thousand lines."""
    many(world, 1, actor=world.users["viewer"], actor_name="Viewer Tester", verb="product.label")
    many(world, 1)
    columns = "organization_id, actor_name, actor_email, via, verb, target_type, target_id, target_name, details"
    with tenancy.scope(world.acme.pk), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO organizations_event ({columns}, actor_id, created_at)"
            f" SELECT {columns}, actor_id, created_at FROM organizations_event, generate_series(1, 50000)"
        )
        cursor.execute("ANALYZE organizations_event")
    return world


@pytest.mark.parametrize("person", ["owner", "viewer"])
def test_a_long_log_asks_no_more_and_is_read_from_its_end(long: World, person: str) -> None:
    """Through the organization's index, until a page is full: never all of the table."""
    client, access = long.client(person), long.access(person)
    for chosen in ({}, {"q": "nothing like it"}, {"person": long.users["viewer"].pk}, {"since": date.today()}):
        client.get(LOG, chosen)
        with CaptureQueriesContext(connection) as captured:
            client.get(LOG, chosen)
        assert len(captured) <= 10, chosen
        tenancy.enter(user=access.user.pk, organizations=frozenset({access.organization.pk}))
        plan = log.narrowed(access, chosen).order_by("-pk")[: SIZE + 1].explain()
        assert "on organizations_event" in plan
        assert "Seq Scan on organizations_event" not in plan, chosen


def test_every_verb_has_a_group_and_words() -> None:
    offered = dict(pair for _group, pairs in log.actions() for pair in pairs)
    assert set(offered) == {*sentences.known(), *log.Group}
    assert offered["product.suspend"] == "Suspended"
    assert log.group_of("hosting.configure") == log.Group.PRODUCTS
