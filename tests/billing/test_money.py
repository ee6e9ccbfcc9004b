from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import Money, per_mille
from billing.tax import NoRate, tax_for


@given(st.integers(-(10**12), 10**12), st.integers(0, 1000))
def test_a_share_is_the_nearest_whole_and_mirrors_for_refunds(minor: int, rate: int) -> None:
    share = per_mille(minor, rate)
    assert abs(share * 1000 - minor * rate) <= 500
    assert per_mille(-minor, rate) == -share


@pytest.mark.parametrize(
    ("minor", "rate", "share"), [(1000, 81, 81), (1190, 81, 96), (0, 81, 0), (6, 81, 0), (7, 81, 1), (-7, 81, -1)]
)
def test_rounding(minor: int, rate: int, share: int) -> None:
    assert per_mille(minor, rate) == share


def test_currencies_do_not_mix() -> None:
    assert Money(1, "CHF") + Money(2, "CHF") - Money(4, "CHF") == -Money(1, "CHF")
    with pytest.raises(ValueError, match="CHF and EUR"):
        Money(1, "CHF") + Money(1, "EUR")


@pytest.mark.parametrize("minor", [1.5, 1.0, "1", True])
def test_only_whole_numbers(minor: object) -> None:
    with pytest.raises(TypeError):
        Money(minor, "CHF")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "day", "rate"),
    [
        ("CH", date(2026, 1, 1), 81),
        ("LI", date(2026, 1, 1), 81),
        ("CH", date(2023, 12, 31), 77),
        ("DE", date(2026, 1, 1), 0),
    ],
)
def test_tax(country: str, day: date, rate: int) -> None:
    assert tax_for(country, day).rate == rate


def test_an_unknown_rate_is_an_error() -> None:
    with pytest.raises(NoRate):
        tax_for("CH", date(2017, 1, 1))
