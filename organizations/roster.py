"""The list of an organization's members: what it is narrowed to, and what stands in its rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from organizations import holdings, standing
from organizations.access import Access
from organizations.models import Invitation, Membership, Organization, Team
from organizations.models.membership import MembershipQuerySet
from organizations.roles import Role

SORTS: dict[str, Callable[[MembershipQuerySet], MembershipQuerySet]] = {
    "name": lambda rows: rows.by_name(),
    "-name": lambda rows: rows.by_name().reverse(),
    "seen": lambda rows: rows.order_by(F("last_used_at").desc(nulls_last=True), "pk"),
    "-seen": lambda rows: rows.order_by(F("last_used_at").asc(nulls_first=True), "pk"),
}
STATUSES: dict[str, str | Promise] = {"active": _("Active"), "suspended": _("Suspended"), "ended": _("Ended")}


@dataclass(frozen=True)
class Wanted:
    """What the address of the list says; what makes no sense is left out."""

    query: str = ""
    role: str = ""
    team: int | None = None
    status: str = ""
    bare: bool = False
    sort: str = "name"

    @classmethod
    def of(cls, data: QueryDict) -> Self:
        text = {name: data.get(name, "").strip() for name in ("q", "role", "team", "status", "factor", "sort")}
        number = text["team"]
        return cls(
            query=text["q"][:254],
            role=text["role"] if text["role"] in Role else "",
            team=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None,
            status=text["status"] if text["status"] in STATUSES else "",
            bare=text["factor"] == "missing",
            sort=text["sort"] if text["sort"] in SORTS else "name",
        )

    def __bool__(self) -> bool:
        return bool(self.query or self.role or self.team is not None or self.status or self.bare)

    def rows(self, organization: Organization) -> MembershipQuerySet:
        """The memberships that are wanted, in no order yet."""
        rows = Membership.objects.filter(organization=organization)
        if self.query:
            rows = rows.of_people_like(self.query)
        if self.role:
            rows = rows.filter(role=self.role)
        if self.team is not None:
            rows = rows.filter(user__groups__team=self.team)
        if self.status == "active":
            rows = rows.active()
        elif self.status == "suspended":
            rows = rows.exclude(suspended_at=None)
        elif self.status == "ended":
            rows = rows.filter(suspended_at=None, expires_at__lte=timezone.now())
        return rows.exclude(second_factor.exists_for("user")) if self.bare else rows


@dataclass(frozen=True)
class Census:
    """What the page says of all members at once."""

    found: int
    people: int
    # Who signs in with a password only: in all, and other than oneself.
    bare: int
    others: int
    invited: int
    staying: frozenset[int]
    teams: list[dict[str, Any]]


def number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("organization").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def census(access: Access, wanted: Wanted) -> Census:
    """One query."""
    organization = access.organization
    active = Membership.objects.filter(organization=organization).active()
    bare_ones = active.exclude(second_factor.exists_for("user"))
    teams = Team.objects.filter(organization=organization).order_by("name", "pk")
    row = (
        Organization.objects.filter(pk=organization.pk)
        .order_by()
        .values_list(
            number(wanted.rows(organization)),
            number(active),
            number(bare_ones),
            number(bare_ones.exclude(user=access.user)),
            number(Invitation.objects.filter(organization=organization).open()),
            ArraySubquery(Membership.objects.filter(organization=organization).representing().values("pk")),
            ArraySubquery(teams.values_list(JSONObject(pk="pk", name="name", tone="tone"), flat=True)),
        )
        .get()
    )
    found, people, bare, others, invited, staying, known = row
    return Census(found, people, bare, others, invited, frozenset(staying), known)


def rows(access: Access, wanted: Wanted) -> MembershipQuerySet:
    """The members that are wanted, with what a row shows."""
    teams = Team.objects.filter(organization=access.organization, group__user=OuterRef("user")).order_by()
    found = wanted.rows(access.organization).select_related("user")
    found = found.annotate(
        has_factor=second_factor.exists_for("user"),
        # The same member once, also where a filter joins a table.
        in_teams=ArraySubquery(teams.values("pk")),
    )
    return SORTS[wanted.sort](found)


def complete(members: Iterable[Membership], access: Access, known: Census) -> list[dict[str, Any]]:
    """Each member with what is given to them, their teams, and why something may not be done to them."""
    members = list(members)
    for member in members:
        member.organization = access.organization
    held = holdings.brief(access.organization, members)
    return [
        {
            "member": member,
            "held": held.get(member.user_id, []),
            "teams": [team for team in known.teams if team["pk"] in member.in_teams],  # type: ignore[attr-defined]
            "change": standing.against_change(member, access),
            "end": standing.against_end(member, access, known.staying),
            "view": standing.against_viewing(member, access),
        }
        for member in members
    ]
