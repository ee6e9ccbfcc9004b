"""What stands in the way of deleting an organization: its products, and those that may still come back to it."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Organization
from organizations.obstacles import Obstacle
from products.models import Product, Transfer
from products.models.transfer import UNDO, TransferState


def obstacles(organization: Organization) -> list[Obstacle]:
    return [products(organization), transfers(organization)]


def products(organization: Organization) -> Obstacle:
    """Whatever holds a name, also what could not be set up and was not taken down yet."""
    number = Product.objects.filter(organization=organization).standing().count()
    text = ngettext("%(number)d product is left", "%(number)d products are left", number)
    where = f"{reverse('everywhere')}?organization={organization.slug}"
    return Obstacle(_("No products"), text % {"number": number} if number else "", where, _("Go to its products"))


def transfers(organization: Organization) -> Obstacle:
    """On either side: those that wait for an answer, and those that can still be undone."""
    now = timezone.now()
    open_ones = Q(state=TransferState.OPEN, expires_at__gt=now)
    undoable = Q(state=TransferState.ACCEPTED, accepted_at__gt=now - UNDO)
    rows = Transfer.objects.filter(Q(organization=organization) | Q(target=organization))
    waiting, latest = rows.filter(open_ones).count(), rows.filter(undoable).order_by("-accepted_at").first()
    found = ""
    if waiting:
        found = ngettext("%(number)d transfer is open", "%(number)d transfers are open", waiting) % {"number": waiting}
    elif latest and latest.accepted_at:
        hours = -((now - latest.accepted_at - UNDO) // timedelta(hours=1))
        found = ngettext(
            "A transfer can still be undone, for %(hours)d hour",
            "A transfer can still be undone, for %(hours)d hours",
            hours,
        ) % {"hours": hours}
    where = reverse("transfers", args=[organization.slug])
    return Obstacle(_("No open transfers"), found, where, _("Go to transfers"))
