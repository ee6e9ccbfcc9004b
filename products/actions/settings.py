"""When the settings of a product may be changed: the rule that forms show and actions enforce."""

from django.utils.translation import gettext as _

from manager.web.refused import Refused
from products.actions.product import is_becoming, locked
from products.models import Product
from products.models.job import Verb
from products.models.product import State


def refusal(product: Product) -> str:
    """Why the settings cannot be changed now; empty when they can."""
    if product.state in (State.ORDERED, State.PENDING):
        return _("The settings can be changed as soon as it is set up.")
    if product.is_gone or is_becoming(product, Verb.CANCEL):
        return _("It is cancelled: its settings can no longer be changed.")
    return ""


def changeable(product: Product) -> Product:
    """The product, locked, whose settings may be changed; else Refused. In the caller's transaction."""
    product = locked(product)
    if reason := refusal(product):
        raise Refused(reason)
    return product
