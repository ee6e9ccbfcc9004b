"""The cart of this browser. Its key is in the session, which survives signing up and signing in."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from billing.models import Cart, CartLine
from organizations.gate import memberships
from organizations.models import Organization
from organizations.roles import Right

SESSION_KEY = "cart"
FOR = "cart_for"
KEPT = timedelta(days=30)


def current(request: HttpRequest) -> Cart | None:
    """The cart that is being filled; None when nothing was picked, or what was picked is ordered."""
    key = request.session.get(SESSION_KEY)
    return Cart.objects.filter(pk=key, ordered_at=None).first() if key else None


def named(request: HttpRequest) -> Cart | None:
    """The cart of this session, also when it is ordered: for the second copy of a submitted form."""
    key = request.session.get(SESSION_KEY)
    return Cart.objects.filter(pk=key).first() if key else None


def needed(request: HttpRequest) -> Cart:
    """The cart to put something into."""
    cart = current(request)
    if cart is None:
        cart = Cart.objects.create()
        request.session[SESSION_KEY] = str(cart.pk)
    return cart


def lines(cart: Cart | None) -> list[CartLine]:
    return list(cart.lines.select_related("plan")) if cart else []


def meant_for(request: HttpRequest) -> str | None:
    """The slug of the organization whose page led here, "" for a new one, None when nothing was said."""
    if "organization" in request.GET:
        request.session[FOR] = request.GET["organization"][:60]
    return request.session.get(FOR)


def organization(request: HttpRequest) -> Organization | None:
    """That organization, where the person may order for it."""
    slug = meant_for(request)
    if not slug or not request.user.is_authenticated:
        return None
    mine = (each for each in memberships(request) if each.is_active and Right.ORDER in each.rights)
    return next((each.organization for each in mine if each.organization.slug == slug), None)


@transaction.atomic
def purge() -> None:
    """Carts that nobody ordered in time are gone. One that is being ordered right now is left alone."""
    left = Cart.objects.filter(ordered_at=None, created_at__lt=timezone.now() - KEPT)
    keys = list(left.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Cart.objects.filter(pk__in=keys).delete()
