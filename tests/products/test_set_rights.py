"""Rights on products and whole kinds, to members and teams: levels, single rights, ends, and who may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from guardian.shortcuts import get_perms

from accounts.models import Mail
from manager.web.refused import Refused
from organizations import tenancy
from organizations.models import Event, Team
from products.access import decide
from products.actions.expiry import end_grants
from products.actions.grant import give, set_rights
from products.actions.holding import TABLES
from products.kinds import Preset
from products.models import Product, ProductGroupGrant, ProductUserGrant
from tests import people
from tests.people import World

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def allowed(world: World, person: str, product: Product) -> set[str]:
    """What the engine allows now."""
    access = world.access(person)
    found = Product.objects.with_rights(access).get(pk=product.pk)
    return {name for name in product.kind.all_permissions if decide(access, name, found)}


def listed(world: World, person: str) -> set[int]:
    return set(Product.objects.visible_to(world.access(person)).values_list("pk", flat=True))


def later(world: World, name: str = "later.ch") -> Product:
    with tenancy.scope(world.acme.pk):
        return people.product(world.acme, world.plans["hosting"], name)


def end_now(world: World) -> None:
    """Every grant of Acme that ends has ended a moment ago."""
    with tenancy.every_organization():
        for table in TABLES.values():
            table._default_manager.exclude(expires_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("level", Preset)
@pytest.mark.parametrize("subject", ["member", "team"])
def test_a_level_is_exactly_its_permissions(world: World, level: Preset, subject: str) -> None:
    access, email = world.access("owner"), world.products["email"]
    who: Any = world.team if subject == "team" else world.users["teammate"]
    set_rights(who, email, email.kind.preset(level), by=access)
    assert allowed(world, "teammate", email) == email.kind.preset(level)
    assert listed(world, "teammate") == {email.pk, world.products["hosting"].pk}


def test_seeing_comes_with_every_single_right(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    set_rights(world.users["collaborator"], hosting, {"databases"}, by=access)
    assert allowed(world, "collaborator", hosting) == {"view", "databases"}
    assert Event.objects.get().details["level"] == "custom"


def test_what_the_kind_does_not_know_is_not_given(world: World) -> None:
    access, email = world.access("owner"), world.products["email"]
    set_rights(world.users["collaborator"], email, {"databases", "nothing"}, by=access)
    assert allowed(world, "collaborator", email) == set()
    assert not ProductUserGrant.objects.filter(user=world.users["collaborator"]).exists()
    assert not Event.objects.exists()


def test_a_whole_kind_covers_future_products_and_all_present_ones_do_not(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    second = later(world, "second.ch")
    present = list(Product.objects.visible_to(access).of(hosting.kind))
    give(world.users["collaborator"], present, {"configure"}, by=access)
    give(world.users["biller"], [hosting.kind], {"configure"}, by=access)
    third = later(world, "third.ch")
    assert listed(world, "collaborator") == {hosting.pk, second.pk}
    assert listed(world, "biller") == {hosting.pk, second.pk, third.pk}
    assert allowed(world, "biller", third) == {"view", "configure"}
    assert allowed(world, "collaborator", third) == set()


def test_everything_at_once_is_every_kind(world: World) -> None:
    access = world.access("owner")
    kinds = [product.kind for product in world.products.values()]
    every = frozenset().union(*(kind.all_permissions for kind in kinds))
    give(world.users["collaborator"], kinds, every, by=access)
    for product in world.products.values():
        assert allowed(world, "collaborator", product) == set(product.kind.all_permissions)
    give(world.users["collaborator"], kinds, (), by=world.access("owner"))
    assert listed(world, "collaborator") == set()


def test_a_kinds_rights_leave_other_kinds_and_products_alone(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    set_rights(world.users["technician"], world.products["email"].kind, {"view"}, by=access)
    set_rights(world.users["technician"], hosting.kind, {"view"}, by=access)
    set_rights(world.users["technician"], hosting.kind, (), by=access)
    assert listed(world, "technician") == {hosting.pk, world.products["email"].pk}
    assert allowed(world, "technician", hosting) == hosting.kind.preset(Preset.TECHNICAL)


def test_once_more_changes_nothing_and_says_nothing(world: World) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    until = timezone.now() + TOMORROW
    for _again in range(2):
        set_rights(world.users["collaborator"], hosting, {"view"}, until=until, by=access)
    assert Event.objects.count() == 1
    set_rights(world.users["collaborator"], hosting, {"view"}, by=access)
    assert Event.objects.count() == 2
    assert ProductUserGrant.objects.get(user=world.users["collaborator"]).expires_at is None


@pytest.mark.parametrize("target", ["product", "kind"])
def test_an_end_that_has_passed_is_refused(world: World, target: str) -> None:
    access, hosting = world.access("owner"), world.products["hosting"]
    where: Any = hosting if target == "product" else hosting.kind
    with pytest.raises(Refused, match="has passed") as refused:
        set_rights(world.users["collaborator"], where, {"view"}, until=timezone.now() - TOMORROW, by=access)
    assert refused.value.field == "until"
    set_rights(world.users["collaborator"], where, {"view"}, until=timezone.now() + TOMORROW, by=access)
    assert listed(world, "collaborator") == {hosting.pk}


@pytest.mark.parametrize("target", ["product", "kind"])
@pytest.mark.parametrize("subject", ["member", "team"])
def test_at_its_end_everybody_refuses_at_once(world: World, subject: str, target: str) -> None:
    """The engine, the list, the page, and Django's and guardian's own questions."""
    access, email = world.access("owner"), world.products["email"]
    who: Any = world.team if subject == "team" else world.users["teammate"]
    where: Any = email if target == "product" else email.kind
    client, address = world.client("teammate"), f"/o/acme/email/{email.pk}/"
    set_rights(who, where, {"configure"}, until=timezone.now() + TOMORROW, by=access)
    user = world.access("teammate").user
    assert allowed(world, "teammate", email) == {"view", "configure"}
    assert user.has_perm("products.configure", email)
    assert ("configure" in get_perms(user, email)) == (target == "product")
    tenancy.leave()
    assert client.get(address).status_code == 200
    end_now(world)
    assert client.get(address).status_code == 404
    assert allowed(world, "teammate", email) == set()
    assert email.pk not in listed(world, "teammate")
    user = type(user).objects.get(pk=user.pk)
    assert not user.has_perm("products.configure", email)
    assert get_perms(user, email) == []


@pytest.mark.parametrize("target", ["product", "kind"])
def test_after_its_end_it_can_be_given_again(world: World, target: str) -> None:
    hosting = world.products["hosting"]
    where: Any = hosting if target == "product" else hosting.kind
    set_rights(world.users["biller"], where, {"view"}, until=timezone.now() + TOMORROW, by=world.access("owner"))
    end_now(world)
    assert listed(world, "biller") == set()
    set_rights(world.users["biller"], where, {"view"}, by=world.access("owner"))
    assert listed(world, "biller") == {hosting.pk}


def test_the_sweep_clears_what_ended_logs_it_and_tells(world: World) -> None:
    access, hosting, email = world.access("owner"), world.products["hosting"], world.products["email"]
    until = timezone.now() + TOMORROW
    set_rights(world.users["biller"], hosting, {"configure"}, until=until, by=access)
    set_rights(world.users["orderer"], hosting.kind, {"view"}, until=until, by=access)
    set_rights(world.team, email, {"view"}, until=until, by=access)
    set_rights(world.team, email.kind, {"view"}, by=access)
    end_now(world)
    Mail.objects.all().delete()
    tenancy.leave()
    end_grants()
    end_grants()
    world.access("owner")
    ended = Event.objects.filter(verb="grant.end")
    assert {(event.details["person"], event.target_name, event.actor) for event in ended} == {
        ("Biller Tester", "acme.ch", None),
        ("Orderer Tester", "Acme", None),
        ("Web", "acme.ch", None),
    }
    assert ended.count() == 3
    assert {mail.to for mail in Mail.objects.all()} == {
        "biller@example.com",
        "orderer@example.com",
        "teammate@example.com",
    }
    with tenancy.every_organization():
        for table in TABLES.values():
            assert not table._default_manager.filter(expires_at__lt=timezone.now()).exists()
    assert listed(world, "teammate") == {hosting.pk, email.pk}


@pytest.mark.parametrize(
    ("giver", "taker", "reason"),
    [
        ("owner", "outsider", "not a user"),
        ("owner", "former", "not a user"),
        ("owner", "owner", "their own"),
        ("administrator", "owner", "by role"),
        ("technician", "collaborator", "more rights than"),
    ],
)
@pytest.mark.parametrize("target", ["product", "kind"])
def test_refused(world: World, giver: str, taker: str, reason: str, target: str) -> None:
    access = world.access(giver)
    product = Product.objects.with_rights(access).get(pk=world.products["hosting"].pk)
    where: Any = product if target == "product" else product.kind
    with pytest.raises(Refused, match=reason):
        give(world.users[taker], [where], product.kind.all_permissions, by=access)
    assert not Event.objects.exists()


def test_who_holds_it_all_may_give_no_more_than_that(world: World) -> None:
    access = world.access("technician")
    product = Product.objects.with_rights(access).get(pk=world.products["hosting"].pk)
    technical = product.kind.preset(Preset.TECHNICAL)
    give(world.users["collaborator"], [product], technical, by=access)
    assert allowed(world, "collaborator", product) == technical
    access = world.access("technician")
    with pytest.raises(Refused, match="more rights than"):
        give(world.users["collaborator"], [product], {*technical, "lifecycle"}, by=access)
    with pytest.raises(Refused, match="more rights than"):
        give(world.users["collaborator"], [product.kind], technical, by=access)


def test_a_team_of_another_organization_is_refused(world: World) -> None:
    with tenancy.scope(world.other.pk):
        theirs = Team.objects.create(
            organization=world.other, name="Theirs", group=Group.objects.create(name="other-team")
        )
    access = world.access("owner")
    with pytest.raises(Refused, match="another organization"):
        give(theirs, [world.products["hosting"]], {"view"}, by=access)
    assert not ProductGroupGrant.objects.filter(group=theirs.group).exists()


def test_a_product_of_another_organization_is_refused(world: World) -> None:
    access = world.access("owner")
    with pytest.raises(Refused):
        give(world.users["collaborator"], [world.foreign["hosting"]], {"view"}, by=access)


def test_too_many_at_once_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("products.actions.grant.MOST", 1)
    access, several = world.access("owner"), [world.products["email"], world.products["hosting"]]
    with pytest.raises(Refused, match="too many"):
        give(world.users["collaborator"], several, {"view"}, by=access)
    give(world.users["collaborator"], several[:1], {"view"}, by=access)
    assert listed(world, "collaborator") == {world.products["email"].pk}


def test_of_several_targets_all_or_none(world: World) -> None:
    access = world.access("owner")
    with pytest.raises(Refused):
        give(world.users["collaborator"], [world.products["email"], world.foreign["email"]], {"view"}, by=access)
    assert listed(world, "collaborator") == set()


def test_several_changes_are_one_mail_that_says_how_it_stands(world: World) -> None:
    access = world.access("owner")
    for product in world.products.values():
        set_rights(world.users["collaborator"], product, {"view", "statistics"}, by=access)
    set_rights(world.users["collaborator"], world.products["email"], (), by=access)
    assert Event.objects.filter(verb="grant.set").count() == 4
    mails = Mail.objects.filter(to="collaborator@example.com")
    # Two when the clock turns to the next stretch of time in between.
    assert 1 <= mails.count() <= 2
    latest = mails.latest("pk")
    assert latest.run_after > timezone.now() + timedelta(minutes=1)
    assert "acme.ch: Viewer" in latest.text
    assert "Email" not in latest.text


def test_many_products_cost_no_more_questions_but_for_the_log(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        rows = Product.objects.bulk_create(
            Product(organization=world.acme, kind_slug="hosting", plan=world.plans["hosting"], name=f"s{number}.ch")
            for number in range(40)
        )
    asked = []
    # Both are more than the mail to the person names.
    for person, number in (("biller", 25), ("orderer", 40)):
        access = world.access("owner")
        with CaptureQueriesContext(connection) as captured:
            give(world.users[person], rows[:number], {"configure"}, by=access)
        asked.append(len([query for query in captured if 'INTO "organizations_event"' not in query["sql"]]))
        assert len(listed(world, person)) == number
    # The mail, and the notification that says the same.
    assert asked[0] == asked[1] <= 30
