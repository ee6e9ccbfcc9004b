from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions import organization as actions
from organizations.events import Person
from organizations.forms import OrganizationForm, SettingsForm
from organizations.gate import client_address, in_organization, last_used, memberships
from organizations.roles import Right


@require_GET
@signed_in
def organizations(request: HttpRequest) -> HttpResponse:
    return page(request, "organizations/list.html", {"memberships": memberships(request)})


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
        form = SettingsForm.of(access.organization)
        return page(request, "organizations/settings.html", {"access": access, "form": form})
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return invalid(request, "organizations/settings.html", {"access": access, "form": form})
    actions.edit(access.organization, by=access, **form.cleaned_data)
    return done(request, request.path, _("The organization is saved."))


@require_GET
@signed_in
def deep_link(request: HttpRequest, path: str) -> HttpResponse:
    """A link that names no organization goes to the one used last."""
    used = last_used(request)
    return redirect(f"{used.organization.get_absolute_url()}{path}" if used else "organizations")
