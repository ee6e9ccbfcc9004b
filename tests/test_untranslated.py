"""No page says anything in English to who reads another language: also not what Python puts together."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from organizations import tenancy
from tests import pseudo
from tests.access_matrix import MATRIX
from tests.people import World

MARKED = re.compile(f"{pseudo.OPEN}[^{pseudo.OPEN}{pseudo.CLOSE}]*{pseudo.CLOSE}")
WORD = re.compile(r"(?<![\w@.:/#-])[A-Za-zäöü]{3,}(?![\w@/:-])(?!\.\w)")
READ = {"aria-label", "title", "placeholder", "alt", "data-copied"}
CODE = {"script", "style", "code", "kbd", "svg"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"}
# What people named, in the world of the tests, and names that are the same everywhere.
NAMES = {
    *("Kestrel", "Hosting", "Acme", "Other", "Basic", "Web", "Zürich", "Musterstrasse", "token", "Esc"),
    *("Owner", "Administrator", "Viewer", "Staff", "Tester", "Biller", "Collaborator", "Orderer", "Technician"),
    *("Teammate", "External", "Suspended", "Expired", "Viewing", "Invited"),
    *("CHF", "EUR", "CSV", "PHP", "Deutsch", "English", "Español", "Français", "Italiano"),
    *("November", "Dezember", "Januar"),
}


class Heard(HTMLParser):
    """Collects what a reader sees or hears, but for code and for what says that it is in English."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        # The open elements, each with whether it is read.
        self.open: list[tuple[str, bool]] = [("", True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        read = self.open[-1][1] and tag not in CODE and dict(attrs).get("lang") != "en"
        if read:
            self.parts += [value or "" for name, value in attrs if name in READ]
        if tag not in VOID:
            self.open.append((tag, read))

    def handle_endtag(self, tag: str) -> None:
        tags = [name for name, _ in self.open]
        if tag in tags:
            del self.open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self.open[-1][1]:
            self.parts.append(data)


def english(page: str) -> list[str]:
    heard = Heard()
    heard.feed(page)
    heard.close()
    text = "\n".join(heard.parts)
    while text != (text := MARKED.sub("", text)):
        pass
    return [line.strip() for line in text.splitlines() if set(WORD.findall(line)) - NAMES]


def look(client: Client, address: str) -> list[str]:
    answer = client.get(address, headers={"Accept-Language": pseudo.LANGUAGE})
    tenancy.leave()
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return english(answer.content.decode())


@pytest.mark.parametrize("person", ["owner", "viewer", "staff", "anonymous"])
def test_pages_speak_one_language(world: World, person: str, settings: Any, tmp_path: Path) -> None:
    pseudo.speak(settings, tmp_path, longer=0)
    client = world.client(person)
    found: dict[str, list[str]] = {}
    for name, row in MATRIX.items():
        if row.get is None or row.get.get(person) not in (200, 403, 404):
            continue
        undone = transaction.atomic()
        undone._from_testcase = True
        with undone:
            with tenancy.scope(world.acme.pk):
                row.prepare(world)
                address = reverse(name, kwargs=row.arguments(world))
            found[name] = look(client, address)
            transaction.set_rollback(True)
    assert {name: words for name, words in found.items() if words} == {}
