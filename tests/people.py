"""The people of the tests. Their names say what they may do, so any reader knows what to expect."""

import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing.models import Price
from organizations import tenancy
from organizations.access import Access
from organizations.gate import VIEW_AS
from organizations.models import Invitation, Membership, Organization, Team
from organizations.roles import Role
from products import kinds
from products.kinds import Preset
from products.models import ApiToken, ApiTokenProduct, Plan, Product, ProductGroupGrant, ProductUserGrant
from products.models.product import State
from products.permissions import ids

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
# "former" was a member, and a grant was left behind; "invited" has an open invitation.
STRANGERS = ("outsider", "nobody", "staff", "former", "invited")
# Levels on Acme's hosting.
GRANTED = {
    "viewer": Preset.VIEWER,
    "technician": Preset.TECHNICAL,
    "external": Preset.VIEWER,
    "former": Preset.FULL,
}
# An administrator of Acme who looks at it as the viewer: reads what the viewer reads, and changes nothing.
VIEWING = "viewing"
# Programs: the owner's token for Acme's hosting, and one whose time is over.
TOKENS = ("token", "expired_token")
EVERYBODY = (*MEMBERS, *STRANGERS, VIEWING, *TOKENS, "anonymous")


@dataclass
class World:
    acme: Organization
    other: Organization
    users: dict[str, User]
    plans: dict[str, Plan]
    products: dict[str, Product] = field(default_factory=dict)
    foreign: dict[str, Product] = field(default_factory=dict)
    # Acme's: the teammate is in it, and it holds the level Technical on the hosting.
    team: Team = None  # type: ignore[assignment]
    # The viewer's membership.
    viewer: Membership = None  # type: ignore[assignment]

    def client(self, person: str, **options: Any) -> Client:
        """A browser in which this person is signed in."""
        if person in TOKENS:
            options["headers"] = options.get("headers", {}) | {"Authorization": f"Bearer prt_{person}"}
        client = Client(**options)
        if person not in (*TOKENS, "anonymous"):
            sign_in(client, self.users[person])
        if person == VIEWING:
            session = client.session
            session[VIEW_AS] = {str(self.acme.pk): [self.viewer.pk, timezone.now().isoformat()]}
            session.save()
        return client

    def access(self, person: str) -> Access:
        """What the gate gives this person in Acme; the scope is Acme's until the test ends."""
        user = self.users[person]
        tenancy.enter(user=user.pk, organizations=frozenset({self.acme.pk}))
        return Access(user, self.acme, Membership.objects.get(organization=self.acme, user=user))


def sign_in(client: Client, user: User, *, seconds_ago: int = 0) -> None:
    """As if the person had just given their password, or so many seconds ago."""
    client.force_login(user, backend="accounts.backends.Backend")
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - seconds_ago}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()


def make() -> World:
    names = (*MEMBERS, *STRANGERS, VIEWING)
    users = dict(zip(names, User.objects.bulk_create(map(unsaved, names)), strict=True))
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
        members = {}
        for name, how in (MEMBERS | {VIEWING: {"role": Role.ADMINISTRATOR}}).items():
            dated = {key: now - timedelta(days=1) for key in how if key in ("suspended_at", "expires_at")}
            members[name] = Membership(organization=acme, user=users[name], **(how | dated))
        Membership.objects.bulk_create(members.values())
        world.viewer = members["viewer"]
        Invitation.objects.create(organization=acme, email=users["invited"].email, invited_by=users["owner"])
        world.products = {slug: product(acme, plans[slug], "acme.ch") for slug in plans}
        hosting = world.products["hosting"]
        group = Group.objects.create(name="acme-team")
        world.team = Team.objects.create(organization=acme, name="Web", group=group)
        users["teammate"].groups.add(group)
        numbers = ids(Product)
        ProductUserGrant.objects.bulk_create(
            ProductUserGrant(user=users[name], content_object=hosting, permission_id=numbers[permission])
            for name, level in GRANTED.items()
            for permission in sorted(hosting.kind.preset(level))
        )
        ProductGroupGrant.objects.bulk_create(
            ProductGroupGrant(group=group, content_object=hosting, permission_id=numbers[permission])
            for permission in sorted(hosting.kind.preset(Preset.TECHNICAL))
        )
        for name, ends in (("token", None), ("expired_token", now - timedelta(days=1))):
            digest = sha256(f"prt_{name}".encode()).hexdigest()
            token = ApiToken.objects.create(
                organization=acme,
                user=users["owner"],
                name=name,
                prefix=f"prt_{name}"[:12],
                digest=digest,
                permissions=["view"],
                expires_at=ends,
            )
            ApiTokenProduct.objects.create(token=token, product=hosting, organization=acme)
    return world


def user(name: str, **fields: Any) -> User:
    made = unsaved(name, **fields)
    made.save()
    return made


def unsaved(name: str, **fields: Any) -> User:
    made = User(
        email=f"{name}@example.com",
        first_name=name.title(),
        last_name="Tester",
        is_staff=name == "staff",
        tour_seen=True,
        **fields,
    )
    made.set_password("secret-of-" + name)
    return made


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
