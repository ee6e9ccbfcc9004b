"""What stands in the way of deleting an organization: what it has to pay, what we have to deliver, what is its own."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Entry, Order
from billing.models.order import OrderState
from manager.web.amounts import money
from organizations.models import Organization
from organizations.obstacles import Obstacle


def obstacles(organization: Organization) -> list[Obstacle]:
    return [orders(organization), credit(organization)]


def orders(organization: Organization) -> Obstacle:
    """Neither to be paid, nor paid and being set up. A payment on its way belongs to an order that is open."""
    rows = Order.objects.filter(organization=organization)
    number = rows.filter(Q(state=OrderState.OPEN) | Q(state=OrderState.PAID, settled_at=None)).count()
    text = ngettext(
        "%(number)d order is to be paid, or being set up", "%(number)d orders are to be paid, or being set up", number
    )
    found = text % {"number": number} if number else ""
    return Obstacle(
        _("Nothing to pay, and no open orders"), found, reverse("orders", args=[organization.slug]), _("Go to orders")
    )


def credit(organization: Organization) -> Obstacle:
    sums = {currency: amount for currency, amount in Entry.objects.credit(organization).items() if amount}
    amounts = ", ".join(money(amount, currency) for currency, amount in sums.items())
    found = _("%(amounts)s of credit are left: spend them on an order, or ask us to pay them out") if sums else ""
    where = f"{reverse('order')}?organization={organization.slug}"
    return Obstacle(_("No credit"), found % {"amounts": amounts}, where, _("Order a product"))
