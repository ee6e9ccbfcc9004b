"""Amounts as people read them. Integer minor units in, text out, no floats on the way."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language

# Both currencies have hundredths (ISO 4217).
DIGITS = 2
SYMBOLS = {"EUR": "€"}
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"


def money(minor: int, currency: str) -> str:
    """Amount with its currency in the active language: CHF 38.40, €38.40, 38,40 €."""
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise TypeError(f"an amount is an integer of minor units, not {minor!r}")
    value = Decimal(abs(minor)).scaleb(-DIGITS)
    figures = number_format(value, decimal_pos=DIGITS, use_l10n=True, force_grouping=True)
    sign = MINUS if minor < 0 else ""
    symbol = SYMBOLS.get(currency, currency)
    # English puts the currency first, a symbol without a space (CLDR); the other languages put it last.
    if (get_language() or "en").startswith("en"):
        return f"{sign}{symbol}{'' if currency in SYMBOLS else NO_BREAK_SPACE}{figures}"
    return f"{sign}{figures}{NO_BREAK_SPACE}{symbol}"


def rate(thousandths: int) -> str:
    """A rate of tax in the active language: 8.1 %, 20 %."""
    value = Decimal(thousandths).scaleb(-1)
    return f"{number_format(value, decimal_pos=1 if thousandths % 10 else 0, use_l10n=True)}{NO_BREAK_SPACE}%"
