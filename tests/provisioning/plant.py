"""A whole portal but for the web: worker, beat, broker and name server of the test's own, on the test's database."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from manager.dev.processes import Process
from manager.dev.rig import PowerDNS, Valkey

PATIENCE = 60


def until(true: Callable[[], bool], what: str, log: Callable[[], str] = str) -> None:
    """Waits for it, and says what did not come."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"not in {PATIENCE} s: {what}\n{log()}"
        time.sleep(0.05)


class Plant:
    """`gates` is the folder that stops the driver; see `tests.provisioning.gated`."""

    def __init__(self, folder: Path, valkey: Valkey, dns: PowerDNS, step_milliseconds: str) -> None:
        self.folder, self.valkey, self.dns = folder, valkey, dns
        self.step_milliseconds = step_milliseconds
        self.gates = folder / "gates"
        self.gates.mkdir()
        self.worker = self._program(
            "worker", "worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"
        )
        self.beat = self._program("beat", "beat", "--pidfile=", "--schedule", str(folder / "schedule"))

    def _program(self, name: str, *arguments: str) -> Process:
        command = [sys.executable, "-m", "celery", "--app", "manager", *arguments, "--loglevel", "INFO"]
        return Process(name, command, log=self.folder / f"{name}.log", environment=self.environment)

    @property
    def environment(self) -> dict[str, str]:
        here = connection.settings_dict
        return dict(os.environ) | {
            "DATABASE_URL": f"postgres://portal@/{here['NAME']}?host={quote(here['HOST'], safe='')}",
            "REDIS_URL": self.valkey.url,
            "POWERDNS_URL": self.dns.url,
            "POWERDNS_KEY": self.dns.key,
            "STATE_DIR": str(self.folder),
            "MAIL_URL": f"file://{self.folder}/mail",
            "PRODUCT_DRIVERS": "domains=tests.provisioning.gated.choose",
            "GATES": str(self.gates),
            "JOB_LEASE_SECONDS": "3",
            "SWEEP_SECONDS": "1",
            "SANDBOX_STEP_MS": self.step_milliseconds,
        }

    def hold(self, step: str) -> None:
        (self.gates / f"hold-{step}").touch()

    def die(self, step: str) -> None:
        (self.gates / f"die-{step}").touch()

    def tended(self) -> bool:
        """As whoever runs a portal does it: a worker that has ended is started again. True, for use in conditions."""
        if not self.worker.alive():
            self.worker.start()
        return True

    def reached(self, step: str) -> None:
        until(lambda: self.tended() and (self.gates / f"reached-{step}").exists(), f"the step {step}", self.logs)

    def release(self, step: str) -> None:
        (self.gates / f"hold-{step}").unlink()

    def mail_to(self, address: str, *, says: str = "") -> str:
        """The text of the newest mail to this address that says this, a pattern, once it has come."""
        found: list[str] = []

        def come() -> bool:
            for file in sorted((self.folder / "mail").glob("*"), key=lambda file: file.stat().st_mtime):
                if address in (text := file.read_text()) and re.search(says, text, re.MULTILINE):
                    found.append(text)
            return bool(found)

        until(come, f"mail to {address}", self.logs)
        return found[-1]

    def logs(self) -> str:
        return f"-- worker\n{self.worker.tail(60)}\n-- beat\n{self.beat.tail()}"

    def rest(self) -> None:
        """Nobody but the test uses the database: it is emptied next, which would cross with a sweep."""
        self._signal(signal.SIGSTOP, self.beat)
        until(self._stopped, "a moment without work", self.logs)

    def _stopped(self) -> bool:
        """The worker stands still, and not in the middle of a transaction."""
        self._signal(signal.SIGSTOP, self.worker)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            busy = cursor.fetchone()[0]
        if busy:
            self._signal(signal.SIGCONT, self.worker)
        return not busy

    def go_on(self) -> None:
        self._signal(signal.SIGCONT, self.worker, self.beat)

    def _signal(self, number: signal.Signals, *programs: Process) -> None:
        for program in programs:
            if program.alive():
                os.kill(program.pid, number)

    def clear(self) -> None:
        for file in self.gates.iterdir():
            file.unlink()


@contextmanager
def running(folder: Path, step_milliseconds: str = "0") -> Iterator[Plant]:
    with Valkey() as valkey, PowerDNS() as dns:
        plant = Plant(folder, valkey, dns, step_milliseconds)
        try:
            plant.worker.start()
            plant.beat.start()
            yield plant
        finally:
            plant.beat.kill()
            plant.worker.kill()
