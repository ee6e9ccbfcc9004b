"""People join, leave and get rights at the same moment: everybody holds the organization first, and nobody is stuck."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache

from accounts.models import User
from manager.web.refused import Refused
from organizations import tenancy
from organizations.actions import member as members
from organizations.actions import organization as organizations
from organizations.actions import team as teams
from organizations.events import Person
from organizations.models import Event, Membership, OrganizationUserGrant, Team
from organizations.roles import Role
from products.actions import grant, invitation, request
from products.models import ProductUserGrant
from tests import people
from tests.organizations.invited import invited, of, person
from tests.people import World
from tests.test_double_submit import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


@pytest.fixture
def world() -> World:
    cache.clear()
    return people.make()


def all_at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own. A deadlock is an error of the database, and ends the test."""

    def act(number: int) -> Any:
        try:
            return acts[number]()
        finally:
            tenancy.leave()

    return at_once(len(acts), act)


def led_by(world: World, name: str) -> tuple[User, Membership]:
    """A new member of Acme who leads its team."""
    user = people.user(name)
    with tenancy.scope(world.acme.pk):
        member = Membership.objects.create(organization=world.acme, user=user)
        user.groups.add(world.team.group)
        Team.objects.update(leader=user)
    return user, member


def test_who_joins_a_team_whose_leader_goes_and_gets_rights_on_a_kind(world: World) -> None:
    kind, hosting = world.products["email"].kind, world.products["hosting"]
    rights = [(kind, kind.preset("viewer")), (hosting, hosting.kind.preset("viewer"))]
    for turn in range(ROUNDS):
        leader, member = led_by(world, f"leader{turn}")
        email = f"new{turn}@example.org"
        invited(world, email, teams=[world.team], rights=rights)
        user, key = person(email, f"newcomer{turn}"), of(world, email).key
        level = kind.preset(("viewer", "technical")[turn % 2])

        all_at_once(
            lambda user=user, key=key: invitation.accept(world.acme.pk, key, by=Person(user)),  # type: ignore[misc]
            lambda member=member: members.remove(member, by=world.access("owner")),  # type: ignore[misc]
            lambda level=level: grant.give(  # type: ignore[misc]
                world.users["biller"], [hosting, kind], level, by=world.access("administrator")
            ),
        )
        with tenancy.scope(world.acme.pk):
            assert set(Group.objects.filter(user__in=[user, leader]).values_list("user", flat=True)) == {user.pk}
            assert Team.objects.get().leader is None
            assert OrganizationUserGrant.objects.filter(user=user).exists()
            assert ProductUserGrant.objects.filter(user=user).exists()
            assert not Membership.objects.filter(user=leader).exists()


def test_who_is_put_into_a_team_and_taken_out_of_the_organization(world: World) -> None:
    for turn in range(ROUNDS):
        user, member = led_by(world, f"leader{turn}")
        world.access("owner")
        world.team.group.user_set.remove(user)

        def add(user: User = user) -> None:
            with suppress(Refused):
                teams.add_members(world.team, [user, world.users["viewer"]], by=world.access("owner"))

        all_at_once(
            add,
            lambda member=member: members.remove(member, by=world.access("administrator")),  # type: ignore[misc]
            lambda: teams.edit(world.team, name=world.team.name, tone="pink", leader=None, by=world.access("owner")),
        )
        assert not Group.objects.filter(user=user).exists()


def test_a_request_is_withdrawn_while_its_person_is_removed(world: World) -> None:
    for turn in range(ROUNDS):
        user, member = led_by(world, f"asker{turn}")
        access = people.Access(user, world.acme, member)
        with tenancy.scope(world.acme.pk):
            asked = request.ask("billing", None, "", by=access)

        def withdraw(access: Any = access, asked: Any = asked) -> None:
            tenancy.enter(user=access.user.pk, organizations=frozenset({world.acme.pk}))
            with suppress(Refused):
                request.withdraw(asked, by=access)

        all_at_once(withdraw, lambda member=member: members.remove(member, by=world.access("owner")))  # type: ignore[misc]
        with tenancy.scope(world.acme.pk):
            asked.refresh_from_db()
            assert asked.state == "withdrawn"


def test_rights_that_were_lost_while_waiting_do_not_count(world: World) -> None:
    """An administrator gives a right on one product in the moment in which they become a collaborator."""
    hosting, seen = world.products["hosting"], set()
    for _turn in range(ROUNDS):
        with tenancy.scope(world.acme.pk):
            row = Membership.objects.get(user=world.users["administrator"])
            ProductUserGrant.objects.filter(user=world.users["biller"]).delete()
        stale = world.access("administrator")
        last = Event.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        tenancy.leave()

        def give(stale: Any = stale) -> bool:
            tenancy.enter(user=stale.user.pk, organizations=frozenset({world.acme.pk}))
            with suppress(Refused):
                grant.give(world.users["biller"], [hosting], {"configure"}, by=stale)
                return True
            return False

        given, _role = all_at_once(
            give,
            lambda row=row: members.set_role(row, Role.COLLABORATOR, by=world.access("owner")),  # type: ignore[misc]
        )
        with tenancy.scope(world.acme.pk):
            verbs = list(Event.objects.filter(pk__gt=last, verb__in=["grant.set", "member.role"]).order_by("pk"))
            assert [event.verb for event in verbs] == ["grant.set"] * given + ["member.role"]
            Membership.objects.filter(pk=row.pk).update(role=Role.ADMINISTRATOR)
        seen.add(given)
    assert seen


def test_who_is_gone_changes_nothing_whatever_page_was_open(world: World) -> None:
    """Every verb says the same, and none does anything."""
    stale = world.access("administrator")
    Membership.objects.filter(pk=stale.membership.pk).delete()
    hosting, before = world.products["hosting"], Event.objects.count()
    viewer = Membership.objects.select_related("user").get(user=world.users["viewer"])
    verbs: list[Callable[[], Any]] = [
        lambda: grant.give(world.users["biller"], [hosting], {"configure"}, by=stale),
        lambda: grant.give(world.users["viewer"], [hosting], (), by=stale),
        lambda: invitation.invite(["x@example.org"], Role.EXTERNAL, by=stale),
        lambda: members.suspend(viewer, by=stale),
        lambda: organizations.edit(by=stale, name="Mine"),
        lambda: teams.create(name="Mine", tone="pink", by=stale),
        lambda: teams.add_members(world.team, [viewer.user], by=stale),
        lambda: teams.delete(world.team, by=stale),
        lambda: request.ask("billing", None, "", by=stale),
    ]
    for verb in verbs:
        with pytest.raises(Refused, match="You no longer belong to Acme"):
            verb()
    assert Event.objects.count() == before
