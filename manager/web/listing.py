"""A list: what it can be narrowed to, sorted by and showing, all of it in its address.

A page declares its columns and filters; this reads the address, and knows no model. `components/list_*.html` draw it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from manager.web.chips import Chip, Option, chip
from manager.web.dates import exact

Text = str | Promise
PAGE = 50
LONGEST = 253
# Days that somebody may mean.
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
# What the address of every list may say.
COMMON = frozenset({"q", "sort", "columns"})
# By the names of the lists that people may save views of: what their addresses may say.
KNOWN: dict[str, frozenset[str]] = {}


def declare(name: str, *filters: str) -> str:
    """A list that people may save views of, by its URL name, with the names of its filters."""
    KNOWN[name] = COMMON | set(filters)
    return name


@dataclass(frozen=True)
class Column:
    """`order`: what the rows are sorted by; empty where they cannot be. `text`: what a file says of a row."""

    name: str
    label: Text
    text: Callable[[Any], object]
    order: tuple[Any, ...] = ()
    backwards: tuple[Any, ...] = ()
    # The class of its cells: "is-optional", "is-numeric".
    look: str = ""
    # Shown from the start; the first column always is.
    shown: bool = True
    # It stands in the cell of another one, and by itself only in the file.
    beside: bool = False


@dataclass(frozen=True)
class Filter:
    """One choice among some. What the address asks for and is not among them filters nothing, unless it is `free`:
    anything, or what the function takes.
    """

    name: str
    label: Text
    everything: Text = ""
    choices: Sequence[tuple[str, Text]] = ()
    free: bool | Callable[[str], bool] = False
    # A day that is typed, and no choice.
    is_day: bool = False

    def value(self, asked: str) -> str:
        free = self.free(asked) if callable(self.free) else self.free
        return asked[:LONGEST] if free or asked in dict(self.choices) else ""


def is_number(text: str) -> bool:
    """It could be the key of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def is_day(text: str) -> bool:
    try:
        day = parse_date(text)
    except ValueError:
        return False
    return day is not None and FIRST <= day <= LAST


SINCE = Filter("since", pgettext_lazy("date", "From"), free=is_day, is_day=True)
UNTIL = Filter("until", pgettext_lazy("date", "To"), free=is_day, is_day=True)
DAYS = (SINCE, UNTIL)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Head:
    """The head of a column: how the list is sorted by it now, and the address of the other way round."""

    column: Column
    url: str = ""
    now: str = ""


@dataclass(frozen=True)
class Offer:
    """A column that can be shown or left out, and the address that does so."""

    label: Text
    shown: bool
    url: str


