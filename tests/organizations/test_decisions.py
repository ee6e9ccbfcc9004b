"""The engine says why: by role, by whose grant, since when, until when, through which team; or what is missing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import User
from organizations import tenancy
from organizations.access import Denied
from organizations.decisions import Narrowing, Source
from organizations.models import Membership, OrganizationUserGrant
from organizations.roles import Right
from products import effective
from products.access import decide, require
from products.actions.grant import Target, set_rights
from products.models import Product, ProductUserGrant
from tests.people import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def hosting(world: World, person: str) -> Product:
    return Product.objects.with_rights(world.access(person)).get(pk=world.products["hosting"].pk)


def test_a_role_is_named() -> None:
    day = timezone.now().replace(year=2026, month=5, day=3, hour=12)
    assert str(Source("Marie Dupont", day)) == "Given by Marie Dupont on 3 May 2026"
    assert str(Source("", day)) == "Given by somebody who is gone on 3 May 2026"
    assert str(Source("Marie Dupont", day, team="Web")).startswith("Through the team Web, given by Marie Dupont")
    assert "until 4 May 2026" in str(Source("Marie Dupont", day, day + DAY))


def test_by_role(world: World) -> None:
    decision = decide(world.access("owner"), "lifecycle", hosting(world, "owner"))
    assert decision.allowed
    assert decision.reason == "Your role: Legal representative"
    assert decision.product == world.products["hosting"].pk


def test_by_whom_and_until_when(world: World) -> None:
    until = timezone.now() + 30 * DAY
    set_rights(world.users["collaborator"], world.products["hosting"], {"view"}, until=until, by=world.access("owner"))
    decision = decide(world.access("collaborator"), "view", hosting(world, "collaborator"))
    [source] = decision.sources
    assert (source.by, source.team, source.until) == ("Owner Tester", "", until)
    assert str(decision.reason).startswith("Given by Owner Tester on ")
    assert ", until " in str(decision.reason)


@pytest.mark.parametrize("target", ["product", "kind"])
def test_who_gave_it_is_told_the_same_everywhere(world: World, target: str) -> None:
    """By name, else by address; and nobody once they are gone. In the decision, in lists of people, and of products."""
    giver, product = world.users["owner"], world.products["hosting"]
    wanted: Target = product.kind if target == "kind" else product
    set_rights(world.users["collaborator"], wanted, {"view"}, by=world.access("owner"))
    for name, named in (("Owner", "Owner"), ("", "owner@example.com"), (None, "")):
        if name is None:
            tables = (ProductUserGrant, OrganizationUserGrant)
            assert sum(table.objects.filter(granted_by=giver).update(granted_by=None) for table in tables) == 1
        else:
            User.objects.filter(pk=giver.pk).update(first_name=name, last_name="")
        user, access = world.users["collaborator"], world.access("collaborator")
        [source] = decide(access, "view", hosting(world, "collaborator")).sources
        holding = effective.of_people(product, [user.pk])[user.pk]
        [[other]] = [*holding.here.values(), *holding.whole.values()]
        whole = effective.on_kinds(user, world.acme)["hosting"].here
        listed = effective.on_product(Product.objects.with_grants_of(user).get(pk=product.pk), whole)
        [[third]] = [*listed.here.values(), *listed.whole.values()]
        assert source == other == third
        assert source.by == named


def test_through_which_team(world: World) -> None:
    decision = decide(world.access("teammate"), "configure", hosting(world, "teammate"))
    assert [source.team for source in decision.sources] == ["Web"]
    assert "Through the team Web" in str(decision.reason)


def test_every_source_is_told_the_whole_kind_first(world: World) -> None:
    world.access("owner")
    assign_perm("organizations.hosting.view", world.users["teammate"], world.acme)
    assign_perm("view", world.users["teammate"], world.products["hosting"])
    sources = decide(world.access("teammate"), "view", hosting(world, "teammate")).sources
    assert [source.team for source in sources] == ["", "", "Web"]


def test_what_is_missing_is_named_with_its_product(world: World) -> None:
    access, product = world.access("viewer"), hosting(world, "viewer")
    with pytest.raises(Denied) as caught:
        require(access, "lifecycle", product)
    decision = caught.value.decision
    assert (decision.right, decision.product) == ("lifecycle", product.pk)
    assert "acme.ch" in str(decision.reason)
    assert not decision.sources


def test_what_one_may_not_see_one_may_do_nothing_with(world: World) -> None:
    world.access("owner")
    assign_perm("configure", world.users["collaborator"], world.products["hosting"])
    access = world.access("collaborator")
    assert not decide(access, "configure", hosting(world, "collaborator"))
    assert not world.users["collaborator"].has_perm("products.configure", world.products["hosting"])
    assert not Product.objects.visible_to(access).exists()


def test_a_narrowed_access_never_reaches_further_than_its_person(world: World) -> None:
    from dataclasses import replace

    full = frozenset({"view", "configure", "lifecycle"})
    every = Narrowing("deploy", full, None)
    for person in ("owner", "viewer", "technician", "collaborator", "suspended", "expired"):
        whole = world.access(person)
        narrow = replace(whole, narrowing=every)
        for product in Product.objects.with_rights(whole):
            for permission in product.kind.all_permissions:
                wanted = bool(decide(whole, permission, product)) and permission in full
                assert bool(decide(narrow, permission, product)) == wanted, (person, permission)
        assert not narrow.rights - {Right.SEE, Right.ALL_PRODUCTS}


@pytest.mark.parametrize(
    ("permissions", "products", "allowed"),
    [({"view"}, True, True), ({"view"}, False, False), ({"configure"}, True, False), (set(), True, False)],
)
def test_a_narrowed_access_covers_its_permissions_and_products(
    world: World, permissions: set[str], products: bool, allowed: bool
) -> None:
    from dataclasses import replace

    product = world.products["hosting"]
    reach = frozenset({product.pk} if products else {world.products["email"].pk})
    access = replace(world.access("owner"), narrowing=Narrowing("deploy", frozenset(permissions), reach))
    assert bool(decide(access, "view", product)) == allowed
    assert Product.objects.visible_to(access).filter(pk=product.pk).exists() == allowed
    assert not decide(access, "lifecycle", product)
    if not allowed:
        assert "deploy" in str(decide(access, "view", product).reason)
    assert "API token" in str(access.decide(Right.BILLING).reason)


@pytest.mark.parametrize(
    ("how", "reason"),
    [({"suspended_at": timezone.now()}, "is suspended"), ({"expires_at": timezone.now() - DAY}, "has ended")],
)
def test_why_nothing_is_open(world: World, how: dict[str, object], reason: str) -> None:
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["owner"]).update(**how)
    access = world.access("owner")
    assert not access.rights
    assert reason in str(access.decide(Right.SEE).reason)
    assert reason in str(decide(access, "view", hosting(world, "owner")).reason)


def test_rights_in_another_organization_open_nothing_here(world: World) -> None:
    assert not decide(world.access("owner"), "view", world.foreign["hosting"])
