"""What is wrong with a translation, as far as a program can tell."""

import re
from collections import Counter
from collections.abc import Iterator

import polib

# A translator's note at a text that reads the same in both languages, and is meant to.
ALIKE = "As in English."
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*(?:![rsa])?(?::[^{}]*)?\}")
TAG = re.compile(r"</?[a-z][^>]*>")
# Spaces that do not break belong to a language, the others to the page.
PLAIN_SPACES = " \t\n"


def missing(entry: polib.POEntry) -> bool:
    """Nobody has translated it, or nobody has looked at it since it changed."""
    return entry.fuzzy or not all(forms(entry))


def forms(entry: polib.POEntry) -> list[str]:
    """The translation; of a text with a number one for each form."""
    if entry.msgid_plural:
        return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def faults(entry: polib.POEntry, plurals: int) -> Iterator[str]:
    """Sentences on what would break a page or read wrong; none for a text that still waits for its translation."""
    if missing(entry):
        return
    said = forms(entry)
    if entry.msgid_plural and len(said) != plurals:
        yield f"has {len(said)} forms instead of {plurals}"
    # What a form may name, and what it must: English says "one" where another language counts.
    originals = [entry.msgid, *filter(None, [entry.msgid_plural])]
    named = [Counter(PLACEHOLDER.findall(text)) for text in originals]
    most, least = named[0] | named[-1], named[0] & named[-1]
    for text in said:
        used = Counter(PLACEHOLDER.findall(text))
        if not least <= used or not used <= most:
            yield f"has the placeholders {sorted(used)} instead of {sorted(most)}"
        if Counter(TAG.findall(text)) not in [Counter(TAG.findall(original)) for original in originals]:
            yield "has other HTML tags"
        if ends(text) not in map(ends, originals):
            yield "begins or ends with other white space"
        if text in originals and words(text) and entry.tcomment != ALIKE:
            yield f"is the English text (if it is meant to be: # {ALIKE})"


def ends(text: str) -> tuple[str, str]:
    """The white space around a text."""
    inner = text.strip(PLAIN_SPACES)
    start, _, end = text.partition(inner) if inner else (text, "", "")
    return start, end


def words(text: str) -> bool:
    """There is something to translate, apart from what is filled in."""
    return any(character.isalpha() for character in TAG.sub("", PLACEHOLDER.sub("", text)))
