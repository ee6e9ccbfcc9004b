"""The log as a file: what people typed into names stays text, whichever sign a spreadsheet takes between cells."""

import csv
import io
from typing import Any

import pytest

from manager.web import sheet
from organizations.events import record
from tests.people import World

FORMULA = "=+-@＝＋－＠"
NAMES = [
    "=1+1",
    "@SUM(A1)",
    "＝1+1",
    'Bob;=HYPERLINK("https://evil.example";"Open")',
    "Bob;;+41",
    "Bob; \t-1",
    'Bob;"=1+1"',
    'Bob;""=1+1',
    "Bob\t=1+1",
    "Bob\n=1+1\r\n@x",
    "Bob;",
    'Bob;"',
    '";=1+1;"',
]


def written(names: list[str]) -> str:
    """Two lines with these names in every cell."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    for _repeat in range(2):
        writer.writerow(map(sheet.cell, ["2026-07-08T10:00:00+02:00", *names]))
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", ["Anna", '"', '"=1', ";=1", ";"])
def test_no_cell_begins_with_a_formula(delimiter: str, name: str, other: str) -> None:
    for row in csv.reader(io.StringIO(written([name, other, name])), delimiter=delimiter):
        assert not [cell for cell in row if cell[:1] in tuple(FORMULA)]


@pytest.mark.parametrize("name", NAMES)
def test_every_line_begins_a_row(name: str) -> None:
    for delimiter in (",", ";"):
        rows = list(csv.reader(io.StringIO(written([name])), delimiter=delimiter))
        assert [row[0][:10] for row in rows] == ["2026-07-08"] * 2


@pytest.mark.parametrize("text", ["Anna; Bob", "a;b", "8.8.8.8", "O’Brien - Sons", "x=1", 'the "Web" team', "a, b"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert sheet.cell(text) == text


def test_the_exported_log_with_the_other_separator(world: World) -> None:
    access = world.access("owner")
    world.users["owner"].first_name = 'Bob;=HYPERLINK("https://evil.example")'
    record("organization.edit", world.acme, by=access, organization=world.acme, name=["A\n=1", "Acme;=2"])
    answer: Any = world.client("owner").post("/o/acme/activity/export/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "HYPERLINK" in text
    assert len(text.splitlines()) == 2
    for delimiter in ",;":
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        assert not [cell for row in rows for cell in row if cell[:1] in tuple(FORMULA)]
