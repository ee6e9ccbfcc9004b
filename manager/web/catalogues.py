"""The texts by language: what translators write (.po), and what a running portal reads of it (.mo)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polib

FILE = Path("LC_MESSAGES", "django.po")


def written(folder: Path) -> dict[str, Path]:
    """The catalogues in a folder of languages, by language."""
    return {path.parent.parent.name: path for path in sorted(folder.glob(f"*/{FILE}"))}


def build(folder: Path) -> list[Path]:
    """Every catalogue is there as a program reads it; those that were made anew."""
    return list(_build(folder))


def _build(folder: Path) -> Iterator[Path]:
    for source in written(folder).values():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        # A server that reads while we write sees the old file or the new one, never half of one.
        with TemporaryDirectory(dir=source.parent) as drafts:
            draft = Path(drafts, target.name)
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
        yield target
