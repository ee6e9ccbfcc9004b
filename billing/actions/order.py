from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Mail
from billing.actions import mails
from billing.models import Cart, Order, OrderLine, Price
from billing.models.order import OrderState
from billing.models.price import NoPrice
from billing.money import per_mille
from billing.tax import tax_for
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions import organization as organizations
from organizations.events import Actor, Person, record
from organizations.models import Organization
from products import names
from products.actions import product as products

# Names that somebody holds without paying are lost for everybody else.
MOST_OPEN = 10


@transaction.atomic(durable=True)
def place_founding(cart: Cart, *, by: Person, **fields: Any) -> Order:
    """The order of a new organization: both exist, or neither. The same cart gives the same order."""
    cart = Cart.objects.select_for_update().get(pk=cart.pk)
    organization = organizations.create(key=cart.key, by=by, **fields)
    return _place(cart, organization, by)


@transaction.atomic(durable=True)
def place(cart: Cart, organization: Organization, *, by: Access) -> Order:
    """The cart is an order of the organization, which holds the names. The same cart gives the same order."""
    return _place(Cart.objects.select_for_update().get(pk=cart.pk), organization, by)


def _place(cart: Cart, organization: Organization, by: Actor) -> Order:
    if cart.ordered_at:
        if order := Order.objects.filter(key=cart.key, organization=organization).first():
            return order
        raise Refused(_("This cart was ordered for another organization."))
    lines = list(cart.lines.select_related("plan"))
    if not lines:
        raise Refused(_("The cart is empty."))
    priced = [(line, _cost(line.plan, organization)) for line in lines]
    sums = {name: sum(cost[name] for _line, cost in priced) for name in ("net", "tax", "total")}
    if Order.objects.filter(organization=organization, state=OrderState.OPEN).count() >= MOST_OPEN:
        text = _("%(number)d orders wait for payment already. Pay or cancel one of them first.")
        raise Refused(text % {"number": MOST_OPEN})
    buyer = {name: getattr(organization, name) for name in ("name", "street", "postcode", "city", "country")}
    # Companies and associations have one; invoices show it.
    if organization.vat_number and organization.form != Organization.Form.PERSON:
        buyer["vat_number"] = organization.vat_number
    order = Order.objects.create(
        organization=organization, key=cart.key, currency=organization.currency, actor=by.user, buyer=buyer, **sums
    )
    # All names at once and in one order: two orders of the same names wait for each other, and never cross.
    names.hold(line.name for line in lines)
    for line, cost in priced:
        product = products.reserve(
            organization, line.plan, line.name, period=cost["months"], options=line.options, by=by
        )
        OrderLine.objects.create(
            order=order, organization=organization, product=product, plan=line.plan, name=line.name, **cost
        )
    cart.ordered_at = timezone.now()
    cart.save(update_fields=["ordered_at"])
    record("order.place", order, by=by, organization=organization, total=order.total, currency=order.currency)
    return order


def _cost(plan: Any, organization: Organization) -> dict[str, Any]:
    """What a plan costs this organization today, and why."""
    today = timezone.localdate()
    if not plan.is_on_sale:
        raise Refused(_("“%(plan)s” is no longer on sale. Remove it from the cart.") % {"plan": plan})
    try:
        price = Price.objects.of(plan, organization.currency, today)
    except NoPrice as error:
        text = _("“%(plan)s” has no price in %(currency)s. Remove it from the cart.")
        raise Refused(text % {"plan": plan, "currency": organization.currency}) from error
    tax = tax_for(organization.country, today)
    amount = per_mille(price.amount, tax.rate)
    reasons = {"price": f"{price.pk}, from {price.valid_from.isoformat()}", "tax": tax.rule}
    costs = {"net": price.amount, "tax_rate": tax.rate, "tax": amount, "total": price.amount + amount}
    return costs | {"months": price.months, "reasons": reasons}


@transaction.atomic(durable=True)
def cancel(order: Order, *, by: Access | None) -> Order:
    """An order that was not paid is over, and its names are free."""
    order = locked(order)
    if order.state == OrderState.CANCELLED:
        return order
    if order.state != OrderState.OPEN or order.payments.filter(state="pending").exists():
        raise Refused(_("This order is paid, or a payment for it is on its way."))
    order.state = OrderState.CANCELLED
    order.save(update_fields=["state"])
    for line in order.lines.select_related("product"):
        products.abandon(line.product, by=by)
    record("order.cancel", order, by=by, organization=order.organization)
    return order


@transaction.atomic(durable=True)
def remind(order: Order) -> None:
    """Those who can pay an order that is soon over have heard of it, once; not while a payment is on its way."""
    order = locked(order)
    is_due = order.state == OrderState.OPEN and order.reminded_from <= timezone.now() < order.held_until
    if not is_due or order.payments.filter(state="pending").exists():
        return
    if not Mail.objects.filter(key__startswith=mails.reminder_key(order)).exists():
        mails.remind(order)


def locked(order: Order) -> Order:
    return Order.objects.select_for_update(of=("self",)).select_related("organization", "actor").get(pk=order.pk)
