from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manager.web.pages import done
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions import logo as actions
from organizations.forms import LogoForm
from organizations.gate import in_organization
from organizations.models import Logo
from organizations.roles import Right
from organizations.views.organization import settings_with


# Pages show the logos of all organizations of a person: looking at one is not yet using its organization.
@require_GET
@in_organization(Right.SEE, unnoticed=True)
def logo(request: HttpRequest, access: Access, digest: str) -> HttpResponse:
    """The picture that this digest names, and no other: so a browser may keep it for ever."""
    found = Logo.objects.filter(organization=access.organization, organization__logo_digest=digest).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.png), content_type="image/png")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@in_organization(Right.EDIT)
def set_logo(request: HttpRequest, access: Access) -> HttpResponse:
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.set_logo(form.cleaned_data["logo"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, settings_url(access), _("The logo is saved."))
    return settings_with(request, access, logo_form=form)


@require_POST
@in_organization(Right.EDIT)
def remove_logo(request: HttpRequest, access: Access) -> HttpResponse:
    actions.remove_logo(by=access)
    return done(request, settings_url(access), _("The logo is removed."))


def settings_url(access: Access) -> str:
    return reverse("organization_settings", args=[access.organization.slug])
