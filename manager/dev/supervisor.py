"""Keeps programs running: what dies is started again, and in the end everything is stopped."""

import signal
import sys
import time
from typing import Self

from manager.dev.interruption import ending
from manager.dev.processes import Failed, Process
from manager.dev.rig import PostgreSQL, Server

FIRST_PAUSE, LONGEST_PAUSE = (0.5, 15.0)  # seconds before a program that died is started again
SETTLED = 10.0  # seconds after which a program counts as having worked


class Supervisor:
    """As a context: whatever was started in it has ended after it, also when Ctrl-C came in the middle of a start."""

    def __init__(self) -> None:
        self.watched: list[Watched] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ending():
            processes = [one.process for one in reversed(self.watched)]
            for process in processes:
                if not isinstance(process, Server):  # servers go last, when nobody needs them
                    process.ask()
            for process in processes:
                process.stop()

    def start(self, *processes: Process) -> None:
        """They run, side by side, and do what they are for."""
        self.watched += [Watched(process) for process in processes]
        for process in processes:
            process.launch()
        for process in processes:
            process.wait()

    def watch(self) -> None:
        """For ever: what dies is started again. Raises Failed when the database does not come back."""
        while True:
            time.sleep(0.2)
            for one in self.watched:
                one.tend()


class Watched:
    def __init__(self, process: Process) -> None:
        self.process = process
        self.pause = 0.0
        self.due: float | None = None

    def tend(self) -> None:
        """A dead program is announced once and started again after a pause that grows while it keeps dying."""
        if self.due is None:
            if not self.process.alive():
                self._announce()
        elif time.monotonic() >= self.due:
            self.due = None
            self._revive()

    def _announce(self) -> None:
        now = time.monotonic()
        settled = now - self.process.started > SETTLED
        self.pause = FIRST_PAUSE if settled else min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        self.due = now + self.pause
        status = self.process.returncode or 0
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        say(f"{self.process.name} {how}; it is started again in {self.pause:g} s ({self.process.log}).")
        if status >= 0:
            say(self.process.tail(12))
        self.process.kill()

    def _revive(self) -> None:
        try:
            self.process.start()
        except Failed:
            if isinstance(self.process, PostgreSQL):
                raise
            self.process.kill()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
