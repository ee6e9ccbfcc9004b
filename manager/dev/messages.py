"""`./portal messages`: the catalogues of every language list exactly the texts of the code."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polib

from manager.dev.processes import ROOT, Failed
from manager.dev.supervisor import say
from manager.web.catalogues import FILE

LOCALE = ROOT / "locale"
SOURCES = ("accounts", "billing", "manager", "organizations", "products", "templates")
SUFFIXES = (".py", ".html", ".txt")
PROGRAMS = ("xgettext", "msguniq")
MISSING = "Finding the texts in the code needs GNU gettext, which is not installed here (Debian: apt install gettext)."
# How many forms a number has, and which it takes (CLDR; the rule of Django's own catalogues must have as many).
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "de": "nplurals=2; plural=(n != 1);",
    "it": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
}
# Long enough that a text keeps its line: a changed word is a changed line.
WIDTH = 10_000
Key = tuple[str, str, str]


def messages(arguments: list[str]) -> int:
    """New texts wait for translation in every catalogue, those no longer in use are gone."""
    if arguments:
        raise Failed("./portal messages takes no arguments.")
    if not present():
        raise Failed(MISSING)
    template = extract()
    for language in PLURALS:
        catalogue = merge(language, template)
        say(f"{language}: {len(catalogue)} texts, {len(catalogue.untranslated_entries())} to translate")
    return 0


def present() -> bool:
    """The programs that find texts in code are installed."""
    return all(map(shutil.which, PROGRAMS))


def key(entry: polib.POEntry) -> Key:
    """What makes a text this one."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def extract() -> polib.POFile:
    """Every text of the code. It is read from a copy, because Django's command writes between what it reads."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        (copy / "locale").mkdir()
        for source in sources():
            target = copy / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        # Without settings: no catalogue of an app stands in between.
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        command = [sys.executable, "-m", "django", "makemessages", "--all", "--keep-pot", "--add-location=file"]
        done = subprocess.run(
            [*command, "--no-wrap"], cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Failed(f"The texts could not be read: {done.stderr.strip() or done.stdout.strip()}")
        found = polib.pofile(str(copy / "locale" / "django.pot"))
    for text, place in beyond_code():
        if (known := found.find(text)) and not known.msgctxt:
            known.occurrences.append((place, ""))
        else:
            found.append(polib.POEntry(msgid=text, occurrences=[(place, "")]))
    return found


def beyond_code() -> Iterator[tuple[str, str]]:
    """What templates show by `{% translate variable %}`: texts that come as data with the code, and their files."""
    path = ROOT / "billing" / "catalogue.json"
    for text in sorted({plan["summary"] for plan in json.loads(path.read_text()) if plan["summary"]}):
        yield text, str(path.relative_to(ROOT))


def sources() -> list[Path]:
    """The files that may speak to people."""
    files = (path for name in SOURCES for path in (ROOT / name).rglob("*") if path.suffix in SUFFIXES)
    return sorted(path for path in files if "__pycache__" not in path.parts)


def merge(language: str, template: polib.POFile) -> polib.POFile:
    """The language's catalogue has the template's texts, with the translations it had."""
    path = LOCALE / language / FILE
    had = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "MIME-Version": "1.0",
        "Plural-Forms": PLURALS[language],
    }
    catalogue.extend(sorted((renewed(entry, had.get(key(entry))) for entry in template), key=place))
    write(catalogue, path)
    return catalogue


def renewed(entry: polib.POEntry, had: polib.POEntry | None) -> polib.POEntry:
    """The text with where it stands now and the translation it had."""
    fresh = polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        comment=entry.comment,
        tcomment=had.tcomment if had else "",
        flags=[flag for flag in entry.flags if flag.endswith("-format")],
        occurrences=sorted({(file.removeprefix("./"), "") for file, _ in entry.occurrences}),
    )
    if entry.msgid_plural:
        fresh.msgstr_plural = dict(had.msgstr_plural) if had else {0: "", 1: ""}
    else:
        fresh.msgstr = had.msgstr if had else ""
    if had and had.fuzzy:
        fresh.flags.append("fuzzy")
    return fresh


def place(entry: polib.POEntry) -> tuple[str, Key]:
    """By the first file that says it."""
    return (entry.occurrences[0][0] if entry.occurrences else ""), key(entry)


def write(catalogue: polib.POFile, path: Path) -> None:
    text = f"{catalogue}".rstrip("\n") + "\n"
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)
