"""The API for programs: a token gives what its person may, narrowed by what it says, and nothing to anybody else."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from guardian.shortcuts import remove_perm

from accounts import tries
from accounts.models import User
from organizations import tenancy
from organizations.access import Access
from organizations.decisions import Narrowing
from organizations.events import record
from organizations.models import Membership, Organization
from products.access import decide
from products.models import ApiToken, ApiTokenProduct, Product
from tests import people
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db

LIST = "/api/v1/o/acme/products/"
EVERYTHING = ["view", "configure", "statistics", "lifecycle", "sites", "databases", "dns"]


def issue(world: World, person: str, raw: str = "prt_test", *only: Product, **fields: Any) -> ApiToken:
    """A token of this person, for these products or for all."""
    organization: Organization = fields.pop("organization", world.acme)
    values = {"name": "Script", "prefix": raw[:12], "permissions": EVERYTHING, "all_products": not only} | fields
    digest = sha256(raw.encode()).hexdigest()
    with tenancy.scope(organization.pk):
        user = world.users[person]
        token = ApiToken.objects.create(organization=organization, user=user, digest=digest, **values)
        for product in only:
            ApiTokenProduct.objects.create(token=token, product=product, organization=organization)
    return token


def ask(path: str = LIST, raw: str = "prt_test", **query: Any) -> HttpResponse:
    return Client(headers={"Authorization": f"Bearer {raw}"}).get(path, query)


def ids(response: HttpResponse) -> set[int]:
    assert response.status_code == 200, response.content
    return {row["id"] for row in response.json()["products"]}


def add_factor(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_a_product_is_told_with_what_the_token_may_do(world: World) -> None:
    hosting = world.products["hosting"]
    issue(world, "owner", "prt_test", hosting, permissions=["view", "sites"])
    (row,) = ask().json()["products"]
    assert (row["id"], row["kind"], row["name"], row["state"], row["plan"]) == (
        hosting.pk,
        "hosting",
        "acme.ch",
        "active",
        "basic",
    )
    assert {name for name, held in row["rights"].items() if held} == {"view", "sites"}
    assert set(row["rights"]) == set(hosting.kind.all_permissions)
    one = ask(row["url"])
    assert one.status_code == 200
    assert {**row, "facts": {}, "observed_at": None} == one.json()


def test_a_token_for_one_product_lists_and_opens_that_one_only(world: World) -> None:
    issue(world, "owner", "prt_test", world.products["hosting"])
    assert ids(ask()) == {world.products["hosting"].pk}
    for other in (world.products["email"], world.products["domains"], world.foreign["hosting"]):
        answer = ask(f"{LIST}{other.pk}/")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert ask(f"{LIST}999999999/").content == answer.content


@pytest.mark.parametrize("person", [name for name in MEMBERS if name not in ("suspended", "expired")])
@pytest.mark.parametrize("narrowed", [False, True], ids=["all", "one"])
def test_it_is_the_intersection_with_the_rights_of_its_person(world: World, person: str, narrowed: bool) -> None:
    hosting, permissions = world.products["hosting"], ["view", "statistics", "databases"]
    issue(world, person, "prt_test", *([hosting] if narrowed else []), permissions=permissions)
    access = world.access(person)
    visible = list(Product.objects.visible_to(access).with_rights(access))
    wanted = {
        product.pk: {name for name in permissions if decide(access, name, product)}
        for product in visible
        if not narrowed or product == hosting
    }
    tenancy.leave()
    listed = {row["id"]: {name for name, held in row["rights"].items() if held} for row in ask().json()["products"]}
    assert listed == wanted
    for product in world.products.values():
        assert (ask(f"{LIST}{product.pk}/").status_code == 200) == (product.pk in wanted)


def test_what_the_person_loses_the_token_loses(world: World) -> None:
    hosting = world.products["hosting"]
    issue(world, "technician")
    assert ids(ask()) == {hosting.pk}
    with tenancy.scope(world.acme.pk):
        remove_perm("view", world.users["technician"], hosting)
    assert ids(ask()) == set()


def suspend(world: World) -> None:
    Membership.objects.filter(user=world.users["technician"]).update(suspended_at=timezone.now())


def end(world: World) -> None:
    Membership.objects.filter(user=world.users["technician"]).update(expires_at=timezone.now())


def remove(world: World) -> None:
    Membership.objects.filter(user=world.users["technician"]).delete()


def deactivate(world: World) -> None:
    User.objects.filter(pk=world.users["technician"].pk).update(is_active=False)


def revoke(world: World) -> None:
    ApiToken.objects.filter(user=world.users["technician"]).update(revoked_at=timezone.now())


def expire(world: World) -> None:
    ApiToken.objects.filter(user=world.users["technician"]).update(expires_at=timezone.now())


def delete(world: World) -> None:
    Organization.objects.filter(pk=world.acme.pk).update(deleted_at=timezone.now())


@pytest.mark.parametrize("happens", [suspend, end, remove, deactivate, revoke, expire, delete])
def test_it_reaches_the_next_request(world: World, happens: Any) -> None:
    issue(world, "technician")
    assert ids(ask()) == {world.products["hosting"].pk}
    with tenancy.scope(world.acme.pk):
        happens(world)
    answer = ask()
    assert answer.status_code == 401
    assert answer.content == ask(raw="prt_nonsense").content


def test_every_refusal_is_the_same(world: World) -> None:
    issue(world, "outsider", "prt_elsewhere", organization=world.other)
    assert ids(ask("/api/v1/o/other/products/", "prt_elsewhere"))
    bare = Client().get(LIST)
    answers = [
        bare,
        ask(raw="prt_elsewhere"),
        ask(raw="prt_expired_token"),
        ask(raw="prt_"),
        ask(raw="x" * 5000),
        ask("/api/v1/o/nothing/products/", "prt_elsewhere"),
        Client().get(LIST, {"token": "prt_token", "access_token": "prt_token"}),
        Client(headers={"Authorization": "Basic prt_token"}).get(LIST),
        world.client("owner").get(LIST),
        world.client("staff").get(LIST),
    ]
    for answer in answers:
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
        assert answer.content == bare.content
        assert answer["Content-Type"] == "application/json"


def test_a_session_neither_helps_nor_hinders(world: World) -> None:
    issue(world, "viewer")
    client = world.client("outsider", headers={"Authorization": "Bearer prt_test"}, enforce_csrf_checks=True)
    assert ids(client.get(LIST)) == {world.products["hosting"].pk}
    answer = client.post(LIST)
    assert (answer.status_code, answer.json()["error"]["code"], answer["Allow"]) == (
        405,
        "method_not_allowed",
        "GET, HEAD",
    )


def test_without_the_permission_to_see_it_says_why(world: World) -> None:
    issue(world, "owner", permissions=["statistics"])
    answer = ask()
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert "Script" in answer.json()["error"]["message"]


def test_while_a_second_factor_is_asked_for_tokens_of_who_has_none_are_refused(world: World) -> None:
    issue(world, "viewer")
    soon, past = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    Organization.objects.filter(pk=world.acme.pk).update(second_factor_from=soon)
    assert ask().status_code == 200
    Organization.objects.filter(pk=world.acme.pk).update(second_factor_from=past)
    answer = ask()
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "second_factor")
    Authenticator.objects.create(user=world.users["viewer"], type=Authenticator.Type.RECOVERY_CODES, data={})
    assert ask().status_code == 403
    add_factor(world.users["viewer"])
    assert ask().status_code == 200


def test_only_this_organization_is_in_sight(world: World) -> None:
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["owner"], role="administrator")
    issue(world, "owner")
    assert ids(ask()) == {product.pk for product in world.products.values()}
    assert ask("/api/v1/o/other/products/").status_code == 401


def test_filters(world: World) -> None:
    issue(world, "owner")
    with tenancy.scope(world.acme.pk):
        shop = people.product(world.acme, world.plans["hosting"], "shop.ch")
        Product.objects.filter(pk=shop.pk).update(label="Till")
        gone = people.product(world.acme, world.plans["email"], "gone.ch", state="cancelled")
    assert ids(ask(q="TILL")) == ids(ask(q="shop")) == {shop.pk}
    assert ids(ask(kind="hosting")) == {shop.pk, world.products["hosting"].pk}
    assert ids(ask(state="cancelled")) == {gone.pk}
    assert gone.pk not in ids(ask())
    for wrong in ({"kind": "boats"}, {"state": "lost"}, {"limit": "101"}, {"limit": "0"}, {"after": "x"}):
        answer = ask(**wrong)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
        assert next(iter(wrong)) in answer.json()["error"]["message"]


def test_page_by_page_each_product_comes_once(world: World) -> None:
    issue(world, "owner")
    with tenancy.scope(world.acme.pk):
        for number in range(5):
            people.product(world.acme, world.plans["hosting"], f"site{number}.ch")
    everything, seen, path = ids(ask()), [], f"{LIST}?limit=3&q=.ch"
    while path:
        answer = ask(path).json()
        assert len(answer["products"]) <= 3
        seen += [row["id"] for row in answer["products"]]
        path = answer["next"]
    assert len(seen) == len(set(seen)) == 8
    assert set(seen) == everything


@pytest.mark.parametrize("person", ["owner", "viewer"])
def test_the_number_of_queries_depends_on_nothing(world: World, person: str) -> None:
    token = issue(world, person)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask()
        return len(captured)

    ask()
    before = queries()
    with tenancy.scope(world.acme.pk):
        for number in range(20):
            product = people.product(world.acme, world.plans["hosting"], f"site{number}.ch")
            ApiTokenProduct.objects.create(token=token, product=product, organization=world.acme)
    assert queries() == before <= 9


def test_when_and_from_where_it_was_used_is_kept_once_a_minute(world: World) -> None:
    token = issue(world, "owner")
    ask()
    with tenancy.scope(world.acme.pk):
        token.refresh_from_db()
        first = token.last_used_at
        assert first is not None
        assert token.last_used_address == "127.0.0.1"
    ask()
    with tenancy.scope(world.acme.pk):
        token.refresh_from_db()
        assert token.last_used_at == first
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(minutes=2))
    ask()
    with tenancy.scope(world.acme.pk):
        token.refresh_from_db()
        assert token.last_used_at > first


def test_wrong_tokens_are_counted_and_a_valid_one_still_passes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST", 3)
    issue(world, "owner")
    assert [ask(raw=f"prt_{number}").status_code for number in range(5)] == [401, 401, 401, 429, 429]
    answer = ask(raw="prt_9")
    assert (answer.json()["error"]["code"], answer["Retry-After"]) == ("too_many_tries", "600")
    assert ask().status_code == 200
    # Whoever sends none does not guess.
    assert Client().get(LIST).status_code == 401


def test_answers_are_kept_by_no_cache_and_head_says_the_same(world: World) -> None:
    issue(world, "owner")
    client = Client(headers={"Authorization": "bearer prt_test"})
    got, head = client.get(LIST), client.head(LIST)
    assert (head.status_code, head.content) == (200, b"")
    assert got["Cache-Control"] == head["Cache-Control"] == ask(raw="prt_x")["Cache-Control"] == "private, no-store"


def test_the_log_says_through_which_token(world: World) -> None:
    access = world.access("owner")
    narrowing = Narrowing("Backup", frozenset({"view"}), None)
    by = Access(access.user, access.organization, access.membership, "192.0.2.7", narrowing=narrowing)
    event = record("product.label", world.products["hosting"], by=by, organization=world.acme, label=["", "x"])
    assert (event.via, event.actor_email) == ("Backup", "owner@example.com")
