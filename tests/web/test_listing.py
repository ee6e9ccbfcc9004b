"""A list says in its address what it shows; what makes no sense there is left out."""

from dataclasses import dataclass

import pytest
from django.http import QueryDict

from manager.web.listing import Column, Filter, Listing

COLUMNS = (
    Column("name", "Name", lambda row: row, ("name", "pk"), ("-name", "-pk")),
    Column("status", "Status", lambda row: row),
    Column("plan", "Plan", lambda row: row, ("plan",), ("-plan",), shown=False),
    Column("expires", "Expires", lambda row: row, ("expires",), ("-expires",)),
)
STATES = Filter("state", "Status", "All", [("active", "Active"), ("failed", "Failed")])


@dataclass
class Shown:
    listing: Listing


def listing(query: str = "") -> Listing:
    return Listing("members", QueryDict(query), COLUMNS, [STATES])


def test_it_begins_with_its_first_column_and_everything() -> None:
    found = listing()
    assert (found.query, found.chosen, found.sort, found.shown) == (
        "",
        {"state": ""},
        "name",
        ["name", "status", "expires"],
    )
    assert (found.narrowed, found.parameters, found.address) == (False, {}, "?")


def test_it_is_what_its_address_says() -> None:
    found = listing("q=nord&state=active&sort=-expires&columns=plan,name&page=3")
    assert found.narrowed
    assert found.order == ("-expires",)
    assert found.shown == ["name", "plan"]
    assert found.parameters == {"q": "nord", "state": "active", "sort": "-expires", "columns": "name,plan"}
    assert listing(found.address[1:]).parameters == found.parameters
    assert found.file_address == f"{found.address}&format=csv"


@pytest.mark.parametrize(
    "query",
    [
        "state=x",
        "sort=status",
        "sort=--name",
        "sort=pk",
        "columns=x,y",
        "columns=",
        "state=active%00",
        "sort=-",
        "page=x",
    ],
)
def test_what_makes_no_sense_is_left_out(query: str) -> None:
    assert listing(query).parameters == {}


def test_a_head_turns_the_order_round_and_keeps_the_rest() -> None:
    heads = {head.column.name: head for head in listing("q=a&state=failed").heads}
    assert heads["name"].now == "ascending"
    assert listing(heads["name"].url[1:]).parameters == {"q": "a", "state": "failed", "sort": "-name"}
    assert (heads["status"].url, heads["status"].now) == ("", "")
    turned = {head.column.name: head for head in listing("sort=-expires").heads}
    assert (turned["expires"].now, turned["expires"].url) == ("descending", "?sort=expires")


def test_columns_are_shown_and_left_out_but_never_the_first() -> None:
    offers = {str(offer.label): offer for offer in listing("q=a").offers}
    assert set(offers) == {"Status", "Plan", "Expires"}
    assert listing(offers["Plan"].url[1:]).shown == ["name", "status", "plan", "expires"]
    without = listing(offers["Status"].url[1:])
    assert (without.shown, without.query) == (["name", "expires"], "a")
    # All of them are left out, one after the other: the name stays.
    last = listing({str(offer.label): offer for offer in without.offers}["Expires"].url[1:])
    assert last.shown == ["name"]


def test_a_chip_keeps_what_else_is_chosen_and_begins_anew() -> None:
    (chip,) = listing("q=a&page=4&sort=expires").chips
    urls = {option.label: option.url for option in chip.options}
    assert listing(urls["Active"][1:]).parameters == {"q": "a", "sort": "expires", "state": "active"}
    assert "page" not in urls["Active"]
    (chip,) = listing("state=failed").chips
    assert chip.chosen == "Failed"
    assert next(option for option in chip.options if option.label == "All").url in ("?", "")
