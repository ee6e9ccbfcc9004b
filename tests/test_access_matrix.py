import re
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from manager.checks import views
from organizations import tenancy
from tests.access_matrix import MATRIX, SIGN_IN, UNKNOWN, Row
from tests.people import EVERYBODY, VIEWING, World

METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
FRAGMENT = {"HX-Request": "true", "HX-Target": "main", "HX-Current-URL": "http://testserver/profile/"}


def named() -> set[str]:
    """Every name in the URL configuration, with its namespace."""
    return {name for name, _view in views()}


def test_every_address_is_in_the_matrix() -> None:
    assert named() == MATRIX.keys() | SIGN_IN.keys()


def expected(row: Row, method: str, person: str, organization: bool) -> int:
    table = {"GET": row.get, "HEAD": row.get if row.head else None, "POST": row.post}.get(method)
    if table is None:
        return 302 if person in UNKNOWN and not row.public else 405
    if person == VIEWING and organization:
        return 403 if method == "POST" else table["viewer"]
    return table[person]


@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("name", MATRIX)
def test_who_gets_what(world: World, name: str, fragment: bool) -> None:
    row = MATRIX[name]
    with tenancy.scope(world.acme.pk):
        row.prepare(world)
        arguments = row.arguments(world)
        address, data = reverse(name, kwargs=arguments), row.data(world)
    wrong = {}
    headers = FRAGMENT if fragment else {}
    clients = {person: world.client(person, headers=headers) for person in EVERYBODY}
    for method in METHODS[:2] if fragment else METHODS:
        for person in EVERYBODY:
            got = answer(clients[person], person, method, address, data)
            want = expected(row, method, person, "organization" in arguments)
            if fragment and (want == 303 or (want == 302 and person in UNKNOWN and not row.public)):
                want = 200
            if got != want:
                wrong[method, person] = (got, want)
    assert not wrong, f"{name}: got, wanted: {wrong}"


def answer(client: Client, person: str, method: str, address: str, data: dict[str, Any]) -> int:
    """The status; what the request changed is undone."""
    undone = transaction.atomic()
    undone._from_testcase = True  # it is the test's own, so actions may still be the outermost
    with undone:
        response = getattr(client, method.lower())(address, data if method in ("GET", "POST") else None)
        tenancy.leave()
        transaction.set_rollback(True)
    if response.status_code == 302 and person in UNKNOWN and "/accounts/login/" not in response["Location"]:
        assert name_of(address) == "landing"
    return response.status_code


def name_of(address: str) -> str:
    return str(resolve(address).url_name)


@pytest.mark.parametrize("name", SIGN_IN)
def test_the_pages_of_the_sign_in_library(world: World, name: str) -> None:
    try:
        address = reverse(name)
    except NoReverseMatch:
        arguments = {"pk": 1} if name.endswith("webauthn") else {"uidb36": "1", "key": "x"}
        address = reverse(name, kwargs=arguments)
    statuses = tuple(world.client(person).get(address).status_code for person in ("anonymous", "nobody"))
    assert statuses == SIGN_IN[name]


def test_a_product_of_another_organization_is_found_by_nobody_here(world: World) -> None:
    foreign = world.foreign["hosting"]
    for name, row in MATRIX.items():
        arguments = row.arguments(world) if "prod" in name or ":" in name or name == "job_retry" else {}
        if "product" not in arguments or "hosting" not in (arguments.get("kind"), name.split(":")[0]):
            continue
        address = reverse(name, kwargs=arguments | {"product": foreign.pk})
        for method in ("get", "post"):
            if getattr(row, method) is None:
                continue
            for person in ("owner", "administrator", "technician"):
                assert getattr(world.client(person), method)(address).status_code == 404, (name, person)


# Every id that some view answers with a part of its page.
TARGETS = sorted(
    {
        target
        for app in ("manager", "organizations", "products", "billing")
        for path in (settings.ROOT / app).rglob("*.py")
        for parts in re.findall(r"fragments=[\[{]([^\]}]+)[\]}]", path.read_text())
        for target in re.findall(r'"([a-z-]+)"(?=\s*(?:[:,]|$))', parts)
    }
)


@pytest.mark.parametrize("name", [name for name, row in MATRIX.items() if row.get is not None and not row.public])
def test_a_named_part_of_a_page_is_as_closed_as_the_page(world: World, name: str) -> None:
    row = MATRIX[name]
    with tenancy.scope(world.acme.pk):
        row.prepare(world)
        arguments = row.arguments(world)
        address = reverse(name, kwargs=arguments)
    for person in ("outsider", "collaborator", "suspended"):
        want = expected(row, "GET", person, "organization" in arguments)
        for target in TARGETS:
            headers = {"HX-Request": "true", "HX-Target": target}
            answer = world.client(person, headers=headers).get(address)
            assert answer.status_code == want, (person, target)


def test_there_are_parts() -> None:
    assert {"rows", "people", "levels", "palette-results", "progress"} <= set(TARGETS)
