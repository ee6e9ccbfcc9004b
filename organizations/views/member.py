"""One member: who they are, what they may do, and what happens to them."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import second_factor
from accounts.reauthentication import prove
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import holdings, standing
from organizations.access import Access
from organizations.actions import member as actions
from organizations.gate import in_organization
from organizations.member_forms import ROLES, ExpiryForm, PreferencesForm, RoleForm
from organizations.models import Membership, Team
from organizations.roles import Right, Role

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
        "roles": [
            {"role": role, "text": text, "closed": standing.against_role(member, role, access, staying)}
            for role, text in ROLES.items()
        ],
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


def refused(request: HttpRequest, access: Access, pk: int, name: str, form: Form) -> HttpResponse:
    return invalid(request, "organizations/member.html", shown(access, find(access, pk), **{name: form}))


@require_GET
@in_organization(Right.SEE)
def member(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    return page(request, "organizations/member.html", shown(access, find(access, member)))


@require_GET
@in_organization(Right.SEE)
def mine(request: HttpRequest, access: Access) -> HttpResponse:
    return page(request, "organizations/member.html", shown(access, find(access, access.membership.pk)))


@require_POST
@in_organization(Right.MEMBERS)
def set_role(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found, form = find(access, member), RoleForm(request.POST)
    if form.is_valid():
        appoints = Role.LEGAL_REPRESENTATIVE in {found.role, form.cleaned_data["role"]}
        if appoints and found.role != form.cleaned_data["role"]:
            prove(request)
        try:
            actions.set_role(found, **form.cleaned_data, by=access)
        except Refused as no:
            no.into(form)
        else:
            return done(request, found, _("The role of %(person)s is saved.") % {"person": found})
    return refused(request, access, member, "role_form", form)


@require_POST
@in_organization(Right.MEMBERS)
def set_expiry(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found, form = find(access, member), ExpiryForm(request.POST)
    if form.is_valid():
        prove_for(request, found)
        try:
            actions.set_expiry(found, form.cleaned_data["until"], by=access)
        except Refused as no:
            no.into(form)
        else:
            return done(request, found, _("The access period of %(person)s is saved.") % {"person": found})
    return refused(request, access, member, "expiry_form", form)


@require_POST
@in_organization(Right.SEE)
def prefer(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found, form = find(access, member), PreferencesForm(request.POST)
    if form.is_valid():
        try:
            actions.prefer(found, **form.cleaned_data, by=access)
        except Refused as no:
            no.into(form)
        else:
            return done(request, found, _("The contact preferences are saved."))
    return refused(request, access, member, "preferences_form", form)


@require_POST
@in_organization(Right.MEMBERS)
def suspend(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found = find(access, member)
    prove_for(request, found)
    try:
        actions.suspend(found, by=access)
    except Refused as no:
        return refusal(request, access, found, no)
    return done(request, found, _("The access of %(person)s is suspended.") % {"person": found})


@require_POST
@in_organization(Right.MEMBERS)
def restore(request: HttpRequest, access: Access, member: int) -> HttpResponse:
    found = find(access, member)
    prove_for(request, found)
    try:
        actions.restore(found, by=access)
    except Refused as no:
        return refusal(request, access, found, no)
    return done(request, found, _("%(person)s has access again.") % {"person": found})


def prove_for(request: HttpRequest, member: Membership) -> None:
    """Whoever touches a legal representative proves once more who they are."""
    if member.role == Role.LEGAL_REPRESENTATIVE:
        prove(request)


def refusal(request: HttpRequest, access: Access, member: Membership, no: Refused) -> HttpResponse:
    context = shown(access, member, refusal=str(no.message))
    return invalid(request, "organizations/member.html", context)
