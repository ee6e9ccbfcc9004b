"""Which value added tax an order of a Swiss seller carries. Imports no model.

Source: Swiss VAT Act (SR 641.20), art. 8 (place of supply: the recipient's), art. 23 (exports), art. 25 (rates).
"""

from dataclasses import dataclass
from datetime import date

# Liechtenstein belongs to the Swiss VAT territory (treaty of 28 October 1994).
TERRITORY = ("CH", "LI")
# From when on, in thousandths.
RATES = ((date(2024, 1, 1), 81), (date(2018, 1, 1), 77))


class NoRate(LookupError):
    """No rate is known for the day: an error, never zero."""


@dataclass(frozen=True)
class Tax:
    """A rate in thousandths, and the rule it comes from, as a code that is frozen on the line."""

    rate: int
    rule: str


def tax_for(country: str, day: date) -> Tax:
    """The tax on a service for a customer in `country` (ISO 3166-1 alpha-2) on that day."""
    if country not in TERRITORY:
        return Tax(0, "export")
    for since, rate in RATES:
        if day >= since:
            return Tax(rate, f"ch-standard-{since.isoformat()}")
    raise NoRate(f"no Swiss VAT rate on {day}")
