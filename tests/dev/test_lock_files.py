"""The lock files: hashes for everything, the address of nothing, and the small one inside the large one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==([^\s\\;]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_no_address(name):
    assert "://" not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_a_hash(name):
    text = (ROOT / name).read_text()
    blocks = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(name)) > 20
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_development_adds_and_changes_nothing():
    run, development = (pins(name) for name in LOCKS)
    assert {name: version for name, version in run.items() if development.get(name) != version} == {}


# Imports what web, worker, beat and the launcher import, where only the named packages can be found.
RUNNING = """
import importlib.metadata, re, sys

pinned = set(sys.argv[1:])

def has_pin(distributions):
    return any(re.sub("[-_.]+", "-", name).lower() in pinned for name in distributions)

packages = importlib.metadata.packages_distributions()
hidden = {module for module, distributions in packages.items() if not has_pin(distributions)}

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"{name} is not in requirements.lock")

sys.meta_path.insert(0, Hide())

import manager.wsgi
import celery.bin.celery, granian.cli, kombu.transport.redis, manager.dev.__main__
from django.core.cache import cache
from django.urls import get_resolver

cache._cache.get_client()
assert get_resolver().url_patterns
"""


def test_running_needs_no_development_package():
    answer = subprocess.run(
        [sys.executable, "-c", RUNNING, *pins("requirements.lock")],
        cwd=ROOT,
        env=os.environ | {"SECRET_KEY": "x" * 50, "DJANGO_SETTINGS_MODULE": "manager.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
