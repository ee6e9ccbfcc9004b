"""Generated worlds of organizations, roles, teams, grants, ends and suspensions, and what follows from them.

`World.expects` is an oracle: it says what should hold from the drawn values alone, and knows nothing of the engine.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from hypothesis import strategies as st

from accounts.models import User
from organizations import tenancy
from organizations.models import (
    Membership,
    Organization,
    OrganizationGroupGrant,
    OrganizationUserGrant,
    Team,
)
from organizations.roles import Role
from products import kinds
from products.models import ApiToken, ApiTokenProduct, Product, ProductGroupGrant, ProductUserGrant
from products.permissions import ids
from tests import people

PEOPLE = ("ann", "bob", "cyd")
PLACES = ("north", "south")
TEAMS = ("red", "green")
NAMES = (("hosting", "one.ch"), ("hosting", "two.ch"), ("domains", "one.ch"), ("email", "one.ch"))
# Common ones, and some that only one kind knows.
PERMISSIONS = ("view", "view", "configure", "lifecycle", "statistics", "dns", "databases", "addresses")
ENDS = {"never": None, "passed": timedelta(days=-1), "coming": timedelta(days=1)}

ends = st.sampled_from(sorted(ENDS))
members = st.fixed_dictionaries(
    {
        "role": st.sampled_from([*Role, Role.COLLABORATOR, Role.EXTERNAL]),
        "may_order": st.booleans(),
        "has_billing": st.booleans(),
        "suspended": st.sampled_from([False, False, False, True]),
        "ends": st.sampled_from(["never", "never", "coming", "passed"]),
    }
)
grants = st.fixed_dictionaries(
    {
        "place": st.sampled_from(PLACES),
        "to": st.sampled_from([*PEOPLE, *PEOPLE, *TEAMS]),
        # A product, by its place in `NAMES`, or a whole kind.
        "on": st.sampled_from([0, 1, 2, 3, "hosting", "domains", "email"]),
        "permissions": st.sets(st.sampled_from(PERMISSIONS), min_size=1),
        "ends": ends,
    }
)
drawn_worlds = st.fixed_dictionaries(
    {
        "members": st.dictionaries(st.tuples(st.sampled_from(PLACES), st.sampled_from(PEOPLE)), members, max_size=6),
        "teams": st.dictionaries(
            st.tuples(st.sampled_from(PLACES), st.sampled_from(TEAMS)), st.sets(st.sampled_from(PEOPLE)), max_size=4
        ),
        "grants": st.lists(grants, max_size=7),
        # Organizations that ask for a second factor, which nobody has; mostly none.
        "strict": st.sampled_from([(), (), (), (), ("north",), PLACES]),
        "token": st.fixed_dictionaries(
            {
                "place": st.sampled_from(PLACES),
                "of": st.sampled_from(PEOPLE),
                "permissions": st.sets(st.sampled_from(PERMISSIONS), min_size=1),
                "products": st.one_of(st.none(), st.sets(st.integers(0, 3))),
            }
        ),
    }
)


@dataclass
class Ground:
    """What every world has: people, organizations and their products."""

    users: dict[str, User]
    places: dict[str, Organization]
    products: dict[str, list[Product]] = field(default_factory=dict)


def ground() -> Ground:
    plans = {kind.slug: people.plan(kind) for kind in kinds.every()}
    made = Ground(
        users={name: people.user(name) for name in PEOPLE},
        places={name: Organization.objects.create(name=name.title(), slug=name, country="CH") for name in PLACES},
    )
    for place, organization in made.places.items():
        with tenancy.scope(organization.pk):
            made.products[place] = [
                people.product(organization, plans[kind], f"{place}-{name}") for kind, name in NAMES
            ]
    return made


@dataclass
class World:
    """The ground with what was drawn for it."""

    ground: Ground
    drawn: dict[str, Any]

    def build(self) -> None:
        now = timezone.now()
        for place, organization in self.ground.places.items():
            with tenancy.scope(organization.pk):
                self._build(place, organization, now)

    def _build(self, place: str, organization: Organization, now: Any) -> None:
        users = self.ground.users
        if place in self.drawn["strict"]:
            Organization.objects.filter(pk=organization.pk).update(second_factor_from=now)
        for (where, person), how in self.drawn["members"].items():
            if where == place:
                Membership.objects.create(
                    organization=organization,
                    user=users[person],
                    role=how["role"],
                    may_order=how["may_order"],
                    has_billing=how["has_billing"],
                    suspended_at=now if how["suspended"] else None,
                    expires_at=end(how["ends"]),
                )
        groups: dict[str, Group] = {}
        for (where, team), inside in self.drawn["teams"].items():
            if where == place:
                groups[team] = Group.objects.create(name=f"{place}-{team}")
                Team.objects.create(organization=organization, name=team, group=groups[team])
                groups[team].user_set.set([users[person] for person in inside])
        for grant in self.drawn["grants"]:
            if grant["place"] == place and (grant["to"] in users or grant["to"] in groups):
                self._grant(grant, organization, groups)
        self._token(place, organization)

    def _grant(self, grant: dict[str, Any], organization: Organization, groups: dict[str, Group]) -> None:
        on_kind, to_team = isinstance(grant["on"], str), grant["to"] in TEAMS
        target: Any = organization if on_kind else self.ground.products[grant["place"]][grant["on"]]
        model: Any = {
            (False, False): ProductUserGrant,
            (False, True): ProductGroupGrant,
            (True, False): OrganizationUserGrant,
            (True, True): OrganizationGroupGrant,
        }[on_kind, to_team]
        holder = {"group": groups[grant["to"]]} if to_team else {"user": self.ground.users[grant["to"]]}
        numbers = ids(type(target))
        for permission in grant["permissions"]:
            codename = f"{grant['on']}.{permission}" if on_kind else permission
            if codename not in numbers:
                continue
            row = {**holder, "content_object": target, "permission_id": numbers[codename]}
            # Of two grants of the same, the later one stands. In the worker's role, which may write what has ended.
            with tenancy.every_organization():
                model.objects.filter(**row).delete()
                model.objects.bulk_create([model(**row, expires_at=end(grant["ends"]))])

    def _token(self, place: str, organization: Organization) -> None:
        token = self.drawn["token"]
        if token["place"] != place:
            return
        from hashlib import sha256

        made = ApiToken.objects.create(
            organization=organization,
            user=self.ground.users[token["of"]],
            name="drawn",
            prefix="prt_drawn",
            digest=sha256(b"prt_drawn").hexdigest(),
            permissions=sorted(token["permissions"]),
            all_products=token["products"] is None,
            expires_at=timezone.now() + timedelta(days=1),
        )
        for at in token["products"] or ():
            product = self.ground.products[place][at]
            ApiTokenProduct.objects.create(token=made, product=product, organization=organization)

    def member(self, place: str, person: str) -> dict[str, Any] | None:
        return self.drawn["members"].get((place, person))

    def is_active(self, place: str, person: str) -> bool:
        how = self.member(place, person)
        return how is not None and not how["suspended"] and how["ends"] != "passed"

    def is_open(self, place: str, person: str) -> bool:
        """May this person enter the organization?"""
        return self.is_active(place, person) and place not in self.drawn["strict"]

    def rights(self, place: str, person: str) -> set[str]:
        """What the person may in the organization, apart from its products, as the table in the design says."""
        how = self.member(place, person)
        if how is None or not self.is_active(place, person):
            return set()
        if how["role"] == Role.LEGAL_REPRESENTATIVE:
            return {"see", "order", "members", "legal", "edit", "billing", "log", "delete"}
        if how["role"] == Role.ADMINISTRATOR:
            return {"see", "order", "members", "edit", "billing", "log"}
        flags = {"order": how["may_order"], "billing": how["has_billing"]}
        carried = {right for right, held in flags.items() if held and how["role"] == Role.COLLABORATOR}
        return {"see", *carried}

    def expects(self, place: str, person: str, at: int, permission: str) -> bool:
        """May this person do this with the product at this place in `NAMES`, once they have entered?"""
        how = self.member(place, person)
        if how is None or not self.is_active(place, person):
            return False
        if how["role"] in (Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR):
            return True
        return {"view", permission} <= self._held(place, person, at)

    def _held(self, place: str, person: str, at: int) -> set[str]:
        mine = {person} | {
            team for (where, team), inside in self.drawn["teams"].items() if where == place and person in inside
        }
        standing: dict[tuple[str, Any, str], str] = {}
        for grant in self.drawn["grants"]:
            if grant["place"] == place and grant["to"] in mine:
                for permission in grant["permissions"]:
                    standing[grant["to"], grant["on"], permission] = grant["ends"]
        on = (at, NAMES[at][0])
        return {permission for (_to, what, permission), ends in standing.items() if what in on and ends != "passed"}


def end(name: str) -> Any:
    return timezone.now() + ENDS[name] if ENDS[name] else None
