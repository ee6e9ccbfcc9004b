"""The script `./portal`: which Python it takes, and when it installs packages."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "cat", "cksum")
SHELL = "/bin/sh"
NO_PYTHON = "The portal needs Python 3.12 or newer"


def script(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


class Machine:
    """A clone in a folder of its own, on a machine that has only what we put on its PATH."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self.bin = folder / "bin"
        self.home = folder / "home"
        self.installed = folder / "installed"
        for part in (self.clone / "manager" / "dev", self.bin, self.home):
            part.mkdir(parents=True)
        shutil.copy(ROOT / "portal", self.clone)
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (self.clone / lock).write_text(f"# {lock}\n")
        (self.clone / "manager" / "dev" / "__main__.py").write_text("import sys; print('handed over', *sys.argv[1:])")
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def add_uv(self) -> None:
        """A uv that notes what it is asked to install."""
        script(self.bin / "uv", f'[ "$1" = --version ] || for last; do :; done; echo "$last" >> {self.installed}')

    def add_environment(self) -> None:
        """A `.venv` that somebody made already."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.clone / ".venv"], check=True)

    def portal(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SHELL, self.clone / "portal", *words],
            env={"PATH": str(self.bin), "HOME": str(self.home)} | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def installs(self) -> list[str]:
        lines = self.installed.read_text().split() if self.installed.exists() else []
        self.installed.unlink(missing_ok=True)
        return [line for line in lines if line.endswith(".lock")]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def ready(machine):
    machine.add_uv()
    machine.add_environment()
    return machine


def test_without_python_one_sentence(machine):
    answer = machine.portal("up")
    assert answer.returncode == 1
    assert answer.stderr.startswith(NO_PYTHON)
    assert len(answer.stderr.splitlines()) == 1
    assert not (machine.clone / ".venv").exists()


def test_an_old_python_and_a_shim_that_leads_nowhere_do_not_count(machine):
    script(machine.bin / "python3.13", "exit 127")
    script(machine.bin / "python3", "exit 1")
    answer = machine.portal("up")
    assert answer.returncode == 1
    assert answer.stderr.startswith(NO_PYTHON)


@pytest.mark.parametrize("place", ["path", "home", "pyenv-root", "pyenv-beside"])
def test_python_is_found_behind_a_dead_shim(machine, place):
    script(machine.bin / "python3.13", "exit 127")
    machine.add_uv()
    settings, pyenv = {}, machine.home / ".pyenv"
    if place == "path":
        script(machine.bin / "python3", f'exec {sys.executable} "$@"')
    else:
        if place == "pyenv-root":
            pyenv = machine.home.parent / "elsewhere"
            settings["PYENV_ROOT"] = str(pyenv)
        if place == "pyenv-beside":
            pyenv = machine.home.parent / "beside"
            script(pyenv / "bin" / "pyenv", "exit 0")
            settings["PATH"] = f"{machine.bin}:{pyenv / 'bin'}"
        script(pyenv / "versions" / "3.13.0" / "bin" / "python3", f'exec {sys.executable} "$@"')
    answer = machine.portal("up", **settings)
    assert answer.stdout == "handed over up\n", answer.stderr
    assert machine.installs() == ["requirements.lock"]


def test_installs_once(ready):
    assert ready.portal("up", "--port", "8001").stdout == "handed over up --port 8001\n"
    assert ready.installs() == ["requirements.lock"]
    ready.portal("up")
    assert ready.installs() == []


def test_a_changed_lock_file_installs_again(ready):
    ready.portal("up")
    (ready.clone / "requirements.lock").write_text("# changed\n")
    ready.portal("up")
    assert ready.installs() == ["requirements.lock", "requirements.lock"]


@pytest.mark.parametrize("command", ["test", "lint"])
def test_checking_needs_the_development_packages_and_running_keeps_them(ready, command):
    ready.portal("up")
    ready.portal(command)
    ready.portal("up")
    ready.portal("manage", "check")
    assert ready.installs() == ["requirements.lock", "requirements-dev.lock"]
    (ready.clone / "requirements-dev.lock").write_text("# changed\n")
    ready.portal("up")
    assert ready.installs() == ["requirements-dev.lock"]


def test_an_installation_that_failed_is_tried_again(ready):
    script(ready.bin / "uv", '[ "$1" = --version ] || exit 1')
    assert ready.portal("up").returncode != 0
    ready.add_uv()
    assert ready.portal("up").returncode == 0
    assert ready.installs() == ["requirements.lock"]


def test_works_from_any_folder(ready):
    answer = subprocess.run(
        [SHELL, "../clone/portal", "up"],
        cwd=ready.home,
        env={"PATH": str(ready.bin), "HOME": str(ready.home), "CDPATH": os.fspath(ready.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout == "handed over up\n", answer.stderr
