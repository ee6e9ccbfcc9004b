"""One member: who they are, what they may do, and what happens to them."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import second_factor
from manager.web.lists import listed
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import holdings, standing
from organizations.access import Access
from organizations.actions import member as actions
from organizations.gate import in_organization
from organizations.member_forms import ExpiryForm, PreferencesForm, RoleForm
from organizations.models import Membership, Team
from organizations.proof import prove_for_role
from organizations.roles import Right, Role

TEMPLATE = "organizations/member.html"
# Told with the products, or of everybody.
SEEN_OTHERWISE = (Right.SEE, Right.ALL_PRODUCTS)


def find(access: Access, pk: int) -> Membership:
    """The member with this number; Http404 for who may not see them."""
    rows = Membership.objects.filter(organization=access.organization, pk=pk).select_related("user")
    found = rows.annotate(has_factor=second_factor.exists_for("user")).first()
    if found is None or not (access.may(Right.MEMBERS) or found.pk == access.membership.pk):
        raise Http404
    found.organization = access.organization
    return found


def shown(access: Access, member: Membership, **forms: Any) -> dict[str, Any]:
    staying = standing.representatives(access)
    teams = list(Team.objects.filter(organization=access.organization))
    inside = set(member.user.groups.values_list("team", flat=True))
    context = {
        "access": access,
        "member": member,
        "mine": member.pk == access.membership.pk,
        "teams": [team for team in teams if team.pk in inside],
        "other_teams": [team for team in teams if team.pk not in inside],
        "lines": holdings.lines(access.organization, member),
        "rights": [right.label for right in Right if right in member.rights and right not in SEEN_OTHERWISE],
        "roles": [{"role": role, "closed": standing.against_role(member, role, access, staying)} for role in Role],
        "change": standing.against_change(member, access),
        "end": standing.against_end(member, access, staying),
        "leaving": standing.against_leaving(member, staying),
        "view": standing.against_viewing(member, access),
        "preferring": standing.against_preferring(member, access),
        "silence": standing.against_silence(member, standing.reminded(access)),
        "role_form": RoleForm.of(member),
        "expiry_form": ExpiryForm.of(member),
        "preferences_form": PreferencesForm.of(member),
    }
    return context | forms


@require_GET
@in_organization(Right.SEE)
def member(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    return page(request, TEMPLATE, shown(access, find(access, member)))


@require_GET
@in_organization(Right.SEE)
def mine(request: HttpRequest, access: Access) -> HttpResponse:
    return page(request, TEMPLATE, shown(access, find(access, access.membership.pk)))


@require_POST
@in_organization(Right.MEMBERS)
def set_role(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found, form = find(access, member), RoleForm(request.POST)
    text = _("The role of %(person)s is saved.")
    if teams := Team.objects.filter(organization=access.organization, group__user=found.user):
        names = listed(teams).replace("%", "%%")
        text += " " + _("The rights of their teams stay: %(teams)s.") % {"teams": names}
    return change(request, access, found, actions.set_role, text, role_form=form)


@require_POST
@in_organization(Right.MEMBERS)
def set_expiry(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found, form = find(access, member), ExpiryForm(request.POST)
    text = _("The access period of %(person)s is saved.")
    return change(request, access, found, actions.set_expiry, text, expiry_form=form)


@require_POST
@in_organization(Right.SEE)
def prefer(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found, form = find(access, member), PreferencesForm(request.POST)
    text = _("The contact preferences are saved.")
    return change(request, access, found, actions.prefer, text, proving=False, preferences_form=form)


@require_POST
@in_organization(Right.MEMBERS)
def suspend(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found = find(access, member)
    return change(request, access, found, actions.suspend, _("The access of %(person)s is suspended."))


@require_POST
@in_organization(Right.MEMBERS)
def restore(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found = find(access, member)
    return change(request, access, found, actions.restore, _("%(person)s has access again."))


def change(
    request: HttpRequest,
    access: Access,
    member: Membership,
    action: Callable[..., object],
    text: str,
    *,
    proving: bool = True,
    **forms: Form,
) -> HttpResponse:
    """The action is done to the member, with what the form says where there is one, and told on their page.

    What is wrong stands there too: next to the field, or above all.
    """
    form = next(iter(forms.values()), None)
    if form is None or form.is_valid():
        data = form.cleaned_data if form else {}
        if proving:
            prove_for_role(request, member.role, data.get("role", ""))
        try:
            action(member, **data, by=access)
        except Refused as no:
            if form is None:
                return refusal(request, access, member, no)
            no.into(form)
        else:
            return done(request, member, text % {"person": member})
    return invalid(request, TEMPLATE, shown(access, find(access, member.pk), **forms))


def refusal(request: HttpRequest, access: Access, member: Membership, no: Refused) -> HttpResponse:
    return invalid(request, TEMPLATE, shown(access, member, refusal=str(no.message)))
