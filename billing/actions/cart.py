from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Cart, CartLine
from manager.web.refused import Refused
from products.models import Plan

LONGEST = 50


@transaction.atomic(durable=True)
def add(cart: Cart, *, plan: Plan, name: str, options: dict[str, Any]) -> CartLine:
    """The plan for this name is in the cart, once; another plan of the same kind for the name is replaced."""
    Cart.objects.select_for_update().get(pk=cart.pk)
    lines = CartLine.objects.filter(cart=cart)
    lines.filter(plan__kind=plan.kind, name=name).exclude(plan=plan).delete()
    if lines.count() >= LONGEST and not lines.filter(plan=plan, name=name).exists():
        raise Refused(_("An order has at most %(number)d lines. Order these first.") % {"number": LONGEST})
    line, _created = CartLine.objects.update_or_create(cart=cart, plan=plan, name=name, defaults={"options": options})
    return line


def remove(cart: Cart, line: int) -> None:
    """The line is not in the cart."""
    CartLine.objects.filter(cart=cart, pk=line).delete()


def show_in(cart: Cart, currency: str) -> None:
    """The cart shows its prices in this currency; the order will use the organization's."""
    cart.currency = currency
    cart.save(update_fields=["currency"])
