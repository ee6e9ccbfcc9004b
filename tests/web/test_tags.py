from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import TextChoices
from django.template import Context, Template
from django.utils import timezone, translation

from billing.models.order import OrderState
from billing.models.payment import PaymentState
from manager.web import dates, states
from products.models.job import JobState
from products.models.product import State

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/Zurich"))


def render(text: str, **context: Any) -> str:
    return Template("{% load web %}" + text).render(Context(context))


def test_an_icon_points_into_the_sprite_and_says_nothing() -> None:
    html = render('{% icon "globe" %}{% icon "check" "small" %}{% icon "loader-circle" "turning" %}')
    assert 'icons.svg#globe"/>' in html
    assert html.count('aria-hidden="true"') == 3
    assert "icon icon-small" in html
    assert "icon is-turning" in html


def test_an_icon_name_is_escaped() -> None:
    assert "<script>" not in render("{% icon name %}", name='"><script>')


@pytest.mark.parametrize("state", sorted(states.LOOKS))
def test_a_state_has_icon_word_and_tone(state: str) -> None:
    html = render("{% status state %}", state=state)
    assert str(states.LOOKS[state].label) in html
    assert "<svg" in html
    assert f"tone-{states.LOOKS[state].tone}" in html


def test_an_unknown_state_is_shown_by_its_escaped_name() -> None:
    assert "&lt;b&gt;" in render("{% status state %}", state="<b>")


def test_a_state_may_bring_its_own_look() -> None:
    own = states.Look("Locked by the registry", "lock", "warning")
    assert states.look(own) == own
    assert "Locked by the registry" in render("{% status state %}", state=own)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Atelier Nordwind", "AN"), ("Digitalagentur Brückner & Söhne", "DS"), ("marie@example.com", "MA"), ("", "")],
)
def test_initials(name: str, letters: str) -> None:
    assert render("{{ name|initials }}", name=name) == letters


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-25), "25 minutes ago"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=-1, seconds=-1), "yesterday"),
    ],
)
def test_a_moment_is_told_by_its_distance(distance: timedelta, words: str) -> None:
    assert dates.relative(NOW + distance, NOW) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (17, "in 17 days"),
        (48, "in 7 weeks"),
        (112, "in 4 months"),
        (-400, "13 months ago"),
        (1100, "in 3 years"),
    ],
)
def test_a_day_is_told_by_its_distance(days: int, words: str) -> None:
    assert dates.relative(NOW.date() + timedelta(days=days), NOW) == words


def test_a_date_is_shown_twice() -> None:
    html = render("{% relative_date day 'warning' %}", day=timezone.localdate() + timedelta(days=3))
    assert "<time datetime=" in html
    assert '<span class="row-note tone-warning">in 3 days</span>' in html
    assert render("{% relative_date day %}", day=None) == ""


@pytest.mark.parametrize(("language", "text"), [("en", "9 December 2026"), ("de", "9. Dezember 2026")])
def test_the_exact_date_follows_the_language(language: str, text: str) -> None:
    with translation.override(language):
        assert dates.exact(date(2026, 12, 9)) == text


@pytest.mark.parametrize("choices", [State, JobState, OrderState, PaymentState])
def test_every_state_of_ours_has_a_look(choices: type[TextChoices]) -> None:
    assert set(choices.values) <= set(states.LOOKS)


def test_a_choice_keeps_its_own_word() -> None:
    assert str(states.look(PaymentState.PENDING).label) == str(PaymentState.PENDING.label)
