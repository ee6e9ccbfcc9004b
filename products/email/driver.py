"""What an email service asks of a mail server. Imports no model."""

from dataclasses import dataclass

from products.drivers import Driver, Spec
from products.email import spam
from products.email.sandbox import Sandbox


@dataclass(frozen=True)
class EmailSpec(Spec):
    """The mail of a domain with its spam filter, and how much the plan holds."""

    spam_filter: str = spam.USUAL.value
    addresses: int = 0
    gb_per_address: int = 0


def choose() -> Driver:
    """The mail server of this installation: the sandbox, the only one there is a driver for."""
    return Sandbox()
