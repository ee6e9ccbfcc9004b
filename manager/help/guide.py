"""A guide of the help centre: a Markdown file with its facts above.

`guides/<slug>.md` is the English one, `guides/<language>/<slug>.md` a translated text where there is one. Titles and
summaries are translated like the other texts of the portal (`titles.py`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from manager.help.prose import Prose, fold, render

ENGLISH = "en"
FENCE = "+++\n"
FIELDS = {"title", "summary", "section", "keywords", "updated", "related", "rights", "screens"}


class Section(TextChoices):
    START = "start", gettext_lazy("First steps")
    ACCOUNT = "account", gettext_lazy("Your account")
    ORGANIZATION = "organization", gettext_lazy("Organizations and people")
    PRODUCTS = "products", gettext_lazy("Products")
    MONEY = "money", gettext_lazy("Orders and money")
    TROUBLE = "trouble", gettext_lazy("When something does not work")


ICONS = {
    Section.START: "compass",
    Section.ACCOUNT: "user-round",
    Section.ORGANIZATION: "building-2",
    Section.PRODUCTS: "layers",
    Section.MONEY: "credit-card",
    Section.TROUBLE: "life-buoy",
}


class Malformed(Exception):
    """A guide's file lacks something, or names what does not exist."""


@dataclass(frozen=True)
class Guide:
    slug: str
    # What stands above the English text.
    facts: dict[str, Any]
    # By language; always with the English one.
    bodies: dict[str, Prose]
    rights_by: dict[str, str]

    @property
    def title(self) -> str:
        return _(self.facts["title"])

    @property
    def summary(self) -> str:
        return _(self.facts["summary"])

    @property
    def section(self) -> Section:
        return Section(self.facts["section"])

    @property
    def icon(self) -> str:
        return ICONS[self.section]

    @property
    def updated(self) -> date:
        updated: date = self.facts["updated"]
        return updated

    @property
    def screens(self) -> list[str]:
        return list(self.facts["screens"])

    @property
    def url(self) -> str:
        return reverse("guide", args=[self.slug])

    @property
    def language(self) -> str:
        """That of the text which the reader gets: theirs, else English."""
        spoken = (get_language() or ENGLISH).partition("-")[0]
        return spoken if spoken in self.bodies else ENGLISH

    @property
    def body(self) -> Prose:
        return self.bodies[self.language]

    @property
    def rights(self) -> str:
        """Who may do it, in the language of the text."""
        return self.rights_by[self.language]

    @cached_property
    def folded(self) -> dict[str, tuple[str, ...]]:
        """What a search looks at besides the title, by language of the text."""
        return {
            language: (
                fold(" ".join(self.facts["keywords"])),
                fold(" ".join(heading.text for heading in body.headings)),
                fold(" ".join(body.paragraphs)),
            )
            for language, body in self.bodies.items()
        }


def parted(text: str) -> tuple[dict[str, Any], str]:
    """The facts above a text, and the text."""
    if not text.startswith(FENCE):
        return {}, text
    facts, _fence, body = text.removeprefix(FENCE).partition(f"\n{FENCE}")
    return tomllib.loads(facts), body


def read(path: Path, folder: Path) -> Guide:
    facts, text = parted(path.read_text(encoding="utf-8"))
    if set(facts) != FIELDS:
        raise Malformed(f"{path.name}: {', '.join(sorted(set(facts) ^ FIELDS))}")
    bodies, rights = {ENGLISH: render(text)}, {ENGLISH: facts["rights"]}
    for other in sorted(folder.glob(f"*/{path.name}")):
        # A translated text may bring its own sentence on who may do it.
        own, text = parted(other.read_text(encoding="utf-8"))
        bodies[other.parent.name] = render(text)
        rights[other.parent.name] = own.get("rights", facts["rights"])
    return Guide(path.stem, facts, bodies, rights)
