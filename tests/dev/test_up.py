"""`./portal up --real` as a person runs it: started once, asked, hurt, measured, ended."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
import requests

from manager.dev.leftovers import birth
from manager.dev.paths import State

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS", "STATIC_ROOT", "MAIL_URL", "DEBUG")
LONGEST_START = 60.0
MOST_MEMORY = 600 * MEGABYTE


class Portal:
    def __init__(self, state: State) -> None:
        self.state = state
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.output = state.folder.parent / "output"
        self.environment = {
            name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("POWERDNS_")
        }
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "manager.dev", *words]

    def start(self, *words: str) -> float:
        """The seconds until it said that it runs."""
        began = time.monotonic()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command("up", "--port", str(self.port), *words),
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while "Ctrl-C stops everything" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < began + LONGEST_START, self.said()
            time.sleep(0.05)
        return time.monotonic() - began

    def said(self) -> str:
        return self.output.read_text()

    def stop(self) -> int:
        assert self.process
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def pids(self) -> dict[str, int]:
        return {file.name: int(file.read_text().split()[0]) for file in self.state.records.iterdir()}

    def family(self) -> list[int]:
        """The launcher and everything below it."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
        assert self.process
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def answers(self, path: str = "/live/") -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=5).ok
        except requests.RequestException:
            return False

    def worker_listens(self) -> bool:
        """Whether somebody waits at the queue for the next task."""
        url = json.loads(self.state.environment_file.read_text())["REDIS_URL"]
        try:
            return any(client["cmd"] == "brpop" for client in redis.from_url(url).client_list())
        except redis.ConnectionError:
            return False


def resident(pid: int) -> int:
    """Kilobytes of memory the process holds, what it shares with others included."""
    found = re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def until(question, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.fixture
def portal(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))
    state = State.of_portal()
    portal = Portal(state)
    yield portal
    if portal.process and portal.process.poll() is None:
        portal.stop()
    state.remove()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures with Linux's /proc")
def test_the_whole_portal(portal):
    first = portal.start()
    assert first < LONGEST_START
    assert f"The portal runs at http://127.0.0.1:{portal.port}" in portal.said()
    assert portal.answers()
    until(portal.worker_listens)
    programs = {"postgresql", "valkey", "web", "worker", "beat"}
    assert set(portal.pids()) == programs

    # Another command joins what runs.
    answer = subprocess.run(
        portal.command(
            "manage", "shell", "--no-imports", "-c", "from django.conf import settings; print(settings.BASE_URL)"
        ),
        cwd=ROOT,
        env=portal.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.stdout.strip() == f"http://127.0.0.1:{portal.port}", answer.stderr
    assert json.loads(portal.state.environment_file.read_text())["BASE_URL"] == f"http://127.0.0.1:{portal.port}"

    # Pages were asked for and every program has settled, then memory is counted.
    for _ in range(20):
        requests.get(f"http://127.0.0.1:{portal.port}/", timeout=10)
    kilobytes = {pid: resident(pid) for pid in portal.family()}
    assert sum(kilobytes.values()) <= MOST_MEMORY, kilobytes

    # Whatever is killed comes back, and the portal stays.
    for name in ("worker", "web", "valkey"):
        pid = portal.pids()[name]
        os.kill(pid, signal.SIGKILL)
        until(lambda name=name, pid=pid: portal.pids().get(name, pid) != pid)
    until(portal.answers)
    until(portal.worker_listens)

    everything = portal.family()
    assert portal.stop() == 0
    assert portal.said().rstrip().endswith("Stopped.")
    until(lambda: not any(map(birth, everything)))

    second = portal.start()
    assert second < 10
    assert portal.answers()
    print(f"\nfirst start {first:.1f} s, second {second:.1f} s, {sum(kilobytes.values()) / MEGABYTE:.0f} MB")
