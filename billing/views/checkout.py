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
from organizations.access import grant_access, memberships
from organizations.actions.organization import Founder
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
    context = {"form": form, "closed": closed} | summary(cart, chosen)
    return (invalid if request.method == "POST" else page)(
        request, "billing/checkout.html", context, fragments=["summary"]
    )


def place(request: SignedIn, cart: Cart, form: CheckoutForm) -> Order:
    """The order of the chosen organization, through the gate; or of the new one."""
    slug = form.cleaned_data["organization"]
    if not slug:
        return actions.place_founding(
            cart, by=Founder(request.user, request.META.get("REMOTE_ADDR")), **form.founding()
        )
    access = grant_access(request, slug)
    access.require(Right.ORDER)
    return actions.place(cart, access.organization, by=access)


def summary(cart: Cart, organization: Organization | None) -> dict[str, Any]:
    """What the order will cost the chosen organization; for a new one, in the currency of the cart, tax to come."""
    currency = organization.currency if organization else cart.currency
    lines = carts.lines(cart)
    prices = catalogue.prices([line.plan for line in lines], currency)
    rows = [(line, kinds.get(line.plan.kind), prices.get(line.plan_id)) for line in lines]
    net = sum(price.amount for _line, _kind, price in rows if price)
    context: dict[str, Any] = {"rows": rows, "currency": currency, "net": net, "organization": organization}
    context["cart_count"] = len(lines)
    if organization:
        tax = tax_for(organization.country, timezone.localdate())
        taxes = sum(per_mille(price.amount, tax.rate) for _line, _kind, price in rows if price)
        context |= {"tax": taxes, "tax_rate": tax.rate, "total": net + taxes}
    return context
