"""How money is collected. A gateway imports no model."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from billing.money import Money


@dataclass(frozen=True)
class Charge:
    """What the gateway says of one key."""

    reference: str
    captured: bool
    amount: Money
    reason: str = ""


class GatewayDown(Exception):
    """No answer: the charge may or may not have happened. `void` tells later."""


class Gateway(Protocol):
    # A sentence for people when no real money moves; empty otherwise.
    sandbox: str | Promise
    # What the payer may choose: (token, label).
    methods: tuple[tuple[str, str | Promise], ...]

    def charge(self, key: str, amount: Money, token: str) -> Charge:
        """The amount is collected, or refused. Asked again with one key, it answers as the first time."""

    def void(self, key: str) -> Charge:
        """What became of a key. One that was never charged cannot be charged any more: `charge` then refuses it."""


def gateway() -> Gateway:
    return import_string(settings.PAYMENT_GATEWAY)()
