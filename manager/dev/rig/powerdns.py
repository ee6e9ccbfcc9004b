"""PowerDNS Authoritative with its HTTP API, on two free ports that it keeps, zones in a SQLite file."""

import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from manager.dev.rig.addresses import free_port, http_status, is_free
from manager.dev.rig.server import Server

SCHEMAS = (
    Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql"),
    Path("/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"),
    Path("/usr/share/doc/pdns/schema.sqlite3.sql"),
)


class PowerDNS(Server):
    """`url` and `key` are those of the API, `port` is where it answers questions."""

    title = "PowerDNS"

    def __init__(self, folder: Path | None = None, *, logs: Path | None = None, records: Path | None = None) -> None:
        super().__init__(folder, logs=logs, records=records)
        self.key = self._kept("api-key", secrets.token_urlsafe(32))
        self.port = self._kept_port("dns-port")
        self.api_port = self._kept_port("api-port")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @classmethod
    def missing(cls) -> str:
        if cls._program() and cls._schema():
            return ""
        return "PowerDNS with its SQLite backend was not found (Debian: apt install pdns-server pdns-backend-sqlite3)."

    def configure(self) -> list[str | Path]:
        program = self._program()
        assert program, self.missing()
        self._make_database()
        options = {
            "launch": "gsqlite3",
            "gsqlite3-database": self.database,
            "gsqlite3-dnssec": "yes",
            "gsqlite3-pragma-synchronous": "1",
            "local-address": "127.0.0.1",
            "local-port": self.port,
            "socket-dir": self.folder,
            "daemon": "no",
            "guardian": "no",
            "disable-syslog": "yes",
            "write-pid": "no",
            "api": "yes",
            "api-key": self.key,
            "webserver": "yes",
            "webserver-address": "127.0.0.1",
            "webserver-port": self.api_port,
            "webserver-allow-from": "127.0.0.0/8",
            # Small: half a million empty places for answers would take most of its memory.
            "max-cache-entries": "1000",
            "max-packet-cache-entries": "1000",
            # A new zone answers at once.
            "zone-cache-refresh-interval": "0",
            "cache-ttl": "0",
            "query-cache-ttl": "0",
            "negquery-cache-ttl": "0",
        }
        self.write("pdns.conf", "".join(f"{name}={value}\n" for name, value in options.items()))
        return [program, f"--config-dir={self.folder}"]

    def answers(self) -> bool:
        return http_status(self.api_port, "/api/v1/servers/localhost", X_API_Key=self.key) == 200

    @property
    def database(self) -> Path:
        return self.folder / "pdns.sqlite3"

    def _make_database(self) -> None:
        if self.database.exists():
            return
        schema = self._schema()
        assert schema, self.missing()
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(schema.read_text())
            self.write(self.database.name, connection.serialize())

    def _kept(self, name: str, value: str) -> str:
        file = self.folder / name
        return file.read_text() if file.exists() else self.write(name, value).read_text()

    def _kept_port(self, name: str) -> int:
        """The port of the last start where it is still free, else another one."""
        port = int(self._kept(name, str(free_port())))
        return port if is_free(port) else int(self.write(name, str(free_port())).read_text())

    @staticmethod
    def _program() -> str | None:
        return shutil.which("pdns_server") or shutil.which("pdns_server", path="/usr/sbin:/usr/local/sbin")

    @staticmethod
    def _schema() -> Path | None:
        return next((schema for schema in SCHEMAS if schema.exists()), None)
