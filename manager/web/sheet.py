"""A list as a file that a spreadsheet opens and a program reads (RFC 4180, UTF-8 with a mark)."""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from manager.web.lines import one_line

# What a spreadsheet would calculate.
FORMULA = "=+-@＝＋－＠"
# In many languages a spreadsheet takes ";" between cells, and begins a new one where ours goes on.
BEGINS = re.compile(rf'(^|;[\s"]*)(?=[{re.escape(FORMULA)}])')
# A quotation mark after it would take in what follows.
OPENS = re.compile(r';(?="|$)')
MARK = "\ufeff"


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def cell(value: object) -> str:
    """Text that stays text, on one line, whatever a spreadsheet takes for the sign between cells."""
    text = "" if value is None else one_line(str(value))
    return BEGINS.sub(r"\1'", OPENS.sub("; ", text))


def text(rows: Iterable[Iterable[object]]) -> str:
    writer = csv.writer(Echo(), quoting=csv.QUOTE_ALL)
    return "".join(writer.writerow(map(cell, row)) for row in rows)


def head(names: Iterable[object]) -> str:
    """How the file begins."""
    return MARK + text([names])


def lines(names: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield head(names)
    yield text(rows)


def answer(told: Iterable[str], name: str, *, streamed: bool = False) -> HttpResponse:
    """The file, to be kept under this name with today's date; sent while it is made, or made in the request."""
    kind = "text/csv; charset=utf-8"
    response = StreamingHttpResponse(told, content_type=kind) if streamed else HttpResponse("".join(told), kind)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate()}.csv"'
    # To the gate it is an answer like every other.
    return cast(HttpResponse, response)
