"""The guides themselves: each can be found, says what it must, and leads somewhere."""

from datetime import date
from html import unescape
from pathlib import Path
from re import findall

import pytest
from django.conf import settings
from django.utils import translation

from manager.help import checks, guides, links, titles
from manager.help.guide import Guide, Malformed, Section, read
from manager.help.prose import render
from tests.people import World

SLUGS = [guide.slug for guide in guides.every()]
TEXT = """+++
title = "A"
summary = "B"
section = "start"
keywords = []
updated = 2026-01-02
related = []
rights = "C"
screens = []
+++

## Once & again

See [users](portal:members).

## Once & again

<script>alert(1)</script> and [bad](javascript:alert(1))
"""


def guide_of(tmp_path: Path, text: str) -> Guide:
    (tmp_path / "a.md").write_text(text)
    return read(tmp_path / "a.md", tmp_path)


def test_there_are_enough_and_every_section_has_some() -> None:
    assert len(SLUGS) >= 24
    assert {section for section, _icon, _guides in guides.sections()} == set(Section)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_guide_says_what_it_must(slug: str) -> None:
    guide = guides.get(slug)
    assert guide.updated <= date.today()
    for text in (guide.title, guide.summary, guide.rights):
        assert text
        assert "!" not in text
    assert len(guide.title) <= 50
    assert guide.facts["keywords"]
    assert guide.facts["related"]
    assert slug not in guide.facts["related"]
    assert guide.body.contents
    assert len(guide.body.paragraphs) >= 5


def test_the_check_finds_nothing_wrong() -> None:
    assert checks.every_guide_leads_somewhere() == []


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("portal:members", "portal:nowhere"),
        ("portal:members", "portal:product"),
        ("portal:members", "portal:product_list?kind=boats"),
        ("portal:members", "guide:nowhere"),
        ("portal:members", "guide:teams#nowhere"),
        ("portal:members", "https://elsewhere.example/"),
        ("screens = []", 'screens = ["nowhere"]'),
        ("screens = []", 'screens = ["product?kind=boats"]'),
        ("related = []", 'related = ["nowhere"]'),
    ],
)
def test_the_check_finds_what_leads_nowhere(tmp_path: Path, written: str, wrong: str) -> None:
    assert list(checks.wrong(guide_of(tmp_path, TEXT.replace("javascript:alert(1)", "portal:members")))) == []
    text = TEXT.replace("javascript:alert(1)", "portal:members").replace(written, wrong)
    assert len(list(checks.wrong(guide_of(tmp_path, text)))) >= 1


@pytest.mark.parametrize("line", ['title = "A"\n', "updated = 2026-01-02\n"])
def test_a_guide_without_a_fact_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(Malformed):
        guide_of(tmp_path, TEXT.replace(line, ""))


def test_html_in_a_guide_is_text_and_anchors_differ(tmp_path: Path) -> None:
    body = guide_of(tmp_path, TEXT).body
    assert "<script>" not in body.html
    assert "javascript:" not in "".join(findall(r'href="([^"]*)"', body.html))
    assert [heading.anchor for heading in body.headings] == ["once-again", "once-again-2"]
    assert 'id="once-again-2"' in body.html


def test_a_translated_text_takes_the_place_of_the_english_one(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "a.md").write_text('+++\nrights = "D"\n+++\n\n## Encore\n')
    guide = guide_of(tmp_path, TEXT)
    with translation.override("fr"):
        assert (guide.language, guide.rights, guide.body.headings[0].text) == ("fr", "D", "Encore")
    with translation.override("de"):
        assert (guide.language, guide.rights) == ("en", "C")


def test_titles_for_translators_agree_with_the_files() -> None:
    written = [text for slug in sorted(SLUGS) for text in (titled(slug, "title"), titled(slug, "summary"))]
    assert list(titles.TEXTS) == written


def titled(slug: str, fact: str) -> str:
    return str(guides.get(slug).facts[fact])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2FA", "second-factor"),
        ("How do I add a colleague?", "inviting"),
        ("padlock", "operation-greyed"),
        ("nameserver", "domains"),
        ("REFUND", "credit-and-refunds"),
        ("audit", "activity-log"),
        ("forgötten pässword", "unable-to-log-in"),
        ("dark mode", "language-and-theme"),
        ("shortcuts", "keyboard"),
        ("rights", "rights"),
        ("vat", "invoices-and-vat"),
    ],
)
def test_a_search_finds_by_what_people_call_it(asked: str, found: str) -> None:
    assert found in [hit.guide.slug for hit in guides.search(asked)[:3]]


def test_a_title_comes_first_and_the_text_is_shown() -> None:
    hit = guides.search("teams")[0]
    assert (hit.title, hit.url) == ("Teams", "/help/teams/")
    assert "team" in hit.snippet.lower()
    assert guides.search("xyzzy") == guides.search("  ") == guides.search("?") == []


def test_every_inner_link_has_an_address_for_everybody(world: World) -> None:
    readers = {
        "owner": links.Reader(signed_in=True, organization="acme"),
        "nobody": links.Reader(signed_in=True),
        "anonymous": links.Reader(signed_in=False),
    }
    addresses = {
        (person, address)
        for guide in guides.every()
        for person, reader in readers.items()
        for address in map(unescape, findall(r'href="([^"]*)"', guide.body.linked(reader.address)))
    }
    assert len(addresses) > 60
    clients = {person: world.client(person) for person in readers}
    for person, address in sorted(addresses):
        answer = clients[person].get(address, follow=True)
        assert answer.status_code == 200, (person, address)
        if person == "owner" and address.startswith("/o/"):
            assert not answer.redirect_chain, address
        if person == "anonymous" and "/help/go/" in address:
            assert address.startswith("/accounts/login/?next=")


def test_every_help_link_names_a_guide() -> None:
    named = {
        slug
        for path in (settings.ROOT / "templates").rglob("*.html")
        for slug in findall(r'{% help_link "([^"]+)"', path.read_text())
    }
    assert named
    assert named <= set(SLUGS)


def test_paragraphs_are_read_without_their_marks() -> None:
    assert render("One **two** `three`\n[four](guide:teams).").paragraphs == ("One two three four.",)
