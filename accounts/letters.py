"""A mail's HTML, made from its text: both say the same, in the same words. Nothing of the text is read as markup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# What somebody types off: letters and digits, maybe in groups.
CODE = re.compile(r"[A-Z0-9]{3,8}(-[A-Z0-9]{3,8})*")


@dataclass(frozen=True)
class Block:
    """A part of a letter: `shape` is the name of how it is drawn."""

    shape: str
    lines: tuple[str, ...] = ()
    # Of a button: where it leads.
    address: str = ""


def blocks(text: str) -> list[Block]:
    """The parts of a text that empty lines, list items, quotes and addresses of ours separate."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        found += _parts([line.rstrip() for line in part.split("\n") if line.strip()])
    return found


def _parts(lines: list[str]) -> Iterator[Block]:
    """Lines that stand together, by shape. The line before an address that ends in a colon is the button's label."""
    held: list[str] = []
    shape = "text"
    for line in lines:
        bare = line.strip()
        if is_ours(bare):
            label = held.pop() if held and shape == "text" and held[-1].endswith((":", "：")) else ""
            yield from _closed(shape, held)
            held, shape = [], "text"
            yield Block("button", (label.rstrip(" :\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}") or _("Open"),), bare)
            continue
        now = "list" if line.startswith("- ") else "quote" if line.startswith("> ") else "text"
        if now != shape:
            yield from _closed(shape, held)
            held, shape = [], now
        held.append(line[2:] if now != "text" else bare)
    yield from _closed(shape, held)


def _closed(shape: str, lines: list[str]) -> Iterator[Block]:
    if lines:
        code = shape == "text" and len(lines) == 1 and CODE.fullmatch(lines[0])
        yield Block("code" if code else shape, tuple(lines))


def is_ours(line: str) -> bool:
    """The line is an address of this portal, and nothing else."""
    return line.startswith(f"{settings.BASE_URL}/") and " " not in line


def html(subject: str, text: str) -> SafeString:
    """The page of a mail, in the language now spoken."""
    return render_to_string("mail/letter.html", {"subject": subject, "blocks": blocks(text), **site()})


def site() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "home": settings.BASE_URL}


def gist(text: str) -> str:
    """What a letter tells, without its greeting, its signature and its buttons: for the notification beside it."""
    told = [block for block in blocks(text)[1:-1] if block.shape != "button"]
    lines = [f"- {line}" if block.shape == "list" else line for block in told for line in block.lines]
    return "\n".join(lines)
