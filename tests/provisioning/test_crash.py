"""Whoever is killed, at whichever step: one zone, the product active, one charge."""

import os
from collections.abc import Iterator
from typing import Any

import dns.message
import dns.query
import dns.rdatatype
import pytest
import requests

from billing.actions import cart as carts
from billing.actions import order as orders
from billing.actions import payment as payments
from billing.gateways.test import TestGateway
from billing.models import Cart, Entry, Invoice, Order
from billing.models.ledger import Account
from manager.dev.rig import PowerDNS
from organizations import tenancy
from products.models import Job, Product
from products.models.job import JobState
from products.models.product import State
from tests import people
from tests.people import World
from tests.provisioning.plant import Plant, running, until

STEPS = ("start", "register", "zone", "records", "check")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        bool(PowerDNS.missing()) and os.environ.get("CI") != "true", reason="PowerDNS is not installed here"
    ),
]


@pytest.fixture(scope="module")
def plant(django_db_setup: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    with running(tmp_path_factory.mktemp("plant")) as plant:
        yield plant


@pytest.fixture
def bought(plant: Plant) -> Iterator[tuple[World, Order]]:
    """An order of one domain, paid once; nothing was done for it yet but by the plant."""
    plant.clear()
    plant.go_on()
    world = people.make()
    access = world.access("owner")
    cart = Cart.objects.create()
    carts.add(cart, plan=world.plans["domains"], name="crash.ch", options={})
    yield world, orders.place(cart, world.acme, by=access)
    plant.clear()
    tenancy.leave()
    requests.delete(
        f"{plant.dns.url}/api/v1/servers/localhost/zones/crash.ch.", headers={"X-API-Key": plant.dns.key}, timeout=5
    )
    plant.rest()
    (plant.folder / "sandbox" / "world.sqlite3").unlink(missing_ok=True)


def pay(world: World, order: Order) -> Product:
    payments.pay(order, "approve", by=world.access("owner"))
    return Product.objects.get(name="crash.ch")


def job_of(product: Product) -> Job:
    return Job.objects.get(product=product)


def delivered_once(plant: Plant, world: World, product: Product) -> None:
    until(lambda: plant.tended() and job_of(product).state == JobState.SUCCEEDED, "the job's end", plant.logs)
    product.refresh_from_db()
    assert product.state == State.ACTIVE
    zones = requests.get(
        f"{plant.dns.url}/api/v1/servers/localhost/zones", headers={"X-API-Key": plant.dns.key}, timeout=5
    ).json()
    assert [(zone["name"], zone["account"]) for zone in zones] == [("crash.ch.", product.key.hex)]
    question = dns.message.make_query("crash.ch.", "SOA")
    (answer,) = dns.query.udp(question, "127.0.0.1", port=plant.dns.port, timeout=5).answer
    assert (answer.rdtype, len(answer)) == (dns.rdatatype.SOA, 1)
    assert [amount for _key, amount, _currency in TestGateway().captured()] == [1081]
    assert list(Entry.objects.filter(account=Account.CASH).values_list("amount", flat=True)) == [1081]
    assert Invoice.objects.count() == 1
    assert Job.objects.filter(product__name="crash.ch").count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_worker_killed(plant: Plant, bought: tuple[World, Order], step: str) -> None:
    world, order = bought
    plant.die(step)
    product = pay(world, order)
    until(lambda: not plant.worker.alive(), "the worker's death", plant.logs)
    assert job_of(product).state == JobState.RUNNING
    plant.worker.start()
    delivered_once(plant, world, product)
    assert job_of(product).attempt == 2


@pytest.mark.parametrize("step", STEPS)
def test_redis_killed(plant: Plant, bought: tuple[World, Order], step: str) -> None:
    world, order = bought
    plant.hold(step)
    product = pay(world, order)
    plant.reached(step)
    plant.valkey.kill()
    plant.release(step)
    plant.valkey.start()
    delivered_once(plant, world, product)


def test_redis_killed_before_the_worker_was_told(plant: Plant, bought: tuple[World, Order]) -> None:
    world, order = bought
    plant.valkey.kill()
    product = pay(world, order)
    assert job_of(product).state == JobState.QUEUED
    plant.valkey.start()
    delivered_once(plant, world, product)


@pytest.mark.parametrize("step", STEPS)
def test_name_server_killed(plant: Plant, bought: tuple[World, Order], step: str) -> None:
    world, order = bought
    plant.hold(step)
    product = pay(world, order)
    plant.reached(step)
    plant.dns.kill()
    plant.release(step)
    if step != "check":  # after the last call nobody asks the name server any more
        until(lambda: plant.tended() and job_of(product).state == JobState.WAITING, "the job's waiting", plant.logs)
        assert "did not reply" in job_of(product).error
    plant.dns.start()
    delivered_once(plant, world, product)
