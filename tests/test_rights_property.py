"""For every world that can be drawn, all who answer agree: oracle, engine, lists, counters, search, export, pages,
controls, requests, API tokens, and guardian.
"""

import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from guardian.shortcuts import get_perms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations import tenancy
from organizations.access import Access
from organizations.models import Membership
from products.access import decide
from products.backends import access_of
from products.models import Job, Product
from tests import people
from tests.worlds import NAMES, PEOPLE, PLACES, Ground, World, drawn_worlds, ground

pytestmark = pytest.mark.django_db

WORLDS = settings(
    max_examples=int(os.environ.get("WORLDS", "500")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def land(db: Any) -> Ground:
    return ground()


@contextmanager
def built(land: Ground, drawn: dict[str, Any]) -> Iterator[World]:
    """The world exists inside the block; nothing of it is left after."""
    block = transaction.atomic()
    block._from_testcase = True  # it is the test's own, so actions may still be the outermost
    # Tries with the tokens of earlier worlds do not count in this one.
    cache.clear()
    with block:
        tenancy.leave()
        world = World(land, drawn)
        world.build()
        yield world
        tenancy.leave()
        transaction.set_rollback(True)
    tenancy.mark(tenancy.UNKNOWN)
    tenancy.leave()


@given(drawn=drawn_worlds)
@WORLDS
def test_engine_lists_and_guardian_agree_with_the_oracle(land: Ground, drawn: dict[str, Any]) -> None:
    with built(land, drawn) as world:
        for place, organization in land.places.items():
            for person, user in land.users.items():
                tenancy.enter(user=user.pk, organizations=frozenset({organization.pk}))
                membership = Membership.objects.filter(organization=organization, user=user).first()
                if membership is None:
                    assert access_of(user, organization) is None
                    continue
                agree(world, Access(user, organization, membership), place, person)


def agree(world: World, access: Access, place: str, person: str) -> None:
    visible = set(Product.objects.visible_to(access).values_list("pk", flat=True))
    rows = {product.pk: product for product in Product.objects.with_rights(access)}
    whole = set(get_perms(access.user, access.organization))
    for at, product in enumerate(world.ground.products[place]):
        names = product.kind.all_permissions
        wanted = {name for name in names if world.expects(place, person, at, name)}
        assert {name for name in names if decide(access, name, rows[product.pk])} == wanted
        assert (product.pk in visible) == ("view" in wanted)
        assert access.user.get_all_permissions(rows[product.pk]) == wanted
        assert access.user.has_perm("products.configure", rows[product.pk]) == ("configure" in wanted)
        if access.rights and not access.membership.role.startswith(("legal", "admin")):
            rows_say = set(get_perms(access.user, product)) & set(names)
            granted = rows_say | {name.partition(".")[2] for name in whole if name.startswith(f"{product.kind_slug}.")}
            assert (granted if "view" in granted else set()) == wanted


# What can be done to a product: the permission it takes, the kinds that know it, what is posted, what changes by it.
VERBS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "suspend": ("lifecycle", ("domains", "hosting", "email"), {}),
    "cancel": ("lifecycle", ("domains", "hosting", "email"), {}),
    "label": ("configure", ("domains", "hosting", "email"), {"text": "drawn"}),
    "observe": ("configure", ("domains", "hosting", "email"), {}),
    "configure": ("configure", ("hosting", "email"), {"php_version": "8.3", "spam_filter": "strict"}),
    "point": ("dns", ("domains",), {"ipv4": "192.0.2.9"}),
}
# Pages of an organization, and the rights of which any opens them.
PAGES = {
    "members": {"members"},
    "teams": {"members"},
    "invitations": {"members"},
    "settings": {"edit"},
    "orders": {"order", "billing"},
    "invoices": {"billing"},
    "transfers": {"order"},
}


@given(
    drawn=drawn_worlds,
    place=st.sampled_from(PLACES),
    person=st.sampled_from(PEOPLE),
    at=st.integers(0, 3),
    verb=st.sampled_from(sorted(VERBS)),
    page=st.sampled_from(sorted(PAGES)),
)
@WORLDS
def test_pages_controls_and_requests_agree_with_the_oracle(
    land: Ground, drawn: dict[str, Any], place: str, person: str, at: int, verb: str, page: str
) -> None:
    with built(land, drawn) as world:
        client = Client()
        people.sign_in(client, land.users[person])
        one_product(world, client, place, person, at, verb)
        if not world.is_open(place, person):
            closed = 403 if world.member(place, person) else 404
            for address in ("", f"{page}/", "search/?q=one", "activity/", "hosting/"):
                assert client.get(f"/o/{place}/{address}").status_code == closed
        else:
            sets(client, place, seen(world, place, person))
            one_page(world, client, place, person, page)
        everywhere(world, client, person)
        api(world, Client(headers={"Authorization": "Bearer prt_drawn"}))


def one_product(world: World, client: Client, place: str, person: str, at: int, verb: str) -> None:
    """The page, its control and the request of the control say the same."""
    product = world.ground.products[place][at]
    permission, kinds, data = VERBS[verb]
    if product.kind_slug not in kinds:
        return
    address = f"/o/{place}/{product.kind_slug}/{product.pk}/"
    entered = world.is_open(place, person)
    sees, may = (entered and world.expects(place, person, at, name) for name in ("view", permission))
    page = client.get(address)
    closed = 403 if world.member(place, person) and not entered else 404
    assert page.status_code == (200 if sees else closed)
    assert (f'action="{address}{verb}/"' in page.content.decode()) == (sees and may)
    before = written(product)
    answer = client.post(f"{address}{verb}/", data)
    assert answer.status_code == (303 if sees and may else 403 if sees else closed)
    assert (written(product) != before) == (sees and may)


def written(product: Product) -> tuple[Any, ...]:
    """What a request can change of a product."""
    with tenancy.scope(product.organization_id):
        found = Product.objects.get(pk=product.pk)
        return found.state, found.label, list(Job.objects.filter(product=found).values_list("verb", "state"))


def one_page(world: World, client: Client, place: str, person: str, page: str) -> None:
    """The sidebar leads to a page if and only if it opens."""
    opens = bool(PAGES[page] & world.rights(place, person))
    home = client.get(f"/o/{place}/").content.decode()
    sidebar = home[home.index('id="sidebar"') : home.index("<main")]
    assert client.get(f"/o/{place}/{page}/").status_code == (200 if opens else 403)
    # Invitations are a tab of the users' page.
    if page != "invitations":
        assert (f'href="/o/{place}/{page}/"' in sidebar) == opens


def seen(world: World, place: str, person: str) -> set[tuple[str, str]]:
    """Kind and id of every product that the person should see there."""
    if not world.is_open(place, person):
        return set()
    products = enumerate(world.ground.products[place])
    return {(each.kind_slug, str(each.pk)) for at, each in products if world.expects(place, person, at, "view")}


def linked(page: str, place: str) -> set[tuple[str, str]]:
    """Kind and id of every product that the page leads to."""
    return set(re.findall(rf'href="/o/{place}/(\w+)/(\d+)/"', page[page.index("<main") :]))


def sets(client: Client, place: str, expected: set[tuple[str, str]]) -> None:
    """Lists, counters and search show the same set."""
    home = client.get(f"/o/{place}/").content.decode()
    counted = [int(number) for number in re.findall(r'class="tile-count number">(\d+)<', home)]
    assert sum(counted) == len(expected)
    lists = [client.get(f"/o/{place}/{kind}/").content.decode() for kind in {kind for kind, _name in NAMES}]
    assert {each for page in lists for each in linked(page, place)} == expected
    assert linked(client.get(f"/o/{place}/search/?q={place}-").content.decode(), place) == expected


def names_in(page: str) -> set[str]:
    return set(re.findall(r"(?:north|south)-(?:one|two)\.ch", page))


def everywhere(world: World, client: Client, person: str) -> None:
    """The list over all organizations shows exactly what each of them shows."""
    page = client.get("/everywhere/").content.decode()
    for place in PLACES:
        assert linked(page, place) == seen(world, place, person)


def api(world: World, client: Client) -> None:
    """A token opens what its person may, as far as its own scope goes."""
    token = world.drawn["token"]
    place, person = token["place"], token["of"]
    answer = client.get(f"/api/v1/o/{place}/products/")
    if not world.is_active(place, person):
        assert answer.status_code == 401
        return
    if not world.is_open(place, person):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "second_factor"
        return
    covered = set(range(4)) if token["products"] is None else token["products"]
    wanted = {
        product.pk: {
            name: "view" in token["permissions"]
            and name in token["permissions"]
            and world.expects(place, person, at, name)
            for name in product.kind.all_permissions
        }
        for at, product in enumerate(world.ground.products[place])
        if at in covered and "view" in token["permissions"] and world.expects(place, person, at, "view")
    }
    if answer.status_code == 403:
        assert "view" not in token["permissions"]
        return
    assert answer.status_code == 200
    rows = next(value for value in answer.json().values() if isinstance(value, list))
    assert {row["id"]: row["rights"] for row in rows} == wanted


@given(drawn=drawn_worlds, person=st.sampled_from(PEOPLE))
@settings(WORLDS, max_examples=60)
def test_the_export_shows_what_the_log_shows(land: Ground, drawn: dict[str, Any], person: str) -> None:
    """Of the products one sees, and no other."""
    from organizations.events import record

    with built(land, drawn) as world:
        for place, organization in land.places.items():
            with tenancy.scope(organization.pk):
                for product in land.products[place]:
                    record("product.suspend", product, by=None, organization=organization)
        client = Client()
        people.sign_in(client, land.users[person])
        for place in PLACES:
            if not world.is_open(place, person):
                continue
            page = client.get(f"/o/{place}/activity/").content.decode()
            expected = {
                product.name
                for at, product in enumerate(land.products[place])
                if world.expects(place, person, at, "view")
            }
            export = client.post(f"/o/{place}/activity/export/").getvalue().decode()
            rows = list(csv.reader(io.StringIO(export)))
            assert names_in(page[page.index("<main") :]) == expected
            assert names_in(export) == expected
            assert len(rows) - 1 == sum(world.expects(place, person, at, "view") for at in range(len(NAMES)))
