"""Picking: open to everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing import carts, catalogue
from billing.actions import cart as actions
from billing.models import Cart, Price
from manager.web.gate import public
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.models import Organization
from products import kinds, names
from products.kinds import Kind


def currency_of(cart: Cart | None, organization: Organization | None) -> str:
    """That of the organization whose page led here; else what the visitor chose."""
    if organization:
        return organization.currency
    return cart.currency if cart else Organization.Currency.CHF


@require_GET
@public
def order(request: HttpRequest) -> HttpResponse:
    cart, organization = carts.current(request), carts.organization(request)
    currency = currency_of(cart, organization)
    offers = catalogue.all_offers(currency)
    shown = [
        (
            section,
            [
                (kind, min((price for _plan, price in offers.get(kind.slug, [])), key=yearly, default=None))
                for kind in members
            ],
        )
        for section, members in kinds.sections()
    ]
    context = {"sections": shown, "currency": currency, "organization": organization}
    return page(request, "billing/order.html", context | {"cart_count": len(carts.lines(cart))})


def yearly(price: Price) -> float:
    return price.amount / price.months


@require_http_methods(["GET", "POST"])
@public
def order_kind(request: HttpRequest, kind: Kind) -> HttpResponse:
    cart, organization = carts.current(request), carts.organization(request)
    form = kind.order_form(request.POST or None, kind=kind, initial={"name": request.GET.get("name", "")[:253]})
    context: dict[str, Any] = {
        "kind": kind,
        "form": form,
        "currency": currency_of(cart, organization),
        "organization": organization,
        "cart_count": len(carts.lines(cart)),
    }
    context["offers"] = catalogue.offers(kind, context["currency"])
    if request.method == "GET":
        return page(request, "billing/order_kind.html", context)
    if form.is_valid():
        try:
            data = form.cleaned_data
            actions.add(carts.needed(request), plan=data["plan"], name=data["name"], options=form.options())
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, "cart", _("%(name)s is in the cart.") % {"name": names.shown(data["name"])})
    return invalid(request, "billing/order_kind.html", context)


@require_http_methods(["GET", "POST"])
@public
def cart(request: HttpRequest) -> HttpResponse:
    found = carts.current(request)
    if request.method == "POST":
        if found and request.POST.get("currency") in Organization.Currency:
            actions.show_in(found, request.POST["currency"])
        return done(request, "cart")
    lines, organization = carts.lines(found), carts.organization(request)
    currency = currency_of(found, organization)
    prices = catalogue.prices([line.plan for line in lines], currency)
    rows = [(line, kinds.get(line.plan.kind), prices.get(line.plan_id)) for line in lines]
    total = sum(price.amount for _line, _kind, price in rows if price)
    context: dict[str, Any] = {"rows": rows, "currency": currency, "total": total, "cart_count": len(lines)}
    context |= {"organization": organization, "currencies": Organization.Currency.choices}
    missing = [kind for kind in kinds.every() if kind.slug not in {line.plan.kind for line in lines}]
    return page(request, "billing/cart.html", context | {"missing": missing})


@require_POST
@public
def remove(request: HttpRequest, line: int) -> HttpResponse:
    if found := carts.current(request):
        actions.remove(found, line)
    return done(request, "cart")
