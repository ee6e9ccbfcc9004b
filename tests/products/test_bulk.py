"""One thing done to many products: once, by the rights of whoever wants it at that moment, whatever dies on the way."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations import tenancy
from organizations.models import Event, Membership
from products import tasks
from products.actions import bulk as actions
from products.models import BulkItem, BulkRun, Job, Product
from products.models.product import State
from tests.people import World

pytestmark = pytest.mark.django_db
START = "/o/acme/hosting/bulk/"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever works on it is the test."""
    monkeypatch.setattr(actions, "wake", lambda task, pk: None)


def add(world: World, number: int) -> list[Product]:
    with tenancy.scope(world.acme.pk):
        return Product.objects.bulk_create(
            Product(
                organization=world.acme,
                kind_slug="hosting",
                plan=world.plans["hosting"],
                name=f"site{each:03}.ch",
                state=State.ACTIVE,
            )
            for each in range(number)
        )


def begin(world: World, person: str, products: list[Product], action: str = "suspend", **more: Any) -> Any:
    data = {"action": action, "product": [product.pk for product in products], "key": uuid4()} | more
    return world.client(person).post(START, data)


def run_of(world: World) -> BulkRun:
    with tenancy.scope(world.acme.pk):
        return BulkRun.objects.get()


def outcomes(world: World) -> dict[str, tuple[str, str]]:
    with tenancy.scope(world.acme.pk):
        return {item.name: (item.state, item.message) for item in BulkItem.objects.all()}


def states(world: World, products: list[Product]) -> list[str]:
    with tenancy.scope(world.acme.pk):
        return list(
            Product.objects.filter(pk__in=[product.pk for product in products])
            .order_by("name")
            .values_list("state", flat=True)
        )


def test_what_is_ticked_is_done_to_each(world: World) -> None:
    products = add(world, 3)
    answer = begin(world, "owner", products[:2])
    run = run_of(world)
    assert (answer.status_code, answer["Location"]) == (303, f"/o/acme/bulk/{run.pk}/")
    # Nothing yet: a worker does it.
    assert states(world, products) == [State.ACTIVE] * 3
    tasks.run_bulk(run.pk)
    assert states(world, products) == [State.SUSPENDED] * 2 + [State.ACTIVE]
    assert outcomes(world) == {"site000.ch": ("done", ""), "site001.ch": ("done", "")}
    assert run_of(world).finished_at
    with tenancy.scope(world.acme.pk):
        verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["product.bulk", "product.suspend", "product.suspend"]
        assert Job.objects.filter(verb="suspend").count() == 2
    assert "Done with all of them" in world.client("owner").get(f"/o/acme/bulk/{run.pk}/").text


def test_the_same_form_sent_twice_is_one_run(world: World) -> None:
    products, key = add(world, 2), uuid4()
    first = begin(world, "owner", products, key=key)
    second = begin(world, "owner", products, key=key)
    assert first["Location"] == second["Location"]
    run_of(world)


def test_all_that_match_are_those_that_the_list_shows(world: World) -> None:
    add(world, 120)
    begin(world, "owner", [], all="1", query="?q=site1&state=active")
    assert set(outcomes(world)) == {f"site1{each:02}.ch" for each in range(20)}


def test_a_person_reaches_only_what_they_see(world: World) -> None:
    add(world, 3)
    foreign = world.foreign["hosting"]
    answer = begin(world, "viewer", [foreign], all="1", query="")
    assert answer.status_code == 303
    assert set(outcomes(world)) == {world.products["hosting"].name}
    tasks.run_bulk(run_of(world).pk)
    ((state, message),) = outcomes(world).values()
    assert state == "refused"
    assert "You need the right" in message
    assert states(world, [world.products["hosting"]]) == [State.ACTIVE]


def test_who_sees_none_of_them_is_told(world: World) -> None:
    answer = begin(world, "collaborator", add(world, 2))
    assert answer.status_code == 422
    assert "Choose at least one product." in answer.text


def test_rights_are_those_of_the_moment(world: World) -> None:
    products = add(world, 3)
    begin(world, "administrator", products)
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["administrator"]).update(suspended_at=timezone.now())
    tasks.run_bulk(run_of(world).pk)
    assert {state for state, _message in outcomes(world).values()} == {"refused"}
    assert states(world, products) == [State.ACTIVE] * 3
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["administrator"]).update(suspended_at=None)
    run = run_of(world)
    # Only who wanted it tries again.
    world.client("owner").post(f"/o/acme/bulk/{run.pk}/retry/")
    assert run_of(world).finished_at
    world.client("administrator").post(f"/o/acme/bulk/{run.pk}/retry/")
    tasks.run_bulk(run.pk)
    assert states(world, products) == [State.SUSPENDED] * 3


def test_what_is_not_possible_says_why_and_stops_nothing(world: World) -> None:
    products = add(world, 3)
    with tenancy.scope(world.acme.pk):
        Product.objects.filter(pk=products[1].pk).update(state=State.PENDING)
    begin(world, "owner", products)
    tasks.run_bulk(run_of(world).pk)
    found = outcomes(world)
    assert [found[name][0] for name in sorted(found)] == ["done", "refused", "done"]
    assert "Being set up" in found["site001.ch"][1]


