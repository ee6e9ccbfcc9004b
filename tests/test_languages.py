"""Every language says everything, and says it without breaking a page."""

import os
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings

from manager.dev import messages
from manager.dev.processes import Failed
from manager.dev.translations import ALIKE, faults, missing
from manager.web import catalogues

# The languages that are translated to the last text, and stay so. The others may still wait for their translators.
COMPLETE: tuple[str, ...] = ("fr", "de", "it", "es")
LANGUAGES = tuple(messages.PLURALS)


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(messages.LOCALE / language / catalogues.FILE))


def plurals(language: str) -> int:
    return int(messages.PLURALS[language].partition("nplurals=")[2].partition(";")[0])


@pytest.fixture(scope="module")
def template() -> polib.POFile:
    """The texts of the code as they are now."""
    if not messages.present():
        assert os.environ.get("CI") != "true", messages.MISSING
        pytest.skip(messages.MISSING)
    return messages.extract()


def test_every_language_but_english_has_a_catalogue() -> None:
    assert set(LANGUAGES) == {code for code, name in settings.LANGUAGES} - {"en"}
    assert set(catalogues.written(messages.LOCALE)) == set(LANGUAGES)
    assert set(COMPLETE) <= set(LANGUAGES)


@pytest.mark.parametrize("language", COMPLETE)
def test_every_text_is_translated(language: str) -> None:
    waiting = [entry.msgid for entry in catalogue(language) if not entry.obsolete and missing(entry)]
    assert waiting == []


@pytest.mark.parametrize("language", COMPLETE)
def test_the_catalogue_has_exactly_the_texts_of_the_code(language: str, template: polib.POFile) -> None:
    written, wanted = ({messages.key(entry) for entry in texts} for texts in (catalogue(language), template))
    assert written ^ wanted == set(), "./portal messages brings them in line"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_breaks_a_page(language: str) -> None:
    found = [f"{entry.msgid!r} {fault}" for entry in catalogue(language) for fault in faults(entry, plurals(language))]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_written_in_one_way(language: str) -> None:
    """So that a change of the code changes no more than it must."""
    texts = catalogue(language)
    assert texts.metadata["Plural-Forms"] == messages.PLURALS[language]
    assert not {"POT-Creation-Date", "PO-Revision-Date"} & set(texts.metadata)
    assert [entry for entry in texts if entry.obsolete] == []
    assert list(texts) == sorted(texts, key=messages.place)
    assert len({messages.key(entry) for entry in texts}) == len(texts)


def test_without_gettext_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Failed, match="apt install gettext"):
        messages.messages([])


def test_texts_are_found_in_code_templates_and_data(template: polib.POFile) -> None:
    assert {"Sign in", "Unknown device", "The ending of Switzerland"} <= {entry.msgid for entry in template}
    assert template.find("Cancel", msgctxt="product")
    # Django's own command writes work files between its sources: it read a copy.
    assert not list((messages.ROOT / "templates").rglob("*.html.py"))


def entry(said: str, msgid: str = "%(n)s of <b>{all}</b>", **more: Any) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=said, **more)


@pytest.mark.parametrize(
    ("one", "fault"),
    [
        (entry("{all} <b>%(n)s</b>"), None),
        (entry("<b>{all}</b>"), "placeholders"),
        (entry("%(n)s %(m)s <b>{all}</b>"), "placeholders"),
        (entry("%(n)d <b>{all}</b>"), "placeholders"),
        (entry("%(n)s {all}"), "tags"),
        (entry("%(n)s <i>{all}</i>"), "tags"),
        (entry("%(n)s <b>{all}</b> "), "white space"),
        (entry("Enregistrer\u00a0:", "Save:"), None),
        (entry("%(n)s of <b>{all}</b>"), "English"),
        (entry("API", "API", tcomment=ALIKE), None),
        (entry("%(n)s / %(m)s", "%(n)s / %(m)s"), None),
        (entry("100 %%", "%(n)s %%"), "placeholders"),
        # Not there yet: another test's business.
        (entry(""), None),
        (entry("<", flags=["fuzzy"]), None),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(one: polib.POEntry, fault: str | None) -> None:
    found = list(faults(one, 2))
    assert (fault in found[0]) if fault else (found == [])


def test_a_form_may_count_where_english_says_one() -> None:
    said = {0: "%(n)s produit", 1: "%(n)s produits"}
    one = polib.POEntry(msgid="one product", msgid_plural="%(n)s products", msgstr_plural=said)
    assert list(faults(one, 2)) == []
    assert "forms" in next(faults(one, 3))
    one.msgstr_plural = {0: "un produit", 1: "%(m)s produits"}
    assert "placeholders" in next(faults(one, 2))
    assert missing(polib.POEntry(msgid="a", msgid_plural="b", msgstr_plural={0: "c", 1: ""}))


def test_a_catalogue_keeps_what_was_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    template = polib.POFile()
    template.append(polib.POEntry(msgid="Open", msgctxt="state", occurrences=[("./b.py", "7"), ("./a.py", "")]))
    template.append(polib.POEntry(msgid="day", msgid_plural="days", occurrences=[("./a.py", "")]))
    texts = messages.merge("fr", template)
    path = tmp_path / "fr" / catalogues.FILE
    assert [entry.msgid for entry in texts] == ["day", "Open"]
    assert "a.py b.py" in path.read_text()
    texts[1].msgstr, texts[1].tcomment = "Ouvert", ALIKE
    texts[0].msgstr_plural = {0: "jour", 1: "jours"}
    messages.write(texts, path)
    before = path.read_text()
    del template[1]
    template.append(polib.POEntry(msgid="Open", occurrences=[("./a.py", "")]))
    again = messages.merge("fr", template)
    assert {messages.key(entry): (entry.msgstr, entry.tcomment) for entry in again} == {
        ("state", "Open", ""): ("Ouvert", ALIKE),
        ("", "Open", ""): ("", ""),
    }
    assert path.read_text() != before
    before, stamp = path.read_text(), path.stat().st_mtime_ns
    messages.merge("fr", template)
    assert (path.read_text(), path.stat().st_mtime_ns) == (before, stamp)


def test_what_a_portal_reads_is_made_when_it_is_older(tmp_path: Path) -> None:
    source = tmp_path / "fr" / catalogues.FILE
    source.parent.mkdir(parents=True)
    texts = polib.POFile()
    texts.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    texts.append(polib.POEntry(msgid="Save", msgstr="Enregistrer"))
    texts.save(str(source))
    target = source.with_suffix(".mo")
    assert catalogues.build(tmp_path) == [target]
    assert polib.mofile(str(target)).find("Save").msgstr == "Enregistrer"
    assert catalogues.build(tmp_path) == []
    later = target.stat().st_mtime_ns + 1_000_000
    os.utime(source, ns=(later, later))
    assert catalogues.build(tmp_path) == [target]
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
