"""The cart of this browser. Its key is in the session, which survives signing up and signing in."""

from django.http import HttpRequest

from billing.models import Cart, CartLine

SESSION_KEY = "cart"
FOR = "cart_for"


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
