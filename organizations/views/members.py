"""The list of members, and what is done to several of them at once."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import second_factor
from manager.web.pages import done, invalid, own_path, page
from organizations import roster
from organizations.access import Access
from organizations.actions.second_factor import remind as remind_of_it
from organizations.bulk import Outcome, carry_out
from organizations.chips import Chip, address, chip
from organizations.gate import in_organization
from organizations.member_forms import BulkForm
from organizations.models import Membership, Team
from organizations.proof import prove_for_role
from organizations.roles import Right, Role

PAGE = 50
TEMPLATE = "organizations/members.html"
# What closes the organization to a member, or opens it again.
OPENING = ("suspend", "restore")


def shown(request: HttpRequest, access: Access) -> dict[str, Any]:
    wanted = roster.Wanted.of(request.GET)
    known = roster.census(access, wanted)
    paginator = Paginator(roster.rows(access, wanted), PAGE)
    # Counted with everything else.
    paginator.count = known.found
    listing = paginator.get_page(request.GET.get("page"))
    rows = roster.complete(listing, access, known)
    context = {"access": access, "listing": listing, "rows": rows, "wanted": wanted, "census": known}
    return context | {"chips": chips_of(request.GET, wanted, known), "sorts": sorts(request.GET, wanted)}


def chips_of(data: QueryDict, wanted: roster.Wanted, known: roster.Census) -> list[Chip]:
    team = "" if wanted.team is None else str(wanted.team)
    teams = [(str(team["pk"]), team["name"]) for team in known.teams]
    missing = [("missing", _("Without second factor"))]
    shown = [
        chip(data, "role", _("Role"), _("All roles"), wanted.role, Role.choices),
        chip(data, "team", _("Team"), _("All teams"), team, teams) if teams or team else None,
        chip(data, "status", _("Status"), _("Every status"), wanted.status, roster.STATUSES.items()),
        chip(data, "factor", _("Second factor"), _("With and without"), "missing" if wanted.bare else "", missing),
    ]
    return [each for each in shown if each]


def sorts(data: QueryDict, wanted: roster.Wanted) -> dict[str, dict[str, str]]:
    """For the head of each column that sorts: how it is sorted now, and the address of the other way round."""
    found = {}
    for name in ("name", "seen"):
        turned = f"-{name}" if wanted.sort == name else name
        now = {name: "ascending", f"-{name}": "descending"}.get(wanted.sort, "")
        found[name] = {"now": now, "url": address(data, "sort", turned)}
    return found


@require_GET
@in_organization(Right.MEMBERS)
def members(request: HttpRequest, access: Access) -> HttpResponse:
    return page(request, TEMPLATE, shown(request, access), fragments=["rows"])


@require_POST
@in_organization(Right.MEMBERS)
def change(request: HttpRequest, access: Access) -> HttpResponse:
    """One after the other; what went wrong with one does not stop the others, and is told."""
    people = chosen(access, request.POST.getlist("member"))
    teams = {team.pk: team for team in Team.objects.filter(organization=access.organization)}
    form = BulkForm(request.POST, members=people, teams=teams)
    if not form.is_valid():
        return invalid(request, TEMPLATE, shown(request, access) | {"form": form})
    action, members = form.cleaned_data["action"], [people[pk] for pk in form.cleaned_data["member"]]
    if action in OPENING:
        prove_for_role(request, *(member.role for member in members))
    outcome = carry_out(action, members, teams.get(form.cleaned_data["team"]), by=access)
    return told(request, access, outcome)


def chosen(access: Access, posted: list[str]) -> dict[int, Membership]:
    """The members that the form names, by their numbers."""
    numbers = {int(text) for text in posted if text.isascii() and text.isdecimal() and len(text) < 19}
    rows = Membership.objects.filter(organization=access.organization, pk__in=numbers).select_related("user")
    return {member.pk: member for member in rows}


def told(request: HttpRequest, access: Access, outcome: Outcome) -> HttpResponse:
    if outcome.refused:
        return invalid(request, TEMPLATE, shown(request, access) | {"outcome": outcome})
    back = own_path(request.POST.get("next", ""))
    home = reverse("members", args=[access.organization.slug])
    return done(request, home if back == "/" else back, outcome.text)


@require_POST
@in_organization(Right.MEMBERS)
def remind(request: HttpRequest, access: Access) -> HttpResponse:
    """Everybody who signs in with a password only is asked for a second factor, once a day."""
    rows = Membership.objects.filter(organization=access.organization).active()
    rows = rows.exclude(second_factor.exists_for("user")).exclude(user=access.user).select_related("user")
    number = remind_of_it(access.organization, [each.user for each in rows], by=access)
    text = ngettext("%(number)d user is reminded.", "%(number)d users are reminded.", number) % {"number": number}
    nobody = _("Everybody concerned was reminded today already.")
    back, home = own_path(request.POST.get("next", "")), reverse("members", args=[access.organization.slug])
    return done(request, home if back == "/" else back, text if number else nobody)
