"""PostgreSQL on a Unix socket, with the roles and the database of the portal."""

import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from manager.dev.account import unprivileged
from manager.dev.processes import Failed
from manager.dev.rig import binaries
from manager.dev.rig.server import Server

ROLES = Path(__file__).resolve().parent.parent / "roles.sql"
# The children of a killed server live on for a moment, and the next one refuses to start beside them.
STILL_ENDING = re.compile(r"lock file .* already exists|pre-existing shared memory|another server might be running")
SMALL = {
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_logical_replication_workers": "0",
    "max_parallel_workers": "0",
    "jit": "off",
}
FAST = {"fsync": "off", "full_page_writes": "off"}  # survives kill -9, not a power cut


class PostgreSQL(Server):
    """With `durable`, what was committed is on the disk; tests do without. Refuses to run as root, so the account must
    be able to enter the folder."""

    title = "PostgreSQL"
    ending = signal.SIGINT  # ends the sessions, then itself; SIGTERM would wait for every client to leave
    patience = 20.0

    def __init__(
        self, folder: Path | None = None, *, durable: bool = True, logs: Path | None = None, records: Path | None = None
    ) -> None:
        super().__init__(folder, logs=logs, records=records)
        self.durable = durable

    @property
    def url(self) -> str:
        return f"postgres://portal@/portal?host={quote(str(self.folder), safe='')}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @classmethod
    def missing(cls) -> str:
        if binaries.postgres(unprivileged()):
            return ""
        return "PostgreSQL was not found: install version 15 or newer, or set DATABASE_URL to a database you have."

    def configure(self) -> list[str | Path]:
        programs = binaries.postgres(self.account)
        assert programs, self.missing()
        version = self._version(programs)
        if not self.data.exists():
            self._make_cluster(programs, version)
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != version:
            raise Failed(
                f"The data in {self.folder} was written by PostgreSQL {made_by}, and here is PostgreSQL {version}."
                " Copy it over with that version's pg_dump, or remove the folder to start with an empty database."
            )
        options = {**SMALL, **({} if self.durable else FAST), "unix_socket_directories": str(self.folder)}
        if version >= 18:
            options["io_method"] = "sync"  # three processes fewer
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [programs / "postgres", "-D", self.data, *settings]

    def answers(self) -> bool:
        """What `pg_ctl` waits for: the server wrote into its lock file that it is ready."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def wait(self) -> None:
        until = time.monotonic() + self.seconds_to_start
        while True:
            try:
                return super().wait()
            except Failed:
                if self.alive() or not STILL_ENDING.search(self.tail(5)) or time.monotonic() > until:
                    raise
            time.sleep(0.5)
            self.launch()

    def _version(self, programs: Path) -> int:
        words = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"\) (\d+)", words)
        assert found, words
        return int(found[1])

    def _make_cluster(self, programs: Path, version: int) -> None:
        """The data folder exists, with the portal's roles and database in it; half of one is never left."""
        half = self.folder / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            half,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        initdb += ["--locale=C.UTF-8"]
        if version >= 17:  # the same order and case rules on every system
            initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            initdb += ["--no-sync"]
        self._run(initdb)
        roles = ROLES.read_text()
        if version < 16:  # where only the whole role could be kept from inheriting
            roles = roles.replace("LOGIN CREATEDB", "LOGIN CREATEDB NOINHERIT", 1)
            roles = roles.replace(" WITH INHERIT FALSE, SET TRUE", "")
        # Without a server, so that nothing has to connect: one statement a line.
        speed = [] if self.durable else ["-F"]
        self._run(
            [programs / "postgres", "--single", "-c", "exit_on_error=true", *speed, "-D", half, "postgres"], roles
        )
        half.rename(self.data)

    def _run(self, command: list[str | Path], words: str = "") -> None:
        done = subprocess.run(
            command,
            check=False,
            input=words,
            text=True,
            capture_output=True,
            cwd=self.folder,
            env=dict(self.environment),
            start_new_session=True,
            **(self.account.options if self.account else {}),
        )
        if done.returncode:
            raise Failed(f"{Path(command[0]).name} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
