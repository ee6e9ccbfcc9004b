from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import done
from manager.web.refused import Refused
from organizations import viewing
from organizations.access import Access
from organizations.actions import member as actions
from organizations.gate import in_organization
from organizations.roles import Right
from organizations.views.member import find, refusal


@require_POST
@in_organization(Right.MEMBERS)
def view_as(request: SignedIn, access: Access, member: int) -> HttpResponse:
    found = find(access, member)
    try:
        viewing.begin(request, actions.view_as(found, by=access))
    except Refused as no:
        return refusal(request, access, found, no)
    return done(request, access.organization)


@require_POST
@signed_in
def view_as_stop(request: SignedIn) -> HttpResponse:
    organization = viewing.stop(request, request.POST.get("organization", ""))
    text = _("You see %(organization)s with your own rights again.") % {"organization": organization}
    return done(request, organization or "organizations", text if organization else None)
