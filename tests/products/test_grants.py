"""Levels on one product: who gives them, to whom, and that engine, list, page, control and guardian agree."""

import pytest
from guardian.shortcuts import assign_perm, get_perms, remove_perm

from manager.web.refused import Refused
from organizations import tenancy
from organizations.models import Event, Membership
from products.access import decide
from products.actions.grant import set_level
from products.kinds import Permission, Preset
from products.models import Product, ProductUserGrant
from tests.people import MEMBERS, World

pytestmark = pytest.mark.django_db


def held(world: World, person: str) -> set[str]:
    rows = ProductUserGrant.objects.filter(user=world.users[person], content_object=world.products["hosting"])
    return set(rows.values_list("permission__codename", flat=True))


@pytest.mark.parametrize("level", [*Preset, None])
def test_a_level_is_exactly_its_permissions(world: World, level: Preset | None) -> None:
    hosting = world.products["hosting"]
    set_level(hosting, world.users["technician"], level, by=world.access("owner"))
    assert held(world, "technician") == (hosting.kind.preset(level) if level else set())


def test_levels_grow(world: World) -> None:
    kind = world.products["hosting"].kind
    viewer, technical, full = (kind.preset(level) for level in Preset)
    assert viewer < technical < full == set(kind.all_permissions)
    assert Permission.LIFECYCLE not in technical


def test_who_gave_it_and_when_is_kept_and_logged_once(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    set_level(hosting, world.users["collaborator"], Preset.VIEWER, by=access)
    set_level(hosting, world.users["collaborator"], Preset.VIEWER, by=access)
    grant = ProductUserGrant.objects.filter(user=world.users["collaborator"]).first()
    assert grant is not None
    assert (grant.granted_by, grant.organization_id) == (world.users["owner"], world.acme.pk)
    event = Event.objects.get(verb="grant.set")
    assert event.details["person"] == "Collaborator Tester"
    assert event.details["permissions"] == [[], ["statistics", "view"]]


@pytest.mark.parametrize(
    ("giver", "taker", "reason"),
    [
        ("owner", "outsider", "not a user"),
        ("owner", "nobody", "not a user"),
        ("owner", "owner", "their own"),
        ("administrator", "owner", "by role"),
        ("technician", "collaborator", "more rights than"),
    ],
)
def test_refused(world: World, giver: str, taker: str, reason: str) -> None:
    access = world.access(giver)
    product = Product.objects.with_rights(access).get(pk=world.products["hosting"].pk)
    with pytest.raises(Refused, match=reason):
        set_level(product, world.users[taker], Preset.FULL, by=access)
    assert not held(world, "outsider")


def test_taking_it_away_reaches_the_next_click(world: World) -> None:
    hosting = world.products["hosting"]
    client, address = world.client("technician"), f"/o/acme/hosting/{hosting.pk}/"
    assert client.get(address).status_code == 200
    set_level(hosting, world.users["technician"], None, by=world.access("owner"))
    tenancy.leave()
    assert client.get(address).status_code == 404


def test_suspending_a_member_reaches_the_next_click(world: World) -> None:
    client = world.client("administrator")
    assert client.get("/o/acme/").status_code == 200
    with tenancy.scope(world.acme.pk):
        Membership.objects.filter(user=world.users["administrator"]).update(suspended_at="2026-01-01T00:00Z")
    answer = client.get("/o/acme/")
    assert answer.status_code == 403
    assert "is suspended" in answer.content.decode()


@pytest.mark.parametrize("person", MEMBERS)
def test_everybody_who_answers_agrees(world: World, person: str) -> None:
    """Engine, list, page and, for those without every product by role, guardian."""
    for kind, product in world.products.items():
        access = world.access(person)
        found = Product.objects.with_rights(access).get(pk=product.pk)
        listed = Product.objects.visible_to(access).filter(pk=product.pk).exists()
        decisions = {permission: bool(decide(access, permission, found)) for permission in product.kind.all_permissions}
        assert decisions["view"] == listed
        if person not in ("owner", "administrator", "suspended", "expired"):
            assert {name for name, allowed in decisions.items() if allowed} == set(get_perms(access.user, product))
        tenancy.leave()
        page = world.client(person).get(f"/o/acme/{kind}/{product.pk}/")
        assert (page.status_code == 200) == decisions["view"]
        if page.status_code == 200:
            suspend = world.client(person).post(f"/o/acme/{kind}/{product.pk}/suspend/")
            assert (suspend.status_code == 303) == decisions["lifecycle"]
            form = f'action="/o/acme/{kind}/{product.pk}/suspend/"'
            assert (form in page.content.decode()) == decisions["lifecycle"]


def test_guardians_own_helpers_work_on_the_same_rows(world: World) -> None:
    hosting, user = world.products["hosting"], world.users["collaborator"]
    access = world.access("collaborator")
    assign_perm("view", user, hosting)
    assert user.has_perm("products.view", hosting)
    assert Product.objects.visible_to(access).filter(pk=hosting.pk).exists()
    remove_perm("view", user, hosting)
    assert not Product.objects.visible_to(access).filter(pk=hosting.pk).exists()


def test_a_grant_on_a_whole_kind_covers_future_products(world: World) -> None:
    from tests import people

    user = world.users["collaborator"]
    with tenancy.scope(world.acme.pk):
        assign_perm("organizations.hosting.view", user, world.acme)
        later = people.product(world.acme, world.plans["hosting"], "later.ch")
    access = world.access("collaborator")
    seen = set(Product.objects.visible_to(access).values_list("pk", flat=True))
    assert seen == {world.products["hosting"].pk, later.pk}
    assert decide(access, "view", Product.objects.with_rights(access).get(pk=later.pk))
    assert not decide(access, "configure", Product.objects.with_rights(access).get(pk=later.pk))
