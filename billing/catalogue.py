"""What can be ordered, with today's prices, for pages."""

from django.utils import timezone

from billing.models import Price
from products.kinds import Kind
from products.models import Plan

Offers = list[tuple[Plan, Price]]


def offers(kind: Kind, currency: str) -> Offers:
    """The plans of a kind that have a price today; a plan without one cannot be bought, so it is not offered."""
    plans = list(Plan.objects.on_sale().filter(kind=kind.slug))
    return _priced(plans, currency)


def all_offers(currency: str) -> dict[str, Offers]:
    """The same for every kind, by its slug, in two queries."""
    by_kind: dict[str, Offers] = {}
    for plan, price in _priced(list(Plan.objects.on_sale()), currency):
        by_kind.setdefault(plan.kind, []).append((plan, price))
    return by_kind


def prices(plans: list[Plan], currency: str) -> dict[int, Price]:
    return Price.objects.by_plan(plans, currency, timezone.localdate())


def _priced(plans: list[Plan], currency: str) -> Offers:
    found = prices(plans, currency)
    return [(plan, found[plan.pk]) for plan in plans if plan.pk in found]
