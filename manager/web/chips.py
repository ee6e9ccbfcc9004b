"""The filters above a list, as menus of links: what is chosen stays in the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Option:
    label: Text
    url: str
    current: bool
    icon: str = ""


@dataclass(frozen=True)
class Chip:
    """One filter. `chosen` is the label of what is filtered by; empty when nothing is."""

    name: str
    label: Text
    chosen: Text
    options: list[Option]
    # A day is typed; the one option leads to the list without it.
    is_day: bool = False
    typed: str = ""
    errors: Sequence[str] = ()


def chip(name: str, label: Text, value: str, choices: Iterable[tuple[str, Text, str]]) -> Chip:
    """The filter `name`, of which `value` is chosen; each choice with its label and address."""
    every = [*choices]
    options = [Option(text, url, key == value) for key, text, url in every]
    chosen = next((text for key, text, _url in every if key == value), value) if value else ""
    return Chip(name, label, chosen, options)
