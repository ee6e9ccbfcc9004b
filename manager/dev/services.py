"""PostgreSQL, Valkey and PowerDNS, each started only where the environment does not name one already."""

import os
import sys
from collections.abc import Mapping

from manager.dev.paths import State
from manager.dev.processes import Failed
from manager.dev.rig import PostgreSQL, PowerDNS, Server, Valkey
from manager.dev.supervisor import Supervisor

PYTHON = sys.executable
# Where the portal keeps what it knows: a command that joins it must look in the same places.
JOINED = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "POWERDNS_URL", "POWERDNS_KEY", "MAIL_URL"}


class Services:
    """What `supervisor` runs for one portal, and the environment that its programs find it by."""

    def __init__(self, state: State, supervisor: Supervisor) -> None:
        self.state = state
        self.supervisor = supervisor
        self.settings = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") in JOINED}
        self.settings["STATE_DIR"] = str(state.folder)
        if not given("SECRET_KEY"):
            self.settings["SECRET_KEY"] = state.secret("secret-key")
        self.dns: PowerDNS | None = None

    @property
    def environment(self) -> dict[str, str]:
        return surroundings(self.settings)

    def start(self, *, durable: bool = True, dns: bool = False) -> None:
        """The servers answer, and the settings say where."""
        folder = self.state.servers
        places = {"logs": self.state.logs, "records": self.state.records}
        servers: list[Server] = []
        if not given("DATABASE_URL"):
            require(PostgreSQL)
            postgres = PostgreSQL(folder / "postgres", durable=durable, **places)
            self.settings["DATABASE_URL"] = postgres.url
            servers.append(postgres)
        if not given("REDIS_URL"):
            require(Valkey)
            valkey = Valkey(folder / "valkey", **places)
            self.settings["REDIS_URL"] = valkey.url
            servers.append(valkey)
        if dns and not given("POWERDNS_URL"):
            require(PowerDNS)
            self.dns = PowerDNS(folder / "powerdns", **places)
            self.settings |= {
                "POWERDNS_URL": self.dns.url,
                "POWERDNS_KEY": self.dns.key,
                "POWERDNS_DNS_PORT": str(self.dns.port),
            }
            servers.append(self.dns)
        self.supervisor.start(*servers)


def given(name: str) -> bool:
    """Whether the person who started us set this value, or the file it is read from."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """Our own environment with the settings, and without libpq's variables, which would bend every address."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # Few arenas keep programs with threads small; unbuffered output is in the log when it is needed.
    return {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"} | inherited | dict(settings)


def require(server: type[Server]) -> None:
    if sentence := server.missing():
        raise Failed(sentence)
