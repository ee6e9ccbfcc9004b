"""The API reads products. Each answer is what the token's person would see, narrowed by the token."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from organizations.access import Access
from products import kinds
from products.access import decide
from products.api import error, with_token
from products.kinds import Permission
from products.models import Product
from products.models.product import State

MOST = 100


class Filters(forms.Form):
    """What a program may ask for in the address of the list."""

    kind = forms.ChoiceField(required=False, choices=lambda: [(kind.slug, kind.label) for kind in kinds.every()])
    state = forms.ChoiceField(required=False, choices=State.choices)
    q = forms.CharField(required=False, max_length=253)
    # The id of the last product of the page before.
    after = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    limit = forms.IntegerField(required=False, min_value=1, max_value=MOST)


@with_token(Permission.VIEW)
def products(request: HttpRequest, access: Access) -> HttpResponse:
    filters = Filters(request.GET)
    if not filters.is_valid():
        name, errors = next(iter(filters.errors.items()))
        return error(400, "bad_request", f"{name}: {errors[0]}")
    asked = filters.cleaned_data
    rows = Product.objects.visible_to(access).with_rights(access)
    rows = rows.filter(state=asked["state"]) if asked["state"] else rows.standing()
    if asked["kind"]:
        rows = rows.filter(kind_slug=asked["kind"])
    if asked["q"]:
        rows = rows.named_like(asked["q"])
    size = asked["limit"] or MOST
    found = list(rows.filter(pk__gt=asked["after"] or 0).select_related("plan").order_by("pk")[: size + 1])
    following = next_page(request, found[size - 1]) if len(found) > size else None
    listed = [brief(access, product) for product in found[:size]]
    return JsonResponse({"products": listed, "next": following})


@with_token(Permission.VIEW)
def product(request: HttpRequest, access: Access, product: int) -> HttpResponse:
    rows = Product.objects.visible_to(access).with_rights(access).select_related("plan")
    found = rows.filter(pk=product).first()
    if found is None:
        raise Http404
    return JsonResponse(brief(access, found) | {"facts": found.facts, "observed_at": moment(found.observed_at)})


def brief(access: Access, product: Product) -> dict[str, Any]:
    """A product as a program reads it, with what the token may do with it."""
    return {
        "id": product.pk,
        "kind": product.kind_slug,
        "name": product.name,
        "label": product.label,
        "state": product.state,
        "plan": product.plan.code,
        "created_at": moment(product.created_at),
        "expires_at": moment(product.expires_at),
        "rights": {name: bool(decide(access, name, product)) for name in product.kind.all_permissions},
        "url": reverse("api_product", args=[access.organization.slug, product.pk]),
    }


def moment(value: datetime | None) -> str | None:
    """RFC 3339."""
    return value.isoformat() if value else None


def next_page(request: HttpRequest, last: Product) -> str:
    """The address of what follows, with the same filters."""
    kept = {name: value for name, value in request.GET.items() if name in Filters.base_fields}
    return f"{request.path}?{urlencode(kept | {'after': last.pk})}"
