"""The filters above a list, as links: what is chosen stays in the address."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Option:
    label: Text
    url: str
    current: bool


@dataclass(frozen=True)
class Chip:
    """One filter. `chosen` is the label of what is filtered by; empty when nothing is."""

    name: str
    label: Text
    chosen: Text
    options: list[Option]


def address(data: QueryDict, name: str, value: str) -> str:
    """The address of the same list with this parameter, from its first page on."""
    changed = data.copy()
    changed.pop("page", None)
    changed[name] = value
    for key in [key for key, last in changed.items() if not last]:
        del changed[key]
    return f"?{changed.urlencode()}"


def chip(
    data: QueryDict, name: str, label: Text, everything: Text, value: str, choices: Iterable[tuple[str, Text]]
) -> Chip:
    """The filter `name`, of which `value` is chosen; empty for `everything`."""
    every = [("", everything), *choices]
    options = [Option(text, address(data, name, key), key == value) for key, text in every]
    chosen = next((text for key, text in every if key == value), value) if value else ""
    return Chip(name, label, chosen, options)
