"""Processes: ended with everything they started, started again when they die, found when a crash left them."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from manager.dev import interruption
from manager.dev.leftovers import birth, sweep
from manager.dev.processes import Process, in_foreground
from manager.dev.supervisor import Supervisor

SLEEPER = "import time; time.sleep(60)"
# Writes the pid of its child, which does not listen to polite requests.
PARENT = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(child.pid, flush=True)
time.sleep(60)
"""


def program(folder: Path, code: str, name: str = "program", **options) -> Process:
    return Process(name, [sys.executable, "-c", code], log=folder / f"{name}.log", environment=os.environ, **options)


def until(question, seconds: float = 10.0):
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return answer


def test_stop_ends_the_whole_group(tmp_path):
    parent = program(tmp_path, PARENT)
    parent.start()
    child = int(until(lambda: parent.tail()))
    assert birth(child)
    parent.stop()
    until(lambda: birth(child) is None)
    assert parent.returncode == 0


def test_stop_ends_what_does_not_listen(tmp_path):
    deaf = program(
        tmp_path, "import signal, time; signal.signal(15, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    )
    deaf.patience = 0.2
    deaf.start()
    until(deaf.tail)
    deaf.stop()
    assert deaf.returncode == -signal.SIGKILL


def test_stop_before_start_is_harmless(tmp_path):
    program(tmp_path, SLEEPER).stop()


def test_leftovers_of_a_killed_start_are_ended(tmp_path):
    records = tmp_path / "pids"
    records.mkdir()
    left = program(tmp_path, SLEEPER, "left", records=records)
    left.start()
    assert sweep(records) == ["left"]
    assert left.returncode == -signal.SIGTERM
    assert list(records.iterdir()) == []


def test_a_stranger_with_a_recorded_pid_is_left_alone(tmp_path):
    records = tmp_path / "pids"
    records.mkdir()
    stranger = program(tmp_path, SLEEPER, "stranger")
    stranger.start()
    (records / "web").write_text(f"{stranger.pid} {int(signal.SIGTERM)} another-birth")
    (records / "half").write_text("12")
    assert sweep(records) == []
    assert stranger.alive()
    stranger.stop()


def test_what_dies_is_started_again(tmp_path, capsys):
    with Supervisor() as supervisor:
        worker = program(tmp_path, SLEEPER, "worker")
        supervisor.start(worker)
        (watched,) = supervisor.watched
        first = worker.pid
        os.kill(first, signal.SIGKILL)
        until(lambda: not worker.alive())
        until(lambda: watched.tend() or worker.alive())
        assert worker.pid != first
        last = worker.pid
    assert birth(last) is None
    assert "worker was ended by SIGKILL; it is started again in 0.5 s" in capsys.readouterr().err


def test_the_pause_grows_while_it_keeps_dying(tmp_path, capsys):
    with Supervisor() as supervisor:
        broken = program(tmp_path, "print('no such module'); raise SystemExit(3)", "broken")
        supervisor.start(broken)
        (watched,) = supervisor.watched
        pauses = []
        for _ in range(7):
            until(lambda: not broken.alive())
            watched.tend()
            pauses.append(watched.pause)
            watched.due = 0.0
            watched.tend()
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15]
    assert "ended with status 3" in (said := capsys.readouterr().err)
    assert "no such module" in said


def test_an_interruption_waits_for_what_is_shielded(monkeypatch):
    """As in a start: the process is noted before the command ends, so that it can be stopped."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setattr(interruption, "received", None)
    interruption.listen()
    try:
        noted = []

        def start():
            with interruption.shield():
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(0.05)
                noted.append("pid")

        with pytest.raises(KeyboardInterrupt):
            start()
        assert noted == ["pid"]
        with interruption.ending():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.05)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_polite_end_reaches_the_program_in_the_foreground(monkeypatch):
    monkeypatch.setattr(interruption, "received", None)
    timer = threading.Timer(0.5, lambda: monkeypatch.setattr(interruption, "received", signal.SIGTERM))
    timer.start()
    assert in_foreground([sys.executable, "-c", SLEEPER], os.environ) == -signal.SIGTERM
    timer.join()
