from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import invitations as links
from organizations.access import Access
from organizations.gate import in_organization
from organizations.limits import MOST_OPEN
from organizations.models import Event, Invitation
from organizations.models.invitation import LIFETIME
from organizations.proof import prove_for_role
from organizations.roles import Right
from products.actions import invitation as actions
from products.invitation_forms import InvitationForm

PAGE = 50
# How long the list remembers what became of an invitation.
REMEMBERED = timedelta(days=30)


@require_GET
@in_organization(Right.MEMBERS)
def invitations(request: HttpRequest, access: Access) -> HttpResponse:
    return page(request, "organizations/invitations.html", shown(request, access))


@require_http_methods(["GET", "POST"])
@in_organization(Right.MEMBERS)
def invite(request: HttpRequest, access: Access) -> HttpResponse:
    context: dict[str, Any] = {"access": access, "lifetime": LIFETIME.days}
    if request.method == "GET" or "search" in request.POST:
        context["form"] = InvitationForm.unchecked(request.POST, access=access)
        return page(request, "organizations/invite.html", context, fragments=["levels"])
    form = context["form"] = InvitationForm(request.POST, access=access)
    if form.is_valid():
        prove_for_role(request, form.cleaned_data["role"])
        try:
            made = actions.invite(**form.invited(), by=access)
        except Refused as refused:
            refused.into(form)
        else:
            text = ngettext("%(first)s is invited.", "%(number)d people are invited.", len(made))
            return done(request, list_of(access), text % {"first": made[0].email, "number": len(made)})
    return invalid(request, "organizations/invite.html", context)


@require_POST
@in_organization(Right.MEMBERS)
def resend(request: HttpRequest, access: Access, invitation: int) -> HttpResponse:
    found = find(access, invitation)
    prove_for_role(request, found.role)
    return _act(request, access, found, actions.resend, _("The invitation of %(email)s is sent again."))


@require_POST
@in_organization(Right.MEMBERS)
def revoke(request: HttpRequest, access: Access, invitation: int) -> HttpResponse:
    found = find(access, invitation)
    return _act(request, access, found, actions.revoke, _("The invitation of %(email)s is withdrawn."))


def find(access: Access, pk: int) -> Invitation:
    found = Invitation.objects.filter(organization=access.organization, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _act(request: HttpRequest, access: Access, found: Invitation, action: Any, message: str) -> HttpResponse:
    try:
        action(found, by=access)
    except Refused as refused:
        context = shown(request, access) | {"refusal": str(refused.message), "about": found.pk}
        return invalid(request, "organizations/invitations.html", context)
    return done(request, list_of(access), message % {"email": found.email})


def list_of(access: Access) -> str:
    return reverse("invitations", args=[access.organization.slug])


def shown(request: HttpRequest, access: Access) -> dict[str, Any]:
    """Those that wait for an answer or have expired, and what became of the others lately."""
    rows = Invitation.objects.filter(organization=access.organization).select_related("invited_by", "accepted_by")
    listing = Paginator(rows.standing(), PAGE).get_page(request.GET.get("page"))
    ended = list(rows.ended(since=timezone.now() - REMEMBERED)[:PAGE])
    about = {"target_type": Invitation._meta.label_lower, "target_id__in": [each.pk for each in ended]}
    declined = Event.objects.filter(organization=access.organization, verb="invitation.decline", **about)
    return {
        "access": access,
        "listing": listing,
        "rows": [row(each, access) for each in listing],
        "open": rows.open().count(),
        "most": MOST_OPEN,
        "ended": ended,
        "declined": set(declined.values_list("target_id", flat=True)) if ended else set(),
    }


def row(invitation: Invitation, access: Access) -> dict[str, Any]:
    """With its link, how much it opens, and why it is not this person's to send or withdraw."""
    kinds = sum("kind" in grant for grant in invitation.grants)
    mine = links.covers(access, invitation.role)
    return {
        "invitation": invitation,
        "link": links.link(invitation),
        "kinds": kinds,
        "products": len(invitation.grants) - kinds,
        "closed": "" if mine else _("Only a legal representative appoints another one."),
    }
