"""Every word of a template can be translated."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "templates"
READ = {"aria-label", "title", "placeholder", "alt", "data-copied"}
CODE = {"script", "style", "code", "kbd", "template-code"}
# Two letters or more that belong to no address, entity or name with figures.
WORD = re.compile(r"(?<![\w@./&#?-])[^\W\d_]{2,}(?![\w@/=-])")
SPOKEN = re.compile(
    r"{%-? *blocktranslate\b.*?{% *endblocktranslate *%}|{# .*?#}|{% *comment.*?endcomment *%}", re.DOTALL
)
# Blocks that lie inside of a tag.
INSIDE = re.compile(r"{% block (?:page_class|body_attributes) %}.*?{% endblock %}")
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# The name of their tag is chosen as they are drawn.
DRAWN = {"allauth/elements/button.html", "allauth/elements/button__entrance.html"}
# Names, and what is the same in every language.
SAME = {"API", "CSV", "DNS", "IBAN", "IPv4", "IPv6", "TTL", "Ctrl", "Esc", "MB", "GB", "htmx", "charset", "utf"}


class Words(HTMLParser):
    """Collects what a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        for name, value in attrs:
            if name in READ:
                self.note(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not CODE & set(self.open):
            self.note(data)

    def note(self, text: str) -> None:
        self.found += [word for word in WORD.findall(text) if word not in SAME]


def bare(text: str, plain: bool = False) -> list[str]:
    """The words of a template that no translation reaches."""
    text = INSIDE.sub("", text)
    # A tag may hold quotes of its own, which would end an attribute.
    text = TAG.sub("\N{HORIZONTAL ELLIPSIS}", SPOKEN.sub("\N{HORIZONTAL ELLIPSIS}", text))
    words = Words()
    if plain:
        words.note(text)
    else:
        words.feed(text)
        words.close()
    return words.found


def templates() -> list[str]:
    names = (str(path.relative_to(ROOT)) for path in sorted(ROOT.rglob("*")) if path.suffix in (".html", ".txt"))
    return [name for name in names if name not in DRAWN]


@pytest.mark.parametrize("name", templates())
def test_no_word_stands_outside_of_a_translation(name: str) -> None:
    assert bare((ROOT / name).read_text(), plain=name.endswith(".txt")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Save</p>", ["Save"]),
        ('<p>{% translate "Save" %} &middot; {{ name|default:"no name" }} · 2 GB</p>', []),
        ('<a aria-label="{% translate "Open" %} now">x</a>', ["now"]),
        ('<a class="button wide" href="/o/acme/">{% if a %}or{% endif %}</a>', ["or"]),
        ('<img alt="A dog" src="dog.svg">', ["dog"]),
        ("{% blocktranslate trimmed %}All <b>of it</b>{% endblocktranslate %}<kbd>Enter</kbd>{# a note #}", []),
    ],
)
def test_the_scan_finds_words(text: str, found: list[str]) -> None:
    assert bare(text) == found


def test_the_scan_finds_words_of_mails() -> None:
    assert bare('{% translate "Hello" %}\n\nBye {{ name }}', plain=True) == ["Bye"]
