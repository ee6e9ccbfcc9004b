"""A language made for tests: every text of ours in marks, and longer than in English, as German is."""

from pathlib import Path
from typing import Any

import polib

from manager.dev.messages import LOCALE, extract, present
from manager.web import catalogues

# It stands in for this one.
LANGUAGE = "de"
OPEN, CLOSE = "\u27e6", "\u27e7"
LONGER = 0.4
# Nobody's words are longer than this without a place to break.
WORD = "Verlängerung "


def speak(settings: Any, folder: Path, longer: float = LONGER) -> None:
    """From now on, until the test ends, German reads so."""
    # Without GNU gettext: what the catalogues list, which may be older than the code.
    source = extract() if present() else polib.pofile(str(LOCALE / "fr" / catalogues.FILE))
    source.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    for entry in source:
        entry.flags = []
        if entry.msgid_plural:
            entry.msgstr_plural = {0: said(entry.msgid, longer), 1: said(entry.msgid_plural, longer)}
        else:
            entry.msgstr = said(entry.msgid, longer)
    target = folder / LANGUAGE / catalogues.FILE
    target.parent.mkdir(parents=True)
    source.save_as_mofile(str(target.with_suffix(".mo")))
    settings.LOCALE_PATHS = [folder]


def said(text: str, longer: float) -> str:
    inner = text.strip()
    if not inner:
        return text
    more = (WORD * (len(inner) // len(WORD) + 1))[: round(len(inner) * longer)].strip()
    return text.replace(inner, f"{OPEN}{inner}{more and ' '}{more}{CLOSE}", 1)
