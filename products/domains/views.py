from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manager.web.pages import done
from manager.web.refused import Refused
from organizations.access import Access
from products.access import on_product
from products.actions.settings import refusal
from products.domains import actions, table
from products.domains.forms import AddressForm
from products.domains.kind import Permission
from products.models import Product
from products.views.product import detail_with


def panel(product: Product) -> dict[str, Any]:
    """What the page of a domain shows besides what every product has."""
    domain = product.domain
    shown = table.rows(product.name, product.facts.get("records", []))
    return {
        "rows": shown,
        "servers": [row["value"].rstrip(".") for row in shown if (row["type"], row["name"]) == ("NS", "@")],
        "address_form": AddressForm(initial={"ipv4": domain.ipv4, "ipv6": domain.ipv6}),
        "closed": refusal(product),
    }


@require_POST
@on_product(Permission.DNS)
def point(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            actions.point(product, by=access, **form.cleaned_data)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, product, _("The address of the website is changed."))
    return detail_with(request, access, product, address_form=form)
