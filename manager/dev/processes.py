"""Programs in sessions of their own, ended by their own pid and process group, with a log file each."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from manager.dev import interruption
from manager.dev.account import Account
from manager.dev.interruption import ending, shield
from manager.dev.leftovers import birth, kill_group

ROOT = Path(__file__).resolve().parents[2]


class Failed(Exception):
    """What a person must hear; the command ends with it."""


class Process:
    """One program. `records` is the folder that remembers its pid, so that a later start can end what a crash left."""

    ending = signal.SIGTERM
    patience = 10.0  # seconds between asking it to end and making it end

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str],
        folder: Path = ROOT,
        account: Account | None = None,
        records: Path | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.environment = environment
        self.folder = folder
        self.account = account
        self.record = records / name if records else None
        self.popen: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    @property
    def pid(self) -> int:
        assert self.popen, f"{self.name} was not started"
        return self.popen.pid

    @property
    def returncode(self) -> int | None:
        return self.popen.poll() if self.popen else None

    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def launch(self) -> None:
        """The program runs; its output goes to the log."""
        with shield(), self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                [str(word) for word in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=dict(self.environment),
                start_new_session=True,
                **(self.account.options if self.account else {}),
            )
            self.started = time.monotonic()
            if self.record:
                self.record.write_text(f"{self.pid} {self.ending} {birth(self.pid)}")

    def wait(self) -> None:
        """It does what it is for; a plain program does so once launched, a server says when."""

    def start(self) -> None:
        """The program runs and does what it is for."""
        self.launch()
        self.wait()

    def run(self) -> int:
        """The program ran to its end; its exit status."""
        try:
            self.launch()
            assert self.popen
            return self.popen.wait()
        finally:
            self.stop()

    def ask(self) -> None:
        """It was told to end."""
        if self.alive():
            os.kill(self.pid, self.ending)

    def stop(self) -> None:
        """It has ended, and with it whatever it had started in its group."""
        if self.popen is None:
            return
        self.ask()
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(self.patience)
        self.kill()

    def kill(self) -> None:
        """Nothing of its group is left, as after a power cut."""
        if self.popen is None:
            return
        kill_group(self.pid)
        self.popen.wait()
        if self.record:
            self.record.unlink(missing_ok=True)

    def tail(self, lines: int = 25) -> str:
        """The end of the log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def in_foreground(
    command: Sequence[str | Path], environment: Mapping[str, str], *, polite: signal.Signals = signal.SIGTERM
) -> int:
    """The program ran with this terminal as its own; its exit status.

    Ctrl-C reaches it by itself, and it decides what that means; who asks us to end asks it, by `polite`.
    """
    with ending():
        popen = subprocess.Popen([str(word) for word in command], cwd=ROOT, env=dict(environment))
        asked = 0.0
        while popen.poll() is None:
            if interruption.received in (signal.SIGTERM, signal.SIGHUP) and not asked:
                popen.send_signal(polite)
                asked = time.monotonic()
            if asked and time.monotonic() > asked + 15:
                popen.kill()
            with suppress(subprocess.TimeoutExpired):
                popen.wait(0.2)
        return popen.returncode


def fresh_log(folder: Path, name: str) -> Path:
    """An empty log; the one before it is kept beside it as `.1`."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    return log
