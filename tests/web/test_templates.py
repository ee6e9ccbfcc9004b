"""What a strict content security policy and escaping ask of every template and script."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.ROOT)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# A script either is a file or is data, which the browser does not run.
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE)
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "inline script": SCRIPT,
    "handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx that needs eval": re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*['\"]js:|\bhx-vars\b", re.IGNORECASE),
    "unescaped value": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b"),
    "address of another host": re.compile(r"(?:src|href)=\"(?:https?:)?//", re.IGNORECASE),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("template", [each for each in TEMPLATES if not name(each).startswith("mail/")], ids=name)
def test_a_template_holds_nothing_the_policy_blocks(template: Path) -> None:
    """But for mails: the programs that read them know no style sheet, and none of our pages shows one."""
    text = template.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_compiles(template: Path) -> None:
    get_template(name(template))


@pytest.mark.parametrize("component", sorted((ROOT / "templates" / "components").glob("*.html")), ids=name)
def test_a_component_lists_its_inputs_at_its_top(component: Path) -> None:
    first = component.read_text().splitlines()[0]
    assert first.startswith("{#")
    assert "nputs:" in first


def test_the_patterns_find_what_they_look_for() -> None:
    bad = '<p style="x"><script>1</script><a onclick="x">{{ a|safe }}<b hx-on:click="x"><img src="//x">'
    assert all(pattern.search(bad) for pattern in FORBIDDEN.values())
    assert not SCRIPT.search('<script src="a.js"></script><script type="application/json">{}</script>')


@pytest.mark.parametrize("script", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_writes_no_html_and_evaluates_nothing(script: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.style\b"
    assert not re.search(forbidden, script.read_text())
