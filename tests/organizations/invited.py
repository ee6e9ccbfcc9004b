"""What the tests of invitations share: an invitation of Acme, its page, and a person who has proved their address."""

from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from organizations import invitations, tenancy
from organizations.models import Event, Invitation, Membership
from organizations.roles import Role
from products.actions.invitation import invite
from tests import people
from tests.people import World

EMAIL = "new@example.org"


def invited(world: World, email: str = EMAIL, role: Role = Role.COLLABORATOR, *, by: str = "owner", **how: Any) -> str:
    """The path of the page of a fresh invitation to Acme."""
    made = invite([email], role, by=world.access(by), **how)[0]
    tenancy.leave()
    return f"/invitations/{invitations.token(made)}/"


def person(email: str = EMAIL, name: str = "newcomer", *, proved: bool = True) -> User:
    """Somebody with a login, who has proved their address, or not."""
    user = people.user(name)
    User.objects.filter(pk=user.pk).update(email=email)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=proved)
    user.refresh_from_db()
    return user


def browser(user: User) -> Client:
    client = Client()
    people.sign_in(client, user)
    return client


def of(world: World, email: str = EMAIL) -> Invitation:
    """The invitation, as it is now."""
    with tenancy.scope(world.acme.pk):
        return Invitation.objects.filter(email=email).latest("pk")


def member(world: World, user: User) -> Membership | None:
    with tenancy.scope(world.acme.pk):
        return Membership.objects.filter(organization=world.acme, user=user).first()


def events(world: World, verb: str) -> list[Event]:
    with tenancy.scope(world.acme.pk):
        return list(Event.objects.filter(organization=world.acme, verb=verb))
