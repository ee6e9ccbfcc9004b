"""Amounts: whole minor units (centimes, cents) and an ISO 4217 currency. Never a float. Imports no model."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Money:
    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"an amount is a whole number of minor units, not {self.minor!r}")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.minor


def per_mille(minor: int, rate: int) -> int:
    """`rate` thousandths of an amount, rounded half up, away from zero for refunds, as invoices do."""
    sign = -1 if minor < 0 else 1
    return sign * ((abs(minor) * rate + 500) // 1000)