def test_what_went_to_another_organization_is_not_touched(world: World) -> None:
    products = add(world, 2)
    begin(world, "owner", products)
    with tenancy.every_organization():
        Product.objects.filter(pk=products[0].pk).update(organization=world.other)
    tasks.run_bulk(run_of(world).pk)
    assert outcomes(world)["site000.ch"][0] == "refused"
    with tenancy.scope(world.other.pk):
        assert Product.objects.get(pk=products[0].pk).state == State.ACTIVE


class Killed(BaseException):
    """As kill -9: nothing after it runs."""


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_worker_that_dies_loses_nothing_and_repeats_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, at: int, before: bool
) -> None:
    """Between the action and its record, or before either."""
    products = add(world, 3)
    begin(world, "owner", products)
    run = run_of(world)
    real, calls = (actions.carry_out, actions.note)[not before], []

    def dying(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == at:
            raise Killed
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(actions, "carry_out" if before else "note", dying)
        with pytest.raises(Killed):
            tasks.run_bulk(run.pk)
    tenancy.leave()
    # Its lease keeps everybody else away, until it is over.
    tasks.run_bulk(run.pk)
    assert not run_of(world).finished_at
    woken: list[int] = []
    monkeypatch.setattr(actions, "wake", lambda task, pk: woken.append(pk))
    tasks.sweep_bulk()
    assert woken == []
    with tenancy.every_organization():
        BulkRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep_bulk()
    assert woken == [run.pk]
    tasks.run_bulk(run.pk)
    assert states(world, products) == [State.SUSPENDED] * 3
    assert {state for state, _message in outcomes(world).values()} == {"done"}
    with tenancy.scope(world.acme.pk):
        assert Job.objects.filter(verb="suspend").count() == 3
        assert Event.objects.filter(verb="product.suspend").count() == 3


def test_a_worker_that_was_taken_over_records_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(world, "owner", add(world, 3))
    run = run_of(world)
    real = actions.carry_out

    def slow(*arguments: Any) -> Any:
        with tenancy.every_organization():
            BulkRun.objects.update(attempt=99)
        return real(*arguments)

    monkeypatch.setattr(actions, "carry_out", slow)
    tasks.run_bulk(run.pk)
    assert {state for state, _message in outcomes(world).values()} == {"waiting"}
    assert not run_of(world).finished_at


def test_a_label_is_set_and_nothing_else_takes_a_text(world: World) -> None:
    products = add(world, 2)
    begin(world, "owner", products, "label", text="Client: Rebstock")
    tasks.run_bulk(run_of(world).pk)
    with tenancy.scope(world.acme.pk):
        assert set(Product.objects.filter(name__startswith="site").values_list("label", flat=True)) == {
            "Client: Rebstock"
        }
    begin(world, "owner", products, "suspend", text="ignored")
    with tenancy.scope(world.acme.pk):
        assert list(BulkRun.objects.order_by("pk").values_list("text", flat=True)) == ["Client: Rebstock", ""]


@pytest.mark.parametrize(
    "data",
    [
        {"action": "delete"},
        {"action": ""},
        {"key": "x"},
        {"text": "a\u202eb", "action": "label"},
        {"product": ["x", "-1", "9" * 30]},
    ],
)
def test_bad_input_changes_nothing(world: World, data: dict[str, Any]) -> None:
    assert begin(world, "owner", add(world, 1), **data).status_code == 422
    with tenancy.scope(world.acme.pk):
        assert not BulkRun.objects.exists()


def test_a_run_is_seen_by_who_began_it_and_who_sees_every_product(world: World) -> None:
    begin(world, "technician", [world.products["hosting"]], "observe")
    address = f"/o/acme/bulk/{run_of(world).pk}/"
    tasks.run_bulk(run_of(world).pk)
    statuses = {person: world.client(person).get(address).status_code for person in ("technician", "owner", "viewer")}
    assert statuses == {"technician": 200, "owner": 200, "viewer": 404}
    assert world.client("outsider").get(address).status_code == 404
    table = world.client("owner").get(f"{address}?format=csv")
    assert table["Content-Type"].startswith("text/csv")
    assert world.products["hosting"].name in table.text
    assert world.client("viewer").post(f"{address}retry/").status_code == 404


def test_its_page_asks_the_same_however_many_there_are(world: World) -> None:
    products = add(world, 90)
    begin(world, "owner", products[:2])
    client = world.client("owner")
    with tenancy.scope(world.acme.pk):
        run = BulkRun.objects.get()
    client.get(f"/o/acme/bulk/{run.pk}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/o/acme/bulk/{run.pk}/")
    begin(world, "owner", products)
    with tenancy.scope(world.acme.pk):
        many_run = BulkRun.objects.order_by("-pk")[0]
    with CaptureQueriesContext(connection) as many:
        client.get(f"/o/acme/bulk/{many_run.pk}/")
    assert len(many) == len(few) <= 12


def test_there_is_an_end_of_how_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 2)
    answer = begin(world, "owner", add(world, 3))
    assert answer.status_code == 422
    assert "At most 2 products at once" in answer.text


def test_a_transfer_begins_with_what_is_ticked(world: World) -> None:
    products = add(world, 3)
    client = world.client("owner")
    answer = begin(world, "owner", products[:2], "transfer")
    assert answer["Location"] == f"/o/acme/transfers/new/?product={products[0].pk}&product={products[1].pk}"
    page = client.get(answer["Location"]).text
    assert [f'value="{product.pk}"' in page for product in products] == [True] * 3
    assert page.count(" checked") >= 2
    with tenancy.scope(world.acme.pk):
        assert not BulkRun.objects.exists()
