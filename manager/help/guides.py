"""All guides, read once per process: in their sections, by the screen they belong to, and by what is searched for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from manager.help.guide import ICONS, Guide, Section, read
from manager.help.prose import fold

FOLDER = Path(__file__).parent / "guides"


@cache
def every(folder: Path = FOLDER) -> tuple[Guide, ...]:
    """All guides; those whose names come first in their section are what one should read first."""
    found = [read(path, folder) for path in sorted(folder.glob("*.md"))]
    order = list(Section)
    return tuple(sorted(found, key=lambda guide: (order.index(guide.section), guide.facts["title"])))


@cache
def by_slug() -> dict[str, Guide]:
    return {guide.slug: guide for guide in every()}


def get(slug: str) -> Guide:
    """The guide; KeyError when there is none."""
    return by_slug()[slug]


def related(guide: Guide) -> list[Guide]:
    return [get(slug) for slug in guide.facts["related"]]


def sections() -> list[tuple[Section, str, list[Guide]]]:
    """Every section that has guides, with its icon, as the reader's language sorts them."""
    members = [(section, [guide for guide in every() if guide.section == section]) for section in Section]
    return [
        (section, ICONS[section], sorted(few, key=lambda guide: fold(guide.title))) for section, few in members if few
    ]


def of_screen(name: str, kind: str = "") -> list[Guide]:
    """The guides that belong to a screen by its URL name, those of its kind of product first."""
    exact = [guide for guide in every() if kind and f"{name}?kind={kind}" in guide.screens]
    return exact + [guide for guide in every() if name in guide.screens and guide not in exact]


@dataclass(frozen=True)
class Found:
    guide: Guide
    # The part of the text in which it was found.
    snippet: str = ""

    @property
    def title(self) -> str:
        return self.guide.title

    @property
    def summary(self) -> str:
        return self.guide.summary

    @property
    def url(self) -> str:
        return self.guide.url

    @property
    def language(self) -> str:
        return self.guide.language


# What a question has besides its words.
FILLERS = " a an and are can do does for how i in is it my no not of on or the to what when where who why with "
# For a word in the title, among the keywords, in the summary, in a heading, in the text.
WEIGHTS = (9, 5, 4, 3, 1)
AROUND = 90


def search(text: str) -> list[Found]:
    """The guides that have every word, those in whose titles they stand first; else those that have most of them."""
    asked = [bare for word in fold(text[:200]).split() if (bare := word.strip(".,;:?!'\"()“”«»"))]
    # One and several are the same to whoever looks for it.
    words = [stem(word) for word in asked if f" {word} " not in FILLERS] or asked
    if not words:
        return []
    scored = [(*weigh(guide, words), guide) for guide in every()]
    most = max((number for number, _score, _guide in scored), default=0)
    if not most:
        return []
    best = sorted(
        ((score, guide) for number, score, guide in scored if number == most),
        key=lambda pair: (-pair[0], fold(pair[1].title)),
    )
    return [Found(guide, snippet(guide, words)) for _score, guide in best]


def stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


def weigh(guide: Guide, words: Iterable[str]) -> tuple[int, int]:
    """How many of the words it has, and what they weigh; at the beginning of a word they weigh more."""
    title = fold(f"{guide.title} {guide.facts['title']}")
    keywords, *body = guide.folded[guide.language]
    places = (title, keywords, fold(guide.summary), *body)
    number = score = 0
    for word in words:
        weights = [
            weight * (2 if f" {word}" in f" {place}" else 1)
            for weight, place in zip(WEIGHTS, places, strict=True)
            if word in place
        ]
        number += bool(weights)
        score += max(weights, default=0)
    return number, score


def snippet(guide: Guide, words: Iterable[str]) -> str:
    """Where the text speaks of it; empty when only its title or its keywords do."""
    for word in words:
        for paragraph in guide.body.paragraphs:
            at = fold(paragraph).find(word)
            if at < 0:
                continue
            start = paragraph.rfind(" ", 0, max(at - AROUND, 0)) + 1 if at > AROUND else 0
            end = paragraph.find(" ", at + AROUND)
            before, after = "… " if start else "", "" if end < 0 else " …"
            return f"{before}{paragraph[start : end if end > 0 else None]}{after}"
    return ""
