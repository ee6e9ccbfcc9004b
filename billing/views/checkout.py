from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedIn
from billing import carts, catalogue
from billing.actions import order as actions
from billing.forms import NEW, CheckoutForm
from billing.models import Cart, Order
from billing.money import per_mille
from billing.tax import tax_for
from manager.web.gate import signed_in
from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.events import Person
from organizations.forms import COUNTRIES
from organizations.gate import client_address, grant_access, memberships
from organizations.models import Organization
from organizations.roles import Right
from products import kinds


@require_http_methods(["GET", "POST"])
@signed_in
def checkout(request: SignedIn) -> HttpResponse:
    cart = carts.named(request)
    if cart is None or (cart.ordered_at and request.method == "GET"):
        return redirect("cart")
    mine = [
        membership for membership in memberships(request) if Right.ORDER in membership.rights and membership.is_active
    ]
    organizations = [membership.organization for membership in mine]
    closed = [membership for membership in memberships(request) if membership not in mine]
    wanted = carts.meant_for(request)
    initial = {"organization": wanted} if wanted in {NEW, *(each.slug for each in organizations)} else {}
    # Where nothing was chosen yet: in a country that pays in the currency of the cart.
    usual = "DE" if cart.currency == Organization.Currency.EUR else "CH"
    asked = request.GET.get("country", usual)
    initial["country"] = asked if asked in dict(COUNTRIES) else usual
    form = CheckoutForm(
        request.POST or None, initial=initial, organizations=organizations, person=request.user.get_full_name()
    )
    if request.method == "POST" and form.is_valid():
        try:
            order = place(request, cart, form)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, order, _("The order is placed. It is set up as soon as it is paid."))
    chosen = next((o for o in organizations if o.slug == (form["organization"].value() or "")), None)
    # A new organization is not saved here: it knows in which currency its country pays.
    buyer = chosen or Organization(country=form["country"].value() or usual)
    context = {"form": form, "closed": closed, "organization": chosen} | summary(cart, buyer)
    return (invalid if request.method == "POST" else page)(
        request, "billing/checkout.html", context, fragments=["summary"]
    )


def place(request: SignedIn, cart: Cart, form: CheckoutForm) -> Order:
    """The order of the chosen organization, through the gate; or of the new one."""
    slug = form.cleaned_data["organization"]
    if not slug:
        return actions.place_founding(cart, by=Person(request.user, client_address(request)), **form.founding())
    access = grant_access(request, slug)
    access.require(Right.ORDER)
    return actions.place(cart, access.organization, by=access)


def summary(cart: Cart, buyer: Organization) -> dict[str, Any]:
    """What the order will cost this organization, in its currency and with its tax."""
    lines = carts.lines(cart)
    prices = catalogue.prices([line.plan for line in lines], buyer.currency)
    rows = [(line, kinds.get(line.plan.kind), prices.get(line.plan_id)) for line in lines]
    net = sum(price.amount for _line, _kind, price in rows if price)
    tax = tax_for(buyer.country, timezone.localdate())
    taxes = sum(per_mille(price.amount, tax.rate) for _line, _kind, price in rows if price)
    context = {"rows": rows, "currency": buyer.currency, "net": net, "cart_count": len(lines)}
    return context | {"tax": taxes, "tax_rate": tax.rate, "total": net + taxes}
