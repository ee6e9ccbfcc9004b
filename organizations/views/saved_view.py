from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from manager.web.lines import Line
from manager.web.listing import KNOWN
from manager.web.pages import belongs, came_from, done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions import saved_view as actions
from organizations.gate import in_organization
from organizations.models import SavedView
from organizations.roles import Right

TEMPLATE = "organizations/saved_views.html"


class SaveForm(forms.Form):
    name = Line(label=gettext_lazy("Name of the view"), max_length=40)
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)


def path_of(listing: str, access: Access) -> str:
    """Where the list is, "orders" or "product_list:hosting"; 404 for what is no list."""
    name, _colon, kind = listing.partition(":")
    if name not in KNOWN:
        raise Http404
    try:
        path = reverse(name, args=[access.organization.slug, *filter(None, [kind])])
        resolve(path)
    except (NoReverseMatch, Resolver404):
        raise Http404 from None
    return path


def shown(request: HttpRequest, access: Access, listing: str, form: SaveForm | None = None) -> dict[str, Any]:
    path = path_of(listing, access)
    belongs(request, path)
    # The list as it stands behind this, also when its address has changed since it was drawn.
    now = urlsplit(request.headers.get("HX-Current-URL", "") or came_from(request))
    query = now.query if now.path == path else ""
    form = form or SaveForm(initial={"query": query})
    views = list(actions.of(listing, by=access))
    return {"access": access, "listing": listing, "path": path, "form": form, "views": views, "query": query}


@require_http_methods(["GET", "POST"])
@in_organization(Right.SEE)
def saved_views(request: HttpRequest, access: Access, listing: str) -> HttpResponse:
    """The person's views of a list; posting saves how it stands now."""
    if request.method == "GET":
        return page(request, TEMPLATE, shown(request, access, listing), fragments={"views-rows": "views"})
    form, path = SaveForm(request.POST), path_of(listing, access)
    if form.is_valid():
        try:
            view = actions.save(listing, form.cleaned_data["name"], form.cleaned_data["query"], by=access)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, f"{path}?{view.query}", _("The view “%(name)s” is saved.") % {"name": view.name})
    return invalid(request, TEMPLATE, shown(request, access, listing, form))


@require_POST
@in_organization(Right.SEE)
def delete(request: HttpRequest, access: Access, view: int) -> HttpResponse:
    found = SavedView.objects.filter(organization=access.organization, user=access.user, pk=view).first()
    if found is None:
        raise Http404
    actions.delete(found, by=access)
    return done(request, path_of(found.listing, access), _("The view “%(name)s” is deleted.") % {"name": found.name})
