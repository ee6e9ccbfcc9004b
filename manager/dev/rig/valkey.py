"""Valkey, which Celery and Django's cache talk to as Redis, on a Unix socket."""

from pathlib import Path

from manager.dev.account import unprivileged
from manager.dev.rig import binaries
from manager.dev.rig.addresses import ask
from manager.dev.rig.server import Server


class Valkey(Server):
    title = "Valkey"

    @property
    def socket(self) -> Path:
        return self.folder / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @classmethod
    def missing(cls) -> str:
        if binaries.valkey(unprivileged()):
            return ""
        return "Valkey was not found: install redis-server, or set REDIS_URL to a server you have."

    def configure(self) -> list[str | Path]:
        program = binaries.valkey(self.account)
        assert program, self.missing()
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",  # what was queued survives kill -9
            "save": "",
        }
        return [program, *(word for name, value in options.items() for word in (f"--{name}", value))]

    def answers(self) -> bool:
        return ask(self.socket, b"PING\r\n").startswith(b"+PONG")
