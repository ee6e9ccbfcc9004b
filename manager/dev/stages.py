"""`./portal lint` and `./portal test`: everything that green means, stage by stage."""

import os
import secrets
import shutil
import signal
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from manager.dev import interruption
from manager.dev.paths import State
from manager.dev.processes import ROOT, Failed, in_foreground
from manager.dev.rig import PowerDNS
from manager.dev.services import PYTHON, Services
from manager.dev.supervisor import Supervisor, say

CONTRACTS = "import importlinter.cli; importlinter.cli.lint_imports_command()"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The whole suite in one process per core; a process that is done takes over half of what another has left.
AT_ONCE = ["--numprocesses=logical", "--dist=worksteal"]
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "portal.example",
    "BASE_URL": "https://portal.example",
    "MAIL_URL": "smtp://mail.portal.example",
}


@dataclass(frozen=True)
class Stage:
    """One thing that must be so: a Python module that is run, and what makes it say no."""

    name: str
    command: list[str]
    tool: str = ""  # it is configured under [tool.<this>] in pyproject.toml, or not wanted
    settings: Mapping[str, str] = field(default_factory=dict)


LINT = (
    Stage("format", ["-m", "ruff", "format", "--check", "."]),
    Stage("style", ["-m", "ruff", "check", "."]),
    Stage("imports", ["-c", CONTRACTS], tool="importlinter"),
    Stage("templates", ["-m", "djlint", ".", "--lint", "--quiet"], tool="djlint"),
    Stage("types", ["-m", "mypy"], tool="mypy", settings=PRODUCTION),  # its plugin reads the settings
)
DJANGO = (
    Stage("assets", ["-m", "manager.dev.prepare", "assets"]),
    Stage("deployment", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], settings=PRODUCTION),
    Stage("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"]),
)


def lint(arguments: list[str]) -> int:
    """The stages that need no server."""
    if arguments:
        raise Failed("./portal lint takes no arguments.")
    return report(list(through(LINT, os.environ)))


def test(arguments: list[str]) -> int:
    """Everything, or only the tests that the arguments name; on servers of this run alone."""
    require_tools()
    with State.for_tests() as state, Supervisor() as supervisor:
        services = Services(state, supervisor)
        services.start(durable=False, dns=not PowerDNS.missing())
        tests = Stage("tests", ["-m", "pytest", *(arguments or AT_ONCE)])
        stages = (DJANGO[0], tests) if arguments else (*LINT, *DJANGO, tests)
        return report(list(through(stages, services.environment)))


def require_tools() -> None:
    """Where this is CI, nothing is left out quietly."""
    if os.environ.get("CI") != "true":
        return
    if sentence := PowerDNS.missing():
        raise Failed(f"CI tests against a real name server. {sentence}")
    if not any(map(shutil.which, BROWSERS)):
        raise Failed("CI tests in a real browser, and Chromium was not found (Debian: apt install chromium).")


@dataclass(frozen=True)
class Outcome:
    stage: Stage
    status: int
    seconds: float


def through(stages: tuple[Stage, ...], environment: Mapping[str, str]) -> Iterator[Outcome]:
    """Each stage runs, whatever became of the one before it, until somebody interrupts."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text()).get("tool", {})
    for stage in stages:
        if stage.tool and stage.tool not in configured:
            say(f"-- {stage.name}: left out, pyproject.toml has no [tool.{stage.tool}]")
            continue
        say(f"-- {stage.name}")
        began = time.monotonic()
        status = in_foreground([PYTHON, *stage.command], {**environment, **stage.settings}, polite=signal.SIGINT)
        yield Outcome(stage, status, time.monotonic() - began)
        if interruption.received:
            raise KeyboardInterrupt


def report(outcomes: list[Outcome]) -> int:
    """The summary is on the screen; 1 when a stage failed."""
    say("")
    for outcome in outcomes:
        word = f"FAILED ({outcome.status})" if outcome.status else "ok"
        say(f"{outcome.stage.name:<12}{outcome.seconds:7.1f} s  {word}")
    return 1 if any(outcome.status for outcome in outcomes) else 0
