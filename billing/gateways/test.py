"""The embedded gateway: no money moves. It keeps its own book in a file, as a payment provider does elsewhere."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.gateways import Charge, GatewayDown
from billing.money import Money

PAYS, LOSES = "approve", "lose"
SCHEMA = """
CREATE TABLE IF NOT EXISTS charge
(key TEXT PRIMARY KEY, card TEXT NOT NULL, minor INTEGER NOT NULL, currency TEXT NOT NULL, captured INTEGER NOT NULL)
"""


class TestGateway:
    """Three cards: one pays, one is declined, and one pays but its answer gets lost on the way."""

    __test__ = False
    sandbox = gettext_lazy("Payments are simulated: no money moves.")
    methods = (
        (PAYS, gettext_lazy("Test card that pays")),
        ("decline", gettext_lazy("Test card that is declined")),
        (LOSES, gettext_lazy("Test card that pays, but whose answer gets lost")),
    )

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or settings.STATE_DIR / "sandbox" / "payments.sqlite3"
        self.path.parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def _book(self) -> Iterator[sqlite3.Connection]:
        book = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        try:
            book.execute(SCHEMA)
            yield book
        finally:
            book.close()

    def charge(self, key: str, amount: Money, token: str) -> Charge:
        with self._book() as book:
            book.execute(
                "INSERT OR IGNORE INTO charge VALUES (?, ?, ?, ?, ?)",
                [key, token, amount.minor, amount.currency, token in (PAYS, LOSES)],
            )
        if token == LOSES:
            raise GatewayDown("the answer got lost")
        found = self.find(key)
        assert found is not None
        return found

    def find(self, key: str) -> Charge | None:
        with self._book() as book:
            row = book.execute("SELECT minor, currency, captured FROM charge WHERE key = ?", [key]).fetchone()
        if row is None:
            return None
        reason = "" if row[2] else _("The card was declined.")
        return Charge(reference=f"test/{key}", captured=bool(row[2]), amount=Money(row[0], row[1]), reason=reason)

    def captured(self) -> list[tuple[str, int, str]]:
        """Every charge that was collected: key, minor units, currency."""
        with self._book() as book:
            return book.execute("SELECT key, minor, currency FROM charge WHERE captured").fetchall()
