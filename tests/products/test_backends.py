"""What code that asks Django is told, and how much less guardian's own shortcuts know: they read the rows alone."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from guardian.shortcuts import assign_perm, get_objects_for_user, get_perms

from accounts.models import User
from organizations import tenancy
from organizations.models import Membership
from products.kinds import Preset
from products.models import Product, ProductUserGrant
from tests.people import MEMBERS, STRANGERS, World

pytestmark = pytest.mark.django_db

LEVELS = {
    "owner": Preset.FULL,
    "administrator": Preset.FULL,
    "viewer": Preset.VIEWER,
    "technician": Preset.TECHNICAL,
    "teammate": Preset.TECHNICAL,
    "external": Preset.VIEWER,
}


@pytest.fixture
def hosting(world: World) -> Product:
    tenancy.enter(user=None, organizations=frozenset({world.acme.pk, world.other.pk}))
    return world.products["hosting"]


def answers(user: User, product: Product) -> set[str]:
    """What Django says, which is the same however it is asked."""
    told = user.get_all_permissions(product)
    assert {name for name in product.kind.all_permissions if user.has_perm(f"products.{name}", product)} == told
    assert {name for name in product.kind.all_permissions if user.has_perm(name, product)} == told
    return told


def rows(user: User, product: Product) -> set[str]:
    """What guardian reads."""
    found = set(get_perms(user, product))
    assert get_objects_for_user(user, "products.view", Product).contains(product) == ("view" in found)
    return found


@pytest.mark.parametrize("person", [*MEMBERS, *STRANGERS])
def test_django_gives_the_whole_answer(world: World, hosting: Product, person: str) -> None:
    level = LEVELS.get(person)
    assert answers(world.users[person], hosting) == (hosting.kind.preset(level) if level else set())
    assert not answers(world.users[person], world.foreign["hosting"]) or person == "outsider"


def test_rows_know_no_role(world: World, hosting: Product) -> None:
    assert answers(world.users["owner"], hosting) == set(hosting.kind.all_permissions)
    assert rows(world.users["owner"], hosting) == set()


def test_rows_know_teams(world: World, hosting: Product) -> None:
    assert rows(world.users["teammate"], hosting) == answers(world.users["teammate"], hosting) != set()


@pytest.mark.parametrize("how", ["suspended_at", "expires_at", "gone"])
def test_rows_do_not_know_that_a_membership_ended(world: World, hosting: Product, how: str) -> None:
    user, members = world.users["technician"], Membership.objects.filter(user=world.users["technician"])
    if how == "gone":
        members.delete()
    else:
        members.update(**{how: timezone.now() - timedelta(minutes=1)})
    assert answers(user, hosting) == set()
    assert rows(user, hosting) == hosting.kind.preset(Preset.TECHNICAL)


@pytest.mark.parametrize("to", ["collaborator", "team"])
@pytest.mark.usefixtures("hosting")
def test_rows_of_a_product_do_not_know_its_kind(world: World, to: str) -> None:
    user = world.users["teammate" if to == "team" else to]
    assign_perm("organizations.email.view", world.team.group if to == "team" else user, world.acme)
    assert answers(user, world.products["email"]) == {"view"}
    assert rows(user, world.products["email"]) == set()
    # Those of the organization do.
    assert get_perms(user, world.acme) == ["email.view"]
    assert user.has_perm("organizations.email.view", world.acme)
    assert not user.has_perm("organizations.email.configure", world.acme)
    assert not user.has_perm("organizations.email.view", world.other)


def test_nobody_knows_a_grant_that_has_ended(world: World, hosting: Product) -> None:
    with tenancy.every_organization():
        ProductUserGrant.objects.filter(user=world.users["viewer"]).update(expires_at=timezone.now())
    assert answers(world.users["viewer"], hosting) == rows(world.users["viewer"], hosting) == set()


def test_what_may_not_be_seen_is_not_held(world: World, hosting: Product) -> None:
    assign_perm("configure", world.users["collaborator"], hosting)
    assert answers(world.users["collaborator"], hosting) == set()
    assert rows(world.users["collaborator"], hosting) == {"configure"}


def test_nothing_is_told_out_of_scope(world: World, hosting: Product) -> None:
    tenancy.enter(user=None, organizations=frozenset({world.other.pk}))
    assert answers(world.users["owner"], hosting) == answers(world.users["viewer"], hosting) == set()


def test_who_may_not_sign_in_holds_nothing(world: World, hosting: Product) -> None:
    for person in ("owner", "technician"):
        user = world.users[person]
        user.is_active = False
        assert answers(user, hosting) == set(get_perms(user, hosting)) == set()
    assert not AnonymousUser().has_perm("products.view", hosting)


def test_a_superuser_passes_has_perm_and_holds_nothing(world: World, hosting: Product) -> None:
    """Django asks no backend for them. The portal asks the engine, for whom they are nobody."""
    user = world.users["nobody"]
    user.is_superuser = True
    assert user.has_perm("products.view", hosting)
    assert user.get_all_permissions(hosting) == set()
    user.save()
    tenancy.leave()
    assert world.client("nobody").get(f"/o/acme/hosting/{hosting.pk}/").status_code == 404
