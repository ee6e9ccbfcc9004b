"""Two legal representatives act at the same moment: one of them stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group

from manager.web.refused import Refused
from organizations import tenancy
from organizations.actions import member as actions
from organizations.actions import team as teams
from organizations.models import Membership
from organizations.roles import Role
from tests import people
from tests.people import World
from tests.test_double_submit import at_once, twin

pytestmark = pytest.mark.django_db(transaction=True)
PAIR = ("owner", "administrator")


@pytest.fixture
def world() -> World:
    world = people.make()
    with tenancy.scope(world.acme.pk):
        mine = Membership.objects.filter(organization=world.acme, user__in=[world.users[name] for name in PAIR])
        mine.update(role=Role.LEGAL_REPRESENTATIVE)
    return world


def of(world: World, person: str) -> Membership:
    return Membership.objects.get(organization=world.acme, user=world.users[person])


VERBS: dict[str, Callable[..., Any]] = {
    "demote": lambda member, by: actions.set_role(member, Role.COLLABORATOR, by=by),
    "suspend": lambda member, by: actions.suspend(member, by=by),
    "remove": lambda member, by: actions.remove(member, by=by),
    "leave": lambda member, by: actions.leave(by=by),
}


@pytest.mark.parametrize("verb", VERBS)
def test_two_at_once(world: World, verb: str) -> None:
    def act(number: int) -> bool:
        access = world.access(PAIR[number])
        try:
            VERBS[verb](of(world, PAIR[1 - number]), access)
        except (Refused, Membership.DoesNotExist):
            return False
        finally:
            tenancy.leave()
        return True

    assert sorted(at_once(2, act)) == [False, True]
    with tenancy.scope(world.acme.pk):
        assert Membership.objects.filter(organization=world.acme).representing().count() == 1


def test_the_same_form_sent_several_times(world: World) -> None:
    with tenancy.scope(world.acme.pk):
        address = f"/o/acme/members/{of(world, 'collaborator').pk}/remove/"
    client = world.client("owner")
    answers = at_once(4, lambda number: twin(client).post(address))
    assert {answer.status_code for answer in answers} <= {303, 404}
    with tenancy.scope(world.acme.pk):
        assert world.acme.events.filter(verb="member.remove").count() == 1


def test_removed_while_put_into_a_team(world: World) -> None:
    """Whichever comes first, nobody is in a team of an organization that they do not belong to."""
    user = world.users["collaborator"]
    for _turn in range(4):
        with tenancy.scope(world.acme.pk):
            member, _made = Membership.objects.get_or_create(organization=world.acme, user=user)

        def act(number: int, member: Membership = member) -> None:
            access = world.access("owner")
            try:
                if number:
                    teams.add_members(world.team, [user], by=access)
                else:
                    actions.remove(member, by=access)
            except Refused:
                pass
            finally:
                tenancy.leave()

        at_once(2, act)
        assert not Group.objects.filter(user=user).exists()
