from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import standing
from organizations.access import Access
from organizations.actions import team as actions
from organizations.gate import in_organization
from organizations.models import Membership, Team
from organizations.models.membership import MembershipQuerySet
from organizations.roles import Right
from organizations.team_forms import PeopleForm, TeamEditForm, TeamForm

PAGE = 50


def find(access: Access, pk: int) -> Team:
    """A team of the organization; Http404 for any other."""
    rows = Team.objects.filter(organization=access.organization, pk=pk)
    found = rows.select_related("group", "leader").annotate(number=Count("group__user")).first()
    if found is None:
        raise Http404
    found.organization = access.organization
    return found


@require_GET
@in_organization(Right.MEMBERS)
def teams(request: HttpRequest, access: Access) -> HttpResponse:
    rows = Team.objects.filter(organization=access.organization).select_related("leader")
    rows = rows.annotate(number=Count("group__user")).order_by("name", "pk")
    listing = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for team in listing:
        team.organization = access.organization
    return page(request, "organizations/teams.html", {"access": access, "listing": listing})


@require_http_methods(["GET", "POST"])
@in_organization(Right.MEMBERS)
def create(request: HttpRequest, access: Access) -> HttpResponse:
    if request.method == "GET":
        return page(request, "organizations/team_form.html", {"access": access, "form": TeamForm()})
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            team = actions.create(by=access, **form.cleaned_data)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, team, _("The team %(team)s is there. Add users to it.") % {"team": team})
    return invalid(request, "organizations/team_form.html", {"access": access, "form": form})


@require_GET
@in_organization(Right.MEMBERS)
def team(request: HttpRequest, access: Access, team: int) -> HttpResponse:
    return page(request, "organizations/team.html", people(request, access, find(access, team)), fragments=["people"])


def people(request: HttpRequest, access: Access, team: Team) -> dict[str, Any]:
    """The team's members; those whose name contains what is searched for."""
    rows = Membership.objects.filter(organization=access.organization, user__groups=team.group_id)
    return {"access": access, "team": team, "form": None} | listed(request, rows)


def strangers(request: HttpRequest, access: Access, team: Team) -> dict[str, Any]:
    """Members of the organization who are not in the team."""
    rows = Membership.objects.filter(organization=access.organization).exclude(user__groups=team.group_id)
    context = {"access": access, "team": team, "form": None, "not_oneself": standing.not_oneself()}
    return context | listed(request, rows)


def listed(request: HttpRequest, rows: MembershipQuerySet) -> dict[str, Any]:
    query = request.GET.get("q", "").strip()[:120]
    rows = rows.of_people_like(query) if query else rows
    return {"listing": Paginator(rows.by_name(), PAGE).get_page(request.GET.get("page")), "query": query}


@require_http_methods(["GET", "POST"])
@in_organization(Right.MEMBERS)
def edit(request: HttpRequest, access: Access, team: int) -> HttpResponse:
    found = find(access, team)
    if request.method == "GET":
        context = {"access": access, "team": found, "form": TeamEditForm.of(found)}
        return page(request, "organizations/team_form.html", context)
    form = TeamEditForm(request.POST, team=found)
    if form.is_valid():
        try:
            actions.edit(found, by=access, **form.cleaned_data)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, found, _("The team is saved."))
    return invalid(request, "organizations/team_form.html", {"access": access, "team": found, "form": form})


@require_POST
@in_organization(Right.MEMBERS)
def delete(request: HttpRequest, access: Access, team: int) -> HttpResponse:
    found = find(access, team)
    actions.delete(found, by=access)
    return done(
        request, reverse("teams", args=[access.organization.slug]), _("The team %(team)s is deleted.") % {"team": found}
    )


@require_http_methods(["GET", "POST"])
@in_organization(Right.MEMBERS)
def add(request: HttpRequest, access: Access, team: int) -> HttpResponse:
    found = find(access, team)
    if request.method == "GET":
        return page(request, "organizations/team_add.html", strangers(request, access, found), fragments=["people"])
    form = PeopleForm(request.POST, team=found)
    if form.is_valid():
        try:
            added = actions.add_members(found, form.users, by=access)
        except Refused as refused:
            refused.into(form)
        else:
            told = ngettext("%(number)d user is new in %(team)s.", "%(number)d users are new in %(team)s.", len(added))
            return done(request, found, told % {"number": len(added), "team": found})
    return invalid(request, "organizations/team_add.html", strangers(request, access, found) | {"form": form})


@require_POST
@in_organization(Right.MEMBERS)
def remove(request: HttpRequest, access: Access, team: int) -> HttpResponse:
    found = find(access, team)
    form = PeopleForm(request.POST, team=found)
    if not form.is_valid():
        return invalid(request, "organizations/team.html", people(request, access, found) | {"form": form})
    removed = actions.remove_members(found, form.users, by=access)
    told = ngettext("%(number)d user is out of %(team)s.", "%(number)d users are out of %(team)s.", len(removed))
    return done(request, found, told % {"number": len(removed), "team": found})
