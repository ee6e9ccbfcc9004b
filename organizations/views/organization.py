from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.reauthentication import prove
from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations import obstacles
from organizations.access import Access
from organizations.actions import organization as actions
from organizations.events import Person
from organizations.forms import DeleteForm, LogoForm, OrganizationForm, SettingsForm
from organizations.gate import client_address, in_organization, is_open, last_used, memberships
from organizations.roles import Right


@require_GET
@signed_in
def organizations(request: HttpRequest) -> HttpResponse:
    rows = [(membership, is_open(request, membership)) for membership in memberships(request)]
    return page(request, "organizations/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@signed_in
def create(request: SignedIn) -> HttpResponse:
    if request.method == "GET":
        return page(request, "organizations/create.html", {"form": OrganizationForm.blank()})
    form = OrganizationForm(request.POST)
    if form.is_valid():
        try:
            founder = Person(request.user, client_address(request))
            organization = actions.create(by=founder, **form.cleaned_data)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, organization, _("%(name)s is ready.") % {"name": organization})
    return invalid(request, "organizations/create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@in_organization(Right.EDIT)
def settings(request: HttpRequest, access: Access) -> HttpResponse:
    if request.method == "GET":
        return settings_with(request, access, status=200)
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return settings_with(request, access, form=form)
    actions.edit(by=access, **form.cleaned_data)
    return done(request, request.path, _("The organization is saved."))


def settings_with(request: HttpRequest, access: Access, *, status: int = 422, **context: Any) -> HttpResponse:
    """The settings page; `context` overrides, for a form with errors."""
    shown = {"access": access, "form": SettingsForm.of(access.organization), "logo_form": LogoForm()}
    return page(request, "organizations/settings.html", shown | context, status=status)


@require_http_methods(["GET", "POST"])
@in_organization(Right.DELETE)
def delete(request: HttpRequest, access: Access) -> HttpResponse:
    form = DeleteForm(request.POST or None, organization=access.organization)
    if request.method == "POST" and form.is_valid():
        prove(request)
        try:
            actions.delete(access.organization, by=access)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, "organizations", _("%(name)s is deleted.") % {"name": access.organization})
    lines = obstacles.checklist(access.organization)
    context = {"access": access, "form": form, "lines": lines, "standing": [each for each in lines if each.stands]}
    return page(request, "organizations/delete.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@signed_in
def deep_link(request: HttpRequest, path: str) -> HttpResponse:
    """A link that names no organization goes to the one used last."""
    used = last_used(request)
    return redirect(f"{used.organization.get_absolute_url()}{path}" if used else "organizations")
