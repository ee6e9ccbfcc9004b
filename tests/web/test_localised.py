"""Dates, amounts, sizes and lists as each language writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.template.defaultfilters import filesizeformat
from django.utils import translation

from manager.web import amounts, dates, lists
from manager.web.last_day import LastDayField
from tests.test_languages import COMPLETE

NB = "\u00a0"
DAY = date(2026, 12, 9)
MOMENT = datetime(2026, 3, 1, 13, 5, tzinfo=UTC)
LANGUAGES = ["en", "fr", "de", "it", "es"]


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "9 December 2026", "1 March 2026, 14:05"),
        ("fr", "9 décembre 2026", "1 mars 2026, 14:05"),
        ("de", "9. Dezember 2026", "1. März 2026, 14:05"),
        ("it", "9 dicembre 2026", "1 marzo 2026, 14:05"),
        ("es", "9 de diciembre de 2026", "1 de marzo de 2026, 14:05"),
    ],
)
def test_a_date_reads_as_in_a_sentence(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert (dates.exact(DAY), dates.exact(MOMENT)) == (day, moment)
        template = Template("{% load web %}{{ day|exact_date }} {{ moment|exact_day }}")
        assert template.render(Context({"day": DAY, "moment": MOMENT})) == f"{day} {moment.rpartition(',')[0]}"


@pytest.mark.parametrize(
    ("language", "francs", "euros", "percent", "size", "many"),
    [
        ("en", f"CHF{NB}1,234.50", "−€1,234.50", f"8.1{NB}%", f"1.5{NB}MB", "4,312"),
        ("fr", f"1{NB}234,50{NB}CHF", f"−1{NB}234,50{NB}€", f"8,1{NB}%", f"1,5{NB}Mio", f"4{NB}312"),
        ("de", f"1.234,50{NB}CHF", f"−1.234,50{NB}€", f"8,1{NB}%", f"1,5{NB}MB", "4.312"),
        ("it", f"1.234,50{NB}CHF", f"−1.234,50{NB}€", f"8,1{NB}%", f"1,5{NB}MB", "4.312"),
        ("es", f"1{NB}234,50{NB}CHF", f"−1{NB}234,50{NB}€", f"8,1{NB}%", f"1,5{NB}MB", f"4{NB}312"),
    ],
)
def test_figures_read_as_the_language_writes_them(
    language: str, francs: str, euros: str, percent: str, size: str, many: str
) -> None:
    with translation.override(language):
        assert amounts.money(123450, "CHF") == francs
        assert amounts.money(-123450, "EUR") == euros
        assert amounts.rate(81) == percent
        assert filesizeformat(1024 * 1024 * 1.5) == size
        assert Template('{{ many|floatformat:"0g" }}').render(Context({"many": 4312})) == many
        # In an address or a number of an order figures stay bare.
        assert Template("{{ number }}").render(Context({"number": 4312})) == "4312"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browsers_date_is_the_same_in_every_language(language: str) -> None:
    with translation.override(language):
        field = LastDayField()
        assert field.clean("2030-01-31").date() == date(2030, 1, 31)
        assert 'value="2030-01-31"' in field.widget.render("until", date(2030, 1, 31))


def test_names_are_listed_as_in_a_sentence() -> None:
    with translation.override("en"):
        assert [lists.listed(names) for names in ([], ["A"], ["A", "B"], "ABC")] == ["", "A", "A and B", "A, B and C"]
        assert lists.either("ABC") == "A, B or C"
        shown = Template("{% load web %}{{ names|listed }}").render(Context({"names": ["<A>", 2]}))
        assert shown == "&lt;A&gt; and 2"


@pytest.mark.parametrize("language", COMPLETE)
def test_what_is_near_is_said_in_the_language(language: str) -> None:
    distances = [timedelta(days=days) for days in (-800, -100, -30, -5, -1, 0, 1, 2, 25, 61, 731)]
    distances += [timedelta(minutes=minutes) for minutes in (-70, -2, -1, 1, 2, 70, 150)]
    for distance in distances:
        said = set()
        for spoken in ("en", language):
            with translation.override(spoken):
                said.add(dates.relative(MOMENT + distance, MOMENT))
        assert len(said) == 2, said
    with translation.override(language):
        assert lists.listed("AB") != "A and B"
