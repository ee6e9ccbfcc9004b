"""A guide's text as HTML: Markdown without HTML of its own, with an anchor at every heading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape, unescape

from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
# Links to screens and to other guides, which become addresses when somebody reads them.
INNER = re.compile(r'href="((?:portal|guide):[^"]+)"')
HEADING = re.compile("h[23]")


@dataclass(frozen=True)
class Heading:
    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Prose:
    """Rendered once; only the addresses of its links depend on the reader."""

    html: str
    headings: tuple[Heading, ...]
    # As it is read, paragraph by paragraph.
    paragraphs: tuple[str, ...]
    links: tuple[str, ...]

    @property
    def contents(self) -> list[Heading]:
        return [heading for heading in self.headings if heading.level == 2]

    def linked(self, address: Callable[[str], str]) -> SafeString:
        """The HTML, where `address` gives each inner link its address."""
        return SafeString(INNER.sub(lambda link: f'href="{escape(address(unescape(link[1])))}"', self.html))


def render(text: str) -> Prose:
    tokens = MARKDOWN.parse(text)
    headings: list[Heading] = []
    paragraphs: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type != "inline" or before is None:
            continue
        said = plain(token)
        if HEADING.fullmatch(before.tag):
            heading = Heading(unique(slugify(said), headings), said, int(before.tag[1]))
            before.attrSet("id", heading.anchor)
            headings.append(heading)
        else:
            paragraphs.append(said)
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return Prose(html, tuple(headings), tuple(paragraphs), tuple(links(tokens)))


def plain(token: Token) -> str:
    """What is read of a line, without its marks."""
    parts = [" " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ()]
    return "".join(parts)


def links(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrGet("href"))


def unique(anchor: str, headings: list[Heading]) -> str:
    taken = {heading.anchor for heading in headings}
    candidates = (f"{anchor}-{number}" if number > 1 else anchor for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)


def fold(text: object) -> str:
    """Without accents and capitals: what is compared."""
    letters = unicodedata.normalize("NFKD", str(text)).casefold()
    return "".join(sign for sign in letters if not unicodedata.combining(sign))
