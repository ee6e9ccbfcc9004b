"""`./portal up`: the whole portal on this machine, until Ctrl-C."""

import argparse
import os
import socket
import time
from pathlib import Path

from manager.dev.paths import State, Taken
from manager.dev.processes import Failed, Process, fresh_log
from manager.dev.rig import PowerDNS
from manager.dev.rig.addresses import http_status, is_free
from manager.dev.services import PYTHON, Services, given
from manager.dev.supervisor import Supervisor, say

SECONDS_TO_ANSWER = 60.0


def up(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    state = State.of_portal()
    try:
        with state.claimed("up"), Supervisor() as supervisor:
            require_port(options.port)
            run(state, supervisor, options)
    except Taken as taken:
        address = (state.announced() or {}).get("BASE_URL")
        raise Failed(
            f"{taken.holder} is running here already{f', at {address}' if address else ''}."
            " Stop it with Ctrl-C where it was started, or give this one a folder of its own: STATE_DIR=... ./portal up"
        ) from None
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./portal up", description="Run the whole portal until Ctrl-C.")
    parser.add_argument("--port", type=port, default=8000, help="where the portal answers on 127.0.0.1 (8000)")
    parser.add_argument("--real", action="store_true", help="start a real name server; otherwise a sandbox stands in")
    return parser


def port(word: str) -> int:
    if not word.isdigit() or not 0 < int(word) < 65536:
        raise argparse.ArgumentTypeError(f"{word} is not a port: choose a number from 1 to 65535")
    return int(word)


def require_port(port: int) -> None:
    another = f"Choose another one: ./portal up --port {port + 1 if port >= 1024 else 8000}"
    try:
        if not is_free(port, (socket.SOCK_STREAM,)):
            raise Failed(f"Port {port} is in use by another program. {another}")
    except PermissionError:
        raise Failed(f"Port {port} may not be used by this account. {another}") from None


def run(state: State, supervisor: Supervisor, options: argparse.Namespace) -> None:
    """Everything runs, from the servers to the schedule, and what dies is started again."""
    say("Starting the servers ...")
    services = Services(state, supervisor)
    if options.real and (sentence := PowerDNS.missing()):
        say(f"{sentence} Domains are set up in the sandbox.")
    services.start(dns=options.real and not PowerDNS.missing())
    if not given("BASE_URL"):
        services.settings["BASE_URL"] = f"http://127.0.0.1:{options.port}"
    logins = prepare(state, services)
    web = program("web", web_command(options.port), state, services)
    worker = program("worker", WORKER, state, services)
    beat = program("beat", [*BEAT, "--schedule", str(state.folder / "beat-schedule")], state, services)
    supervisor.start(web, worker, beat)
    wait_for(web, options.port)
    state.announce(services.settings)
    print(greeting(state, services, options.port, logins), flush=True)
    supervisor.watch()


def prepare(state: State, services: Services) -> str:
    """The tables, the static files and the demo data are there; what the demo says about its logins."""
    say("Preparing the database and the static files ...")
    logins = state.folder / "logins.txt"
    steps = ["migrate", "assets", *([f"demo={logins}"] if os.environ.get("PORTAL_DEMO") != "0" else [])]
    process = program("prepare", [PYTHON, "-m", "manager.dev.prepare", *steps], state, services)
    if status := process.run():
        raise Failed(f"Preparing the portal failed ({status}); the end of {process.log}:\n{process.tail()}")
    return logins.read_text().strip() if len(steps) > 2 else ""


def program(name: str, command: list[str], state: State, services: Services) -> Process:
    return Process(
        name, command, log=fresh_log(state.logs, name), environment=services.environment, records=state.records
    )


def web_command(port: int) -> list[str]:
    """One small process with two threads serves one developer; production runs a process per core, see README."""
    return [
        *(PYTHON, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "2", "--no-ws", "--respawn-failed-workers"),
        "manager.wsgi:application",
    ]


CELERY = [PYTHON, "-m", "celery", "--app", "manager"]
# Jobs wait for providers rather than compute, so threads do, in the memory of one process instead of three.
WORKER = [*CELERY, "worker", "--pool", "threads", "--concurrency", "4", "--without-gossip", "--without-mingle"]
# A process of its own: inside a worker it would live on when that is killed.
BEAT = [*CELERY, "beat", "--pidfile="]


def wait_for(web: Process, port: int) -> None:
    until = time.monotonic() + SECONDS_TO_ANSWER
    while not http_status(port, "/live/"):
        if not web.alive() or time.monotonic() > until:
            raise Failed(f"The web server did not start; the end of {web.log}:\n{web.tail()}")
        time.sleep(0.05)


def greeting(state: State, services: Services, port: int, logins: str) -> str:
    lines = [f"\nThe portal runs at {services.environment['BASE_URL']}", ""]
    if logins:
        lines += [logins, ""]
    if services.dns:
        lines += [f"Name server:  dig @127.0.0.1 -p {services.dns.port} <a domain> SOA"]
    if not given("MAIL_URL"):
        lines += [f"Mail:         {shown(state.folder / 'mail')}"]
    lines += [f"Logs:         {shown(state.logs)}", f"Data:         {shown(state.servers)}"]
    return "\n".join([*lines, "Ctrl-C stops everything."])


def shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
