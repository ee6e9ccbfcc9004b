"""Demo data about people: a team with rights, somebody invited, and a request that waits for an answer."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from manager.dev.demo_cast import COLLABORATOR, OWNER, WEBMASTER, Person
from organizations.access import Access
from organizations.actions import team as teams
from organizations.models import Membership, Organization
from organizations.roles import Right, Role
from products import kinds
from products.actions import grant, invitation, request


def furnish(organization: Organization, people: Mapping[Person, User]) -> None:
    """In the organization's scope."""
    owner, collaborator = people[OWNER], people[COLLABORATOR]
    access = access_of(owner, organization)
    team = teams.create(name="Webteam", tone="teal", by=access)
    with transaction.atomic():
        teams.add_members(team, [collaborator, people[WEBMASTER]], by=access)
    email = kinds.get("email")
    grant.give(team, [email], email.preset(kinds.Preset.VIEWER), by=access)
    invitation.invite(
        ["ines@fotostudio.example"],
        Role.COLLABORATOR,
        teams=[team],
        message="Welcome to the pictures.",
        by=access,
    )
    request.ask(Right.BILLING, None, "For the yearly budget.", by=access_of(collaborator, organization))


def access_of(user: User, organization: Organization) -> Access:
    return Access(user, organization, Membership.objects.get(organization=organization, user=user))
