"""docker-compose.yml: valid, no secret in it, no host of an image registry."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {"SECRET_KEY": "a" * 60, "DATABASE_PASSWORD": "b" * 20, "POWERDNS_KEY": "c" * 20}


def compose() -> list[str]:
    """Compose as a part of the docker client, or as a program of its own, whichever this machine has."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            answer = subprocess.run([*command, "version"], capture_output=True, check=False)
            if answer.returncode == 0:
                return command
    if os.environ.get("CI") == "true":
        pytest.fail("CI checks docker-compose.yml, and neither docker compose nor docker-compose is installed")
    pytest.skip("neither docker compose nor docker-compose is installed")


def config(**settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in SECRETS} | settings
    command = [*compose(), "--file", "docker-compose.yml", "config", "-q"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_valid():
    answer = config(**SECRETS)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_is_named(name):
    answer = config(**{other: value for other, value in SECRETS.items() if other != name})
    assert answer.returncode != 0
    assert name in answer.stderr


def test_images_name_no_host():
    images = re.findall(r"^\s+image: (\S+)", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) >= 5
    assert [image for image in images if "/" in image and "." in image.partition("/")[0]] == []