@dataclass
class Listing:
    """What the address of a list says. `name` is the list's own, which its saved views belong to."""

    name: str
    data: QueryDict
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    # How it is sorted until somebody says otherwise; by its first column.
    begins: str = ""
    # Its columns have heads; else a menu sorts it.
    is_table: bool = True
    # Its address gives it also as a file.
    has_file: bool = True
    # What is wrong with what was typed, by parameter.
    errors: dict[str, Sequence[str]] = field(default_factory=dict)
    chosen: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.chosen = {each.name: each.value(self.data.get(each.name, "").strip()) for each in self.filters}

    @property
    def query(self) -> str:
        return self.data.get("q", "").strip()[:LONGEST]

    @property
    def narrowed(self) -> bool:
        return bool(self.query or any(self.chosen.values()))

    @cached_property
    def sort(self) -> str:
        asked = self.data.get("sort", "")
        sortable = {column.name for column in self.columns if column.order}
        return asked if asked.removeprefix("-") in sortable else self.usual

    @property
    def usual(self) -> str:
        return self.begins or (self.columns[0].name if self.columns else "")

    @property
    def order(self) -> tuple[Any, ...]:
        column = next(each for each in self.columns if each.name == self.sort.removeprefix("-"))
        return column.backwards if self.sort.startswith("-") else column.order

    @cached_property
    def shown(self) -> list[str]:
        """The names of the columns that are shown, in their order; the first is never left out."""
        if not self.columns:
            return []
        asked = self.data.get("columns", "").split(",")
        wanted = [column.name for column in self.columns if column.name in asked and not column.beside]
        wanted = wanted or self.shown_at_first
        first = self.columns[0].name
        return [first, *(name for name in wanted if name != first)]

    @property
    def shown_at_first(self) -> list[str]:
        return [column.name for column in self.columns if column.shown and not column.beside]

    @property
    def filed(self) -> list[Column]:
        """The columns of the file."""
        return [column for column in self.columns if column.beside or column.name in self.shown]

    @property
    def parameters(self) -> dict[str, str]:
        """What of the address matters, and nothing else: the same list has one address."""
        given = {"q": self.query, **self.chosen}
        if self.sort != self.usual:
            given["sort"] = self.sort
        if self.shown != self.shown_at_first:
            given["columns"] = ",".join(self.shown)
        return {name: value for name, value in given.items() if value}

    @property
    def carried(self) -> dict[str, str]:
        """What the form of the search has no control for."""
        typed = {"q", *(each.name for each in self.filters if each.is_day)}
        return {name: value for name, value in self.parameters.items() if name not in typed}

    @property
    def address(self) -> str:
        return self.to()

    @property
    def file_address(self) -> str:
        return self.to(format="csv")

    def to(self, **changes: str) -> str:
        """The address of the same list with these changes, from its first page on; an empty one takes away."""
        given = {name: value for name, value in {**self.parameters, **changes}.items() if value}
        return f"?{urlencode(given)}"

    @property
    def cleared(self) -> str:
        """The same list with everything in it, sorted and with the columns as before."""
        return self.to(q="", **dict.fromkeys(self.chosen, "")).removesuffix("?")

    @property
    def chips(self) -> list[Chip]:
        """The filters as menus of links. One without anything to choose is left out."""
        return [self._chip(each) for each in self.filters if each.is_day or each.choices or self.chosen[each.name]]

    def _chip(self, each: Filter) -> Chip:
        value, errors = self.chosen[each.name], self.errors.get(each.name, ())
        if not each.is_day:
            every = [("", each.everything), *each.choices]
            return chip(each.name, each.label, value, [(key, text, self.to(**{each.name: key})) for key, text in every])
        day, typed = exact(date.fromisoformat(value)) if value else "", self.data.get(each.name, "")
        without = Option("", self.to(**{each.name: ""}), current=False)
        return Chip(each.name, each.label, day, [without], is_day=True, typed=typed, errors=errors)

    def within(self, column: str) -> Q:
        """What was made on the days that are chosen, by the clock on the wall."""
        found, since, until = Q(), self.chosen.get("since"), self.chosen.get("until")
        if since:
            found &= Q(**{f"{column}__gte": midnight(date.fromisoformat(since))})
        if until:
            found &= Q(**{f"{column}__lt": midnight(date.fromisoformat(until) + timedelta(days=1))})
        return found

    @property
    def sorts(self) -> list[Option]:
        """How it can be sorted, where no heads say so: by each column the way it begins, and turned round."""
        return [
            Option(column.label, self.to(sort=name), name == self.sort, symbol)
            for column in self.columns
            if column.order
            for name, symbol in ((column.name, "arrow-up"), (f"-{column.name}", "arrow-down"))
        ]

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns if column.name in self.shown]

    def _head(self, column: Column) -> Head:
        if not column.order:
            return Head(column)
        turned = f"-{column.name}" if self.sort == column.name else column.name
        now = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "")
        return Head(column, self.to(sort=turned), now)

    @property
    def offers(self) -> list[Offer]:
        """Every column but the first, to show or to leave out."""
        found = []
        for column in (each for each in self.columns[1:] if not each.beside):
            shown = column.name in self.shown
            names = [each.name for each in self.columns if (each.name in self.shown) != (each is column)]
            found.append(Offer(column.label, shown, self.to(columns=",".join(names))))
        return found

    @property
    def wants_file(self) -> bool:
        return self.data.get("format") == "csv"

    def page(self, rows: QuerySet[Any], size: int = PAGE, *, count: int | None = None) -> Any:
        """The rows of the page that is asked for, sorted. `count`: how many there are on all, where that is known."""
        paginator = Paginator(rows.order_by(*self.order), size)
        if count is not None:
            paginator.count = count
        return paginator.get_page(self.data.get("page"))
