"""The lock files: hashes for everything, the address of nothing, and the small one inside the large one."""

import re
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
