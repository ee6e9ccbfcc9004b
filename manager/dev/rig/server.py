"""What every server of the rig has in common."""

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Self

from manager.dev.account import unprivileged
from manager.dev.paths import SHARED, write_private
from manager.dev.processes import Failed, Process, fresh_log


class Server(Process):
    """A real server with a folder of its own, started, waited for by talking to it, stopped by its pid.

    Without `folder` it lives in a temporary one that goes with it. Killed and started again it has the same
    addresses and the same data. A new kind of server says what it is called, how it is configured and when it answers.
    """

    title = ""
    seconds_to_start = 20.0

    def __init__(self, folder: Path | None = None, *, logs: Path | None = None, records: Path | None = None) -> None:
        self.temporary = folder is None
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="portal-", dir=SHARED))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = unprivileged()
        if account and account.enters(folder.parent):
            account.take(folder)
        else:
            account = None
        name = type(self).__name__.lower()
        super().__init__(
            name,
            [],
            log=fresh_log(logs or folder, name),
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            folder=folder,
            account=account,
            records=records,
        )

    @classmethod
    def missing(cls) -> str:
        """A sentence that says what to install; empty when this machine can run the server."""
        return ""

    def configure(self) -> list[str | Path]:
        """Everything the server reads at its start is in its folder; its command line."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it does its work."""
        raise NotImplementedError

    def launch(self) -> None:
        if not self.alive():
            self.command = self.configure()
            super().launch()

    def wait(self) -> None:
        until = time.monotonic() + self.seconds_to_start
        while not self.answers():
            if not self.alive():
                raise Failed(f"{self.title} ended while starting ({self.returncode}):\n{self.tail()}")
            if time.monotonic() > until:
                raise Failed(f"{self.title} did not answer for {self.seconds_to_start:.0f} seconds:\n{self.tail()}")
            time.sleep(0.02)

    def write(self, name: str, content: str | bytes) -> Path:
        """A file in the server's folder that the server, and nobody else, may read."""
        file = self.folder / name
        write_private(file, content, self.account)
        return file

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
