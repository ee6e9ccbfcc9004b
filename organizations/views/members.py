"""The list of members, and what is done to several of them at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import second_factor
from manager.web.pages import done, invalid, own_path, page
from organizations import roster, sheets
from organizations.access import Access
from organizations.actions.second_factor import remind as remind_of_it
from organizations.bulk import Outcome, carry_out
from organizations.gate import in_organization
from organizations.member_forms import BulkForm
from organizations.models import Membership, Team
from organizations.proof import prove_for_role
from organizations.roles import Right

TEMPLATE = "organizations/members.html"
# What closes the organization to a member, or opens it again.
OPENING = ("suspend", "restore")


def shown(request: HttpRequest, access: Access) -> dict[str, Any]:
    asked = roster.listing_of(request.GET)
    known = roster.census(access, asked)
    listing = roster.listing_of(request.GET, known.teams)
    # Counted with everything else.
    found = listing.page(roster.rows(access, listing), count=known.found)
    rows = roster.complete(found, access, known)
    return {"access": access, "listing": listing, "page": found, "rows": rows, "census": known}


@require_GET
@in_organization(Right.MEMBERS)
def members(request: HttpRequest, access: Access) -> HttpResponse:
    listing = roster.listing_of(request.GET)
    if listing.wants_file:
        known, found = roster.census(access, listing), roster.rows(access, listing)
        return sheets.of(access, listing, found, lambda part: roster.complete(part, access, known))
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
