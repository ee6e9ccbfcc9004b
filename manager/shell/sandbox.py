"""What is simulated in this installation. Providers are chosen by settings, so it is found out once a process."""

from functools import cache

from django.conf import settings
from django.utils.functional import Promise

from billing.gateways import gateway
from products import kinds

Text = str | Promise


def sentences() -> list[str]:
    """For people, in their language."""
    return [str(sentence) for sentence in _simulated(tuple(settings.PRODUCT_KINDS), settings.PAYMENT_GATEWAY)]


@cache
def _simulated(_kinds: tuple[str, ...], _gateway: str) -> tuple[Text, ...]:
    found: list[Text] = [sentence for kind in kinds.every() for sentence in kind.driver().sandboxes]
    paid = gateway().sandbox
    return (*found, paid) if paid else tuple(found)
