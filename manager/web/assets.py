"""The two generated static files: one style sheet out of many, and the icon sprite."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

import rcssmin

from manager.web import icons

IMPORT = re.compile(r'^@import "(?P<file>[^"]+)" layer\((?P<layer>[a-z]+)\);$', re.MULTILINE)
# In a nested rule the minifier takes the space of `.table :is(th)` away, which would change what it selects.
DESCENDANT = re.compile(r"(?<=[\w\])]) (?=:[a-z-])")


def build(source: Path, target: Path) -> list[Path]:
    """Write `app.css` and `icons.svg` into the target folder; return the files that changed."""
    files = {
        target / "app.css": style_sheet(source / "css" / "app.css"),
        target / "icons.svg": icons.sprite(source / "images" / "mark.svg"),
    }
    target.mkdir(parents=True, exist_ok=True)
    return [path for path, text in files.items() if _write(path, text)]


def style_sheet(entry: Path) -> str:
    """Replace each import by the file it names, inside its layer: one request instead of thirty."""

    def inline(match: re.Match[str]) -> str:
        text = (entry.parent / match["file"]).read_text()
        return f"@layer {match['layer']} {{\n{text}}}"

    text = IMPORT.sub(inline, entry.read_text())
    if "@import" in text:
        raise ValueError(f"{entry}: an import has no layer, or is not at the beginning of its line")
    return f"{rcssmin.cssmin(DESCENDANT.sub(' *', text))}\n"


def _write(path: Path, text: str) -> bool:
    if path.exists() and path.read_text() == text:
        return False
    # A server that reads while we write sees the old file or the new one, never half of one.
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        draft.write(text)
    os.chmod(draft.name, 0o644)
    os.replace(draft.name, path)
    return True
