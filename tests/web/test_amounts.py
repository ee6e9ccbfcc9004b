import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from manager.web.amounts import money, rate

NB = "\u00a0"


@pytest.mark.parametrize(
    ("language", "minor", "currency", "text"),
    [
        ("en", 3840, "CHF", f"CHF{NB}38.40"),
        ("en", 3840, "EUR", "€38.40"),
        ("en", 0, "EUR", "€0.00"),
        ("en", 5, "CHF", f"CHF{NB}0.05"),
        ("en", -3840, "EUR", "−€38.40"),
        ("en", -99, "CHF", f"−CHF{NB}0.99"),
        ("en", 123456789, "EUR", "€1,234,567.89"),
        ("de", 3840, "CHF", f"38,40{NB}CHF"),
        ("de", 123456, "EUR", f"1.234,56{NB}€"),
        ("de", -3840, "EUR", f"−38,40{NB}€"),
        ("fr", 3840, "EUR", f"38,40{NB}€"),
        ("fr", 123456, "CHF", f"1{NB}234,56{NB}CHF"),
        ("it", -1, "CHF", f"−0,01{NB}CHF"),
    ],
)
def test_an_amount_reads_as_the_language_writes_it(language: str, minor: int, currency: str, text: str) -> None:
    with translation.override(language):
        assert money(minor, currency) == text


@pytest.mark.parametrize("wrong", [38.4, "3840", None, True])
def test_only_integers_are_amounts(wrong: object) -> None:
    with pytest.raises(TypeError):
        money(wrong, "CHF")  # type: ignore[arg-type]


@given(st.integers(-(10**15), 10**15), st.sampled_from(["CHF", "EUR"]), st.sampled_from(["en", "fr", "de", "it", "es"]))
def test_no_figure_is_lost(minor: int, currency: str, language: str) -> None:
    with translation.override(language):
        text = money(minor, currency)
    assert int("".join(sign for sign in text if sign.isdigit())) == abs(minor)
    assert text.startswith("−") == (minor < 0)


def test_the_tag_takes_minor_units_and_currency() -> None:
    template = Template("{% load web %}{% money amount currency %}")
    assert template.render(Context({"amount": 3840, "currency": "EUR"})) == "€38.40"


@pytest.mark.parametrize(
    ("language", "thousandths", "text"),
    [("en", 81, f"8.1{NB}%"), ("de", 81, f"8,1{NB}%"), ("en", 200, f"20{NB}%"), ("en", 0, f"0{NB}%")],
)
def test_a_rate_reads_as_the_language_writes_it(language: str, thousandths: int, text: str) -> None:
    with translation.override(language):
        assert rate(thousandths) == text
        assert Template("{% load web %}{{ rate|rate }}").render(Context({"rate": thousandths})) == text
