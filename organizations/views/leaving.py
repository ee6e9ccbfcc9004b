"""The end of a membership: removed by an administrator, or left."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.reauthentication import freshly_authenticated
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import holdings, standing
from organizations.access import Access
from organizations.actions import member as actions
from organizations.gate import in_organization, is_open
from organizations.models import Membership, Team
from organizations.roles import Right
from organizations.views.member import find, refusal


@require_http_methods(["GET", "POST"])
@in_organization(Right.MEMBERS)
@freshly_authenticated
def remove(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found = find(access, member)
    if request.method == "GET":
        return page(request, "organizations/_member_remove.html", ending(access, found))
    try:
        actions.remove(found, by=access)
    except Refused as no:
        return refusal(request, access, found, no)
    text = _("%(person)s no longer belongs to %(organization)s.")
    away = reverse("members", args=[access.organization.slug])
    return done(request, away, text % {"person": found, "organization": access.organization})


@require_http_methods(["GET", "POST"])
@in_organization(Right.SEE, without_second_factor=True)
def leave(request: HttpRequest, access: Access) -> HttpResponse:
    # Whoever is kept out until they have a second factor sees nothing of the organization here either.
    inside = is_open(request, access.membership)
    context: dict[str, Any] = ending(access, access.membership) if inside else {"access": access}
    context |= {"inside": inside, "layout": "layouts/app.html" if inside else "layouts/entrance.html"}
    context["leaving"] = standing.against_leaving(access.membership, standing.representatives(access))
    if request.method == "GET":
        return page(request, "organizations/leave.html", context)
    try:
        actions.leave(by=access)
    except Refused as no:
        return invalid(request, "organizations/leave.html", context | {"leaving": no.message})
    return done(request, "organizations", _("You left %(organization)s.") % {"organization": access.organization})


def ending(access: Access, member: Membership) -> dict[str, Any]:
    """What ends with the membership."""
    teams = Team.objects.filter(organization=access.organization, group__user=member.user)
    context = {"access": access, "member": member, "teams": list(teams)}
    context["losses"] = holdings.losses(access.organization, member)
    context["end"] = standing.against_end(member, access, standing.representatives(access))
    return context
