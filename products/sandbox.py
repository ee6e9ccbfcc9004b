"""The world of the sandbox providers: one file, shared by all processes. Imports no model.

It behaves like a provider one can try things on, as test card numbers do for payments: a name that begins with
"refuse-" is refused for good, one that begins with "busy-" only at the third try.
"""

import json
import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from products import border
from products.drivers import Conflict, Outcome, Permanent, Retryable, Spec

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (
    realm TEXT, name TEXT, key TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (realm, name)
);
CREATE TABLE IF NOT EXISTS refusal (realm TEXT, name TEXT, times INTEGER NOT NULL, PRIMARY KEY (realm, name));
"""


class World:
    """Things by realm (a provider) and name, each with the key of the product it was made for."""

    def __init__(self, realm: str, path: Path | None = None) -> None:
        self.realm = realm
        self.path = path or settings.STATE_DIR / "sandbox" / "world.sqlite3"
        self.path.parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def _session(self) -> Iterator[sqlite3.Connection]:
        session = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        try:
            session.executescript(SCHEMA)
            session.execute("BEGIN IMMEDIATE")
            yield session
            session.execute("COMMIT")
        finally:
            session.close()

    def put(self, spec: Spec, data: dict[str, Any]) -> None:
        """The thing is there, with this data. Conflict when another product has the name."""
        with self._session() as session:
            self._own(session, spec)
            session.execute(
                "INSERT INTO thing VALUES (?, ?, ?, ?) ON CONFLICT (realm, name) DO UPDATE SET data = excluded.data",
                [self.realm, spec.name, spec.key, json.dumps(data)],
            )

    def get(self, spec: Spec) -> dict[str, Any] | None:
        """The data of the thing, or None. Conflict when another product has the name."""
        with self._session() as session:
            data = self._own(session, spec)
            return None if data is None else json.loads(data)

    def remove(self, spec: Spec) -> None:
        """The product's thing is not there. What another product has under the name stays."""
        with self._session() as session:
            query = "DELETE FROM thing WHERE realm = ? AND name = ? AND key = ?"
            session.execute(query, [self.realm, spec.name, spec.key])

    def _own(self, session: sqlite3.Connection, spec: Spec) -> str | None:
        query = "SELECT key, data FROM thing WHERE realm = ? AND name = ?"
        row = session.execute(query, [self.realm, spec.name]).fetchone()
        if row and row[0] != spec.key:
            raise Conflict(f"{self.realm} sandbox: {spec.name} belongs to {row[0]}")
        return row[1] if row else None

    def tries(self, spec: Spec) -> int:
        """How often this was tried, this time included."""
        with self._session() as session:
            session.execute(
                "INSERT INTO refusal VALUES (?, ?, 1) ON CONFLICT (realm, name) DO UPDATE SET times = times + 1",
                [self.realm, spec.name],
            )
            query = "SELECT times FROM refusal WHERE realm = ? AND name = ?"
            return session.execute(query, [self.realm, spec.name]).fetchone()[0]

    def behave(self, spec: Spec) -> None:
        """Some names are refused, so that one can see what happens then."""
        if spec.name.startswith("refuse-"):
            raise Permanent(_("The sandbox refuses every name that begins with “refuse-”."))
        if spec.name.startswith("busy-") and self.tries(spec) < 3:
            raise Retryable(_("The sandbox is busy for every name that begins with “busy-”."))


class Sandbox:
    """A provider that simulates: the same steps as a real one, with results that say so. Kinds name their steps."""

    realm = ""
    steps: tuple[str, ...] = ()
    sandboxes: tuple[Any, ...] = ()

    def __init__(self, path: Path | None = None) -> None:
        self.world = World(self.realm, path)
        self.name = f"Sandbox, realm {self.realm}"

    def facts(self, spec: Any) -> dict[str, Any]:
        """What this provider would say of the thing."""
        return {}

    def ensure(self, spec: Any) -> Generator[str, None, Outcome]:
        border.check(spec)
        self.world.behave(spec)
        for step in self.steps:
            time.sleep(settings.SANDBOX_STEP_SECONDS)
            self.world.put(spec, self.facts(spec))
            yield step
        return self._outcome(spec, self.facts(spec))

    def absent(self, spec: Any) -> Generator[str, None, Outcome]:
        border.check(spec)
        self.world.remove(spec)
        yield "remove"
        return Outcome(ref="", provider="sandbox")

    def observe(self, spec: Any) -> Outcome | None:
        border.check(spec)
        data = self.world.get(spec)
        return None if data is None else self._outcome(spec, data)

    def _outcome(self, spec: Any, facts: dict[str, Any]) -> Outcome:
        return Outcome(ref=f"{self.realm}/{spec.name}", provider="sandbox", facts=facts)
