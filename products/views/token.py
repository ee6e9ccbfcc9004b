from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.reauthentication import prove
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right
from products import tokens
from products.actions import token as actions
from products.models import ApiToken
from products.models.token import ApiTokenQuerySet
from products.token_forms import TokenForm

PAGE = 50
FORM = "products/tokens_create.html"


def home(access: Access) -> str:
    return reverse("api_tokens", args=[access.organization.slug])


def shown(access: Access) -> dict[str, str]:
    return {"api_url": settings.BASE_URL + reverse("api_products", args=[access.organization.slug])}


def readable(access: Access) -> ApiTokenQuerySet:
    """Those of the person, and for whoever manages users everybody's."""
    rows = ApiToken.objects.filter(organization=access.organization)
    return rows if access.may(Right.MEMBERS) else rows.filter(user=access.user)


@require_GET
@in_organization(Right.SEE)
def api_tokens(request: HttpRequest, access: Access) -> HttpResponse:
    rows = readable(access).select_related("user")
    listing = Paginator(tokens.with_products(rows, access), PAGE).get_page(request.GET.get("page"))
    return page(request, "products/tokens.html", {"access": access, "listing": listing} | shown(access))


@require_http_methods(["GET", "POST"])
@in_organization(Right.SEE)
@sensitive_variables("raw")
def api_token_create(request: HttpRequest, access: Access) -> HttpResponse:
    if request.method == "GET":
        return page(request, FORM, {"access": access, "form": TokenForm(access=access)})
    if "search" in request.POST:
        form = TokenForm.unchecked(request.POST, access=access)
        return page(request, FORM, {"access": access, "form": form}, fragments=["choices"])
    form = TokenForm(request.POST, access=access)
    if form.is_valid():
        prove(request)
        try:
            token, raw = actions.create(by=access, **form.wanted())
        except Refused as refused:
            refused.into(form)
        else:
            # Nobody can read it again: it is in this answer, and nowhere else.
            context = {"access": access, "token": token, "raw": raw} | shown(access)
            return page(request, "products/tokens_created.html", context)
    return invalid(request, FORM, {"access": access, "form": form})


@require_POST
@in_organization(Right.SEE)
def api_token_revoke(request: HttpRequest, access: Access, token: int) -> HttpResponse:
    found = readable(access).filter(pk=token).first()
    if found is None:
        raise Http404
    try:
        actions.revoke(found, by=access)
    except Refused as refused:
        return done(request, home(access), refused.message, level=messages.ERROR)
    return done(request, home(access), _("The token “%(name)s” opens nothing any more.") % {"name": found})
