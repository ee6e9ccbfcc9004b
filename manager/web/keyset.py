"""Pages of a list that grows at its top.

Each begins where the one before ended, and costs the same however far back it lies.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict

SIZE = 50
# The greatest key a table has.
GREATEST = 2**63 - 1


class Slice[Row: Model]:
    """The newest rows, or those before or after a key that the request names. `newer` and `older` lead on."""

    def __init__(self, rows: QuerySet[Row], query: QueryDict, size: int = SIZE, prefix: str = "") -> None:
        # A prefix where a page has two of them.
        rows, before, after = rows.order_by("-pk"), key(query, f"{prefix}before"), key(query, f"{prefix}after")
        self.newer: Any = None
        self.older: Any = None
        found: list[Row] = []
        if after is not None:
            found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
            # Nothing lies above: that is the first page.
            after = after if len(found) > size else None
        if after is not None:
            self.rows = found[size - 1 :: -1]
            self.newer, self.older = self.rows[0].pk, self.rows[-1].pk
            return
        found = list((rows if before is None else rows.filter(pk__lt=before))[: size + 1])
        self.rows = found[:size]
        self.older = self.rows[-1].pk if len(found) > size else None
        if before is not None:
            self.newer = self.rows[0].pk if self.rows else before - 1

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def key(query: QueryDict, name: str) -> int | None:
    """The key in the address; None when it names none that a row could have."""
    text = query.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return number if number is not None and number <= GREATEST else None
