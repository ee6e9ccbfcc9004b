from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.utils import timezone

from manager.web.dates import exact
from manager.web.last_day import LastDayField

YEAR = timedelta(days=365)


class Form(forms.Form):
    until = LastDayField(longest=YEAR, required=False)


def answer(day: Any) -> Form:
    return Form({"until": str(day)})


@pytest.mark.parametrize("days", [0, 1, 365])
def test_a_day_becomes_its_last_moment(days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    form = answer(day)
    assert form.is_valid()
    end = timezone.localtime(form.cleaned_data["until"])
    assert end.isoformat()[:19] == f"{day.isoformat()}T23:59:59"


def test_empty_is_no_end_unless_it_is_asked_for() -> None:
    form = answer("")
    assert form.is_valid()
    assert form.cleaned_data["until"] is None
    with pytest.raises(forms.ValidationError):
        LastDayField().clean("")


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (lambda: timezone.localdate() - timedelta(days=1), "This day has passed."),
        (lambda: date.min, "This day has passed."),
        (lambda: timezone.localdate() + YEAR + timedelta(days=1), "The last day that can be chosen is"),
        (lambda: date.max, "The last day that can be chosen is"),
        (lambda: "soon", "valid date"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_and_kept(day: Any, text: str) -> None:
    form = answer(day())
    assert not form.is_valid()
    assert text in str(form.errors["until"])
    assert f'value="{day()}"' in str(form["until"])


def test_the_last_possible_day_is_named() -> None:
    assert exact(timezone.localdate() + YEAR) in str(answer(date.max).errors["until"])


def test_without_a_bound_every_later_day_is_possible() -> None:
    assert isinstance(LastDayField().clean("9999-12-30"), datetime)


def test_a_moment_is_shown_as_its_day() -> None:
    end = timezone.make_aware(datetime(2031, 3, 4, 23, 59, 59))
    html = str(Form(initial={"until": end})["until"])
    assert 'type="date"' in html
    assert 'value="2031-03-04"' in html
