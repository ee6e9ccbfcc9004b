"""The people of the tests. Their names say what they may do, so any reader knows what to expect."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import User
from billing.models import Price
from organizations import tenancy
from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Role
from products import kinds
from products.kinds import Preset
from products.models import Plan, Product
from products.models.product import State

# Members of Acme by role and flags. Everybody else is an outsider to it.
MEMBERS: dict[str, dict[str, Any]] = {
    "owner": {"role": Role.LEGAL_REPRESENTATIVE},
    "administrator": {"role": Role.ADMINISTRATOR},
    "biller": {"role": Role.COLLABORATOR, "has_billing": True},
    "orderer": {"role": Role.COLLABORATOR, "may_order": True},
    "collaborator": {"role": Role.COLLABORATOR},
    "viewer": {"role": Role.COLLABORATOR},
    "technician": {"role": Role.COLLABORATOR},
    "teammate": {"role": Role.COLLABORATOR},
    "external": {"role": Role.EXTERNAL},
    "suspended": {"role": Role.ADMINISTRATOR, "suspended_at": True},
    "expired": {"role": Role.ADMINISTRATOR, "expires_at": True},
}
STRANGERS = ("outsider", "nobody", "staff")
EVERYBODY = (*MEMBERS, *STRANGERS, "anonymous")


@dataclass
class World:
    acme: Organization
    other: Organization
    users: dict[str, User]
    plans: dict[str, Plan]
    products: dict[str, Product] = field(default_factory=dict)
    foreign: dict[str, Product] = field(default_factory=dict)

    def client(self, person: str, **options: Any) -> Client:
        """A browser in which this person is signed in."""
        client = Client(**options)
        if person != "anonymous":
            client.force_login(self.users[person], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def access(self, person: str) -> Access:
        """What the gate gives this person in Acme; the scope is Acme's until the test ends."""
        user = self.users[person]
        tenancy.enter(user=user.pk, organizations=frozenset({self.acme.pk}))
        return Access(user, self.acme, Membership.objects.get(organization=self.acme, user=user))


def make() -> World:
    names = (*MEMBERS, *STRANGERS)
    users = {name: user(name) for name in names}
    plans = {kind.slug: plan(kind) for kind in kinds.every()}
    acme, other = (
        Organization.objects.create(name=name, slug=name.lower(), country="CH") for name in ("Acme", "Other")
    )
    world = World(acme, other, users, plans)
    now = timezone.now()
    with tenancy.scope(other.pk):
        Membership.objects.create(organization=other, user=users["outsider"], role=Role.LEGAL_REPRESENTATIVE)
        world.foreign = {slug: product(other, plans[slug], "other.ch") for slug in plans}
    with tenancy.scope(acme.pk):
        for name, how in MEMBERS.items():
            dated = {key: now - timedelta(days=1) for key in how if key in ("suspended_at", "expires_at")}
            Membership.objects.create(organization=acme, user=users[name], **(how | dated))
        world.products = {slug: product(acme, plans[slug], "acme.ch") for slug in plans}
        hosting = world.products["hosting"]
        group = Group.objects.create(name="acme-team")
        users["teammate"].groups.add(group)
        for name, level in (("viewer", Preset.VIEWER), ("technician", Preset.TECHNICAL), ("external", Preset.VIEWER)):
            for permission in hosting.kind.preset(level):
                assign_perm(permission, users[name], hosting)
        for permission in hosting.kind.preset(Preset.TECHNICAL):
            assign_perm(permission, group, hosting)
    return world


def user(name: str, **fields: Any) -> User:
    return User.objects.create_user(
        f"{name}@example.com",
        "secret-of-" + name,
        first_name=name.title(),
        last_name="Tester",
        is_staff=name == "staff",
        tour_seen=True,
        **fields,
    )


def plan(kind: kinds.Kind, code: str = "basic", **prices: int) -> Plan:
    """A plan on sale, with a price in both currencies."""
    contents = {
        "tld": "ch",
        "disk_gb": 10,
        "sites": 1,
        "databases": 1,
        "addresses": 5,
        "gb_per_address": 10,
    }
    made = Plan.objects.create(kind=kind.slug, code=code, name=code.title(), contents=contents)
    for currency, amount in ({"CHF": 1000, "EUR": 900} | prices).items():
        Price.objects.create(plan=made, currency=currency, amount=amount, months=12, valid_from=date(2026, 1, 1))
    return made


def product(organization: Organization, of: Plan, name: str, state: State = State.ACTIVE, **options: Any) -> Product:
    """A product with its kind's row; in the organization's scope."""
    made = Product.objects.create(organization=organization, kind_slug=of.kind, plan=of, name=name, state=state)
    made.kind.create(made, options)
    return made
