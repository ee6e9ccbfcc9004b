"""The list of an organization's members: what it is narrowed to, and what stands in its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from manager.web import dates
from manager.web.listing import Column, Filter, Listing, declare, is_number
from organizations import holdings, standing
from organizations.access import Access
from organizations.models import Invitation, Membership, Organization, Team
from organizations.models.membership import MembershipQuerySet
from organizations.roles import Right, Role

LIST = declare("members", "role", "team", "status", "factor")
STATUSES: dict[str, str | Promise] = {"active": _("Active"), "suspended": _("Suspended"), "ended": _("Ended")}
SEEN = F("last_used_at")


def by_name(*, turned: bool = False) -> tuple[Any, ...]:
    return tuple(F(name).desc() if turned else F(name).asc() for name in ("user__first_name", "user__last_name", "pk"))


def access_of(row: dict[str, Any]) -> str:
    """What the member may do, in a few words."""
    rights = row["member"].rights
    if Right.ALL_PRODUCTS in rights:
        return str(_("Everything"))
    given = [(Right.ORDER, _("Orders")), (Right.BILLING, _("Billing"))]
    return ", ".join([*(str(words) for right, words in given if right in rights), *row["held"]])


COLUMNS = (
    Column("name", _("Name"), lambda row: row["member"].user, by_name(), by_name(turned=True)),
    Column("email", _("Email"), lambda row: row["member"].user.email, beside=True),
    Column("role", _("Role"), lambda row: row["member"].get_role_display()),
    Column("access", _("Access"), access_of),
    Column("teams", _("Teams"), lambda row: ", ".join(team["name"] for team in row["teams"]), look="is-optional"),
    Column("factor", _("Second factor"), lambda row: _("On") if row["member"].has_factor else _("Missing")),
    Column(
        "seen",
        _("Last seen"),
        lambda row: dates.iso(row["member"].last_used_at),
        (SEEN.desc(nulls_last=True), "pk"),
        (SEEN.asc(nulls_first=True), "pk"),
        "is-optional",
    ),
    Column("ends", _("Last day of access"), lambda row: dates.iso(row["member"].expires_at), shown=False),
)


def listing_of(data: QueryDict, teams: Iterable[dict[str, Any]] = ()) -> Listing:
    """`teams`: those to choose from."""
    known = [(str(team["pk"]), team["name"]) for team in teams]
    filters = [
        Filter("role", _("Role"), _("All roles"), Role.choices),
        Filter("team", _("Team"), _("All teams"), known, free=is_number),
        Filter("status", _("Status"), _("Every status"), [*STATUSES.items()]),
        Filter("factor", _("Second factor"), _("With and without"), [("missing", _("Without second factor"))]),
    ]
    return Listing(LIST, data, COLUMNS, filters)


def wanted(listing: Listing, organization: Organization) -> MembershipQuerySet:
    """The memberships that are wanted, in no order yet."""
    chosen, rows = listing.chosen, Membership.objects.filter(organization=organization)
    if listing.query:
        rows = rows.of_people_like(listing.query)
    if chosen["role"]:
        rows = rows.filter(role=chosen["role"])
    if chosen["team"]:
        rows = rows.filter(user__groups__team=int(chosen["team"]))
    if chosen["status"] == "active":
        rows = rows.active()
    elif chosen["status"] == "suspended":
        rows = rows.exclude(suspended_at=None)
    elif chosen["status"] == "ended":
        rows = rows.filter(suspended_at=None, expires_at__lte=timezone.now())
    return rows.exclude(second_factor.exists_for("user")) if chosen["factor"] else rows


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


def census(access: Access, listing: Listing) -> Census:
    """One query."""
    organization = access.organization
    active = Membership.objects.filter(organization=organization).active()
    bare_ones = active.exclude(second_factor.exists_for("user"))
    teams = Team.objects.filter(organization=organization).order_by("name", "pk")
    row = (
        Organization.objects.filter(pk=organization.pk)
        .order_by()
        .values_list(
            number(wanted(listing, organization)),
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


def rows(access: Access, listing: Listing) -> MembershipQuerySet:
    """The members that are wanted, with what a row shows."""
    teams = Team.objects.filter(organization=access.organization, group__user=OuterRef("user")).order_by()
    found = wanted(listing, access.organization).select_related("user")
    return found.annotate(
        has_factor=second_factor.exists_for("user"),
        # The same member once, also where a filter joins a table.
        in_teams=ArraySubquery(teams.values("pk")),
    )


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
