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

PAYS, LOSES, VOID = "approve", "lose", "void"
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
        charge = self._once(key, amount, token)
        if token == LOSES:
            raise GatewayDown("the answer got lost")
        return charge

    def void(self, key: str) -> Charge:
        return self._once(key, Money(0, ""), VOID)

    def _once(self, key: str, amount: Money, card: str) -> Charge:
        """The first word on a key stands."""
        with self._book() as book:
            book.execute(
                "INSERT OR IGNORE INTO charge VALUES (?, ?, ?, ?, ?)",
                [key, card, amount.minor, amount.currency, card in (PAYS, LOSES)],
            )
            query = "SELECT card, minor, currency, captured FROM charge WHERE key = ?"
            card, minor, currency, captured = book.execute(query, [key]).fetchone()
        reason = _("The payment was not completed.") if card == VOID else _("The card was declined.")
        return Charge(f"test/{key}", bool(captured), Money(minor, currency), reason="" if captured else reason)

    def captured(self) -> list[tuple[str, int, str]]:
        """Every charge that was collected: key, minor units, currency."""
        with self._book() as book:
            return book.execute("SELECT key, minor, currency FROM charge WHERE captured").fetchall()
