"""The commands' clear sentences, and what reaches the programs they start."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from manager.dev import stages
from manager.dev.__main__ import main
from manager.dev.paths import State, Taken, own_folder
from manager.dev.processes import Failed
from manager.dev.rig import PowerDNS
from manager.dev.services import surroundings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))
    state = State.of_portal()
    yield state
    state.remove()


@pytest.fixture
def portal(state):
    """`./portal` as a person runs it, with a state of its own."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "manager.dev", *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)

    return run


def test_a_taken_port_is_named_with_the_way_out(portal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = portal("up", "--port", str(port))
    assert answer.returncode == 1
    assert (
        answer.stderr
        == f"Port {port} is in use by another program. Choose another one: ./portal up --port {port + 1}\n"
    )


def test_a_second_copy_is_told_where_the_first_is(portal, state):
    with state.claimed("up"):
        state.announce({"BASE_URL": "http://127.0.0.1:8123"})
        answer = portal("up")
    assert answer.returncode == 1
    assert f"./portal up (process {os.getpid()}) is running here already, at http://127.0.0.1:8123." in answer.stderr
    assert "Traceback" not in answer.stderr


def test_manage_waits_for_a_portal_that_is_still_starting(portal, state):
    with state.claimed("up"):
        answer = portal("manage", "check")
    assert answer.returncode == 1
    assert "is still starting" in answer.stderr


def test_no_command_shows_what_there_is(portal):
    assert "./portal up" in portal().stdout
    wrong = portal("upp")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("There is no command 'upp'.\n./portal up")


@pytest.mark.parametrize("word", ["0", "65536", "http", "-1", "80.5", ""])
def test_a_port_is_a_number(capsys, word):
    with pytest.raises(SystemExit):
        main(["up", f"--port={word}"])
    assert "is not a port: choose a number from 1 to 65535" in capsys.readouterr().err


def test_variables_of_libpq_do_not_leak(monkeypatch):
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=other")
    monkeypatch.setenv("SITE_NAME", "Mine")
    environment = surroundings({"DATABASE_URL": "postgres://portal@/portal"})
    assert [name for name in environment if name.startswith("PG")] == []
    assert environment["SITE_NAME"] == "Mine"
    assert environment["DATABASE_URL"] == "postgres://portal@/portal"


def test_a_folder_somebody_else_laid_in_our_way_is_refused(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(Failed, match="belongs to somebody else"):
        own_folder(tmp_path / "link")


def test_secrets_are_made_once_and_are_private(state):
    with state.claimed("up"):
        secret = state.secret("secret-key")
        assert state.secret("secret-key") == secret
        assert len(secret) > 50
        assert (state.folder / "secret-key").stat().st_mode & 0o777 == 0o600
        state.announce({"SECRET_KEY": secret})
        assert state.environment_file.stat().st_mode & 0o777 == 0o600
        with pytest.raises(Taken), State(state.folder).claimed("test"):
            pytest.fail("two hold it")
    assert state.announced() is None


def test_test_runs_have_states_of_their_own_and_tidy_up(state):
    with State.for_tests() as first:
        (first.folder / "sandbox").write_text("")
        with State.for_tests() as second:
            assert second.folder != first.folder
            assert (first.folder / "sandbox").exists()
        killed = first.folder.parent / "run-killed"
        killed.mkdir()
        with State.for_tests():
            assert not killed.exists()
    assert not first.folder.exists()
    assert not first.servers.exists()


@pytest.mark.parametrize(("what", "named"), [("name server", "pdns-server"), ("browser", "chromium")])
def test_ci_leaves_nothing_out_quietly(monkeypatch, what, named):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(PowerDNS, "missing", lambda: "apt install pdns-server" if what == "name server" else "")
    monkeypatch.setattr(stages, "BROWSERS", ("no-such-browser",))
    with pytest.raises(Failed, match=named):
        stages.require_tools()
    monkeypatch.setenv("CI", "")
    stages.require_tools()
