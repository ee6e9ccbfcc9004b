"""Where a running portal keeps what it leaves behind."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from manager.dev.account import Account, unprivileged
from manager.dev.leftovers import sweep
from manager.dev.processes import ROOT, Failed

SHARED = Path("/var/tmp")  # noqa: S108, see own_folder; survives a restart of the machine, and every account may enter it
LONGEST_SOCKET_FOLDER = 80  # the address of a Unix socket holds about a hundred characters


class Taken(Exception):
    """Another process holds the state folder; `holder` says which: its command and its pid."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class State:
    """One portal's folder: logs, secrets and sandbox worlds in `folder`, the data of its servers in `servers`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "log"
        self.records = folder / "pids"
        self.environment_file = folder / "environment.json"
        inside = folder / "servers"
        shared = unprivileged() or len(str(inside)) > LONGEST_SOCKET_FOLDER - len("/postgres")
        self.servers = SHARED / f"portal-{digest(folder)}" if shared else inside

    @classmethod
    def of_portal(cls) -> Self:
        """The state of `./portal up`, which lasts."""
        return cls(Path(os.environ.get("STATE_DIR") or ROOT / ".local").resolve())

    @classmethod
    @contextmanager
    def for_tests(cls) -> Iterator[Self]:
        """A state of its own for one run of the tests, gone after it; so is what a killed run left."""
        runs = cls.of_portal().folder / "tests"
        runs.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as stack:
            with (runs.parent / "tests.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # nobody tidies away a folder that is just being made
                for left in runs.iterdir():
                    try:
                        with cls(left).claimed("test") as state:
                            state.remove()
                    except Taken:
                        pass  # it is running
                state = stack.enter_context(cls(Path(tempfile.mkdtemp(dir=runs, prefix="run-"))).claimed("test"))
            stack.callback(state.remove)
            yield state

    @contextmanager
    def claimed(self, command: str) -> Iterator[Self]:
        """This process alone starts and stops what lives here; raises Taken when another one does."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise Taken(lock.read().strip()) from None
            lock.truncate(0)
            lock.write(f"./portal {command} (process {os.getpid()})")
            lock.flush()
            self.environment_file.unlink(missing_ok=True)
            for part in (self.logs, self.records):
                part.mkdir(exist_ok=True)
            if left := sweep(self.records):
                print(f"Stopped what an earlier start had left running: {', '.join(left)}.", flush=True)
            own_folder(self.servers)
            try:
                yield self
            finally:
                self.environment_file.unlink(missing_ok=True)

    def remove(self) -> None:
        """Nothing of this state is left on disk."""
        shutil.rmtree(self.servers, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def secret(self, name: str) -> str:
        """A random word, made once and readable by its owner only."""
        file = self.folder / name
        if not file.exists():
            write_private(file, secrets.token_urlsafe(48))
        return file.read_text()

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Whoever runs the servers waits for this process, and for the one it turns into, before it stops them."""
        with (self.folder / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            os.set_inheritable(users.fileno(), True)
            yield

    def wait_for_others(self) -> None:
        """Nobody who joined is left."""
        with (self.folder / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)

    def announce(self, environment: dict[str, str]) -> None:
        """Other commands can join the running portal."""
        write_private(self.environment_file, json.dumps(environment))

    def announced(self) -> dict[str, str] | None:
        """What the running portal works with; None while it is still starting."""
        try:
            environment: dict[str, str] = json.loads(self.environment_file.read_text())
        except FileNotFoundError:
            return None
        return environment


def digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def write_private(file: Path, content: str | bytes, account: Account | None = None) -> None:
    """The file holds the content, whole or not at all, and only its owner, the account or ourselves, may read it.

    Made under another name first: what lies under this one, a link for instance, is replaced and never followed.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
        if account:
            os.fchown(stream.fileno(), account.uid, account.gid)
    Path(name).replace(file)


def own_folder(folder: Path) -> Path:
    """The folder exists and is ours; one that somebody else laid there is refused. Others may pass only for root."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid():
        raise Failed(f"{folder} belongs to somebody else. Remove it, or set STATE_DIR to another folder.")
    folder.chmod(0o711 if unprivileged() else 0o700)
    return folder
