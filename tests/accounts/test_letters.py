"""Mails say the same as text and as HTML, and nothing in a name becomes markup or a link."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings

from accounts import letters
from accounts.actions import mail as actions
from accounts.models import Mail

TEXT = """Hello Anna,

Ben (ben@example.org) invites you to Acme.
Role: Administrator

- Hosting acme.ch
- Domain acme.ch

> One
> two

Open the order:
{home}/o/acme/orders/1/

AB12-CD34

Kestrel
"""


def text() -> str:
    return TEXT.format(home=settings.BASE_URL)


def words(html: str) -> list[str]:
    return re.findall(r"[\w@.]+", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_a_text_has_parts() -> None:
    shapes = [block.shape for block in letters.blocks(text())]
    assert shapes == ["text", "text", "list", "quote", "button", "code", "text"]
    button = letters.blocks(text())[4]
    assert (button.lines, button.address) == (("Open the order",), f"{settings.BASE_URL}/o/acme/orders/1/")
    assert letters.blocks(text())[2].lines == ("Hosting acme.ch", "Domain acme.ch")


def test_the_html_says_every_word_of_the_text() -> None:
    said = words(letters.html("An invitation", text()))
    for word in words(text()):
        assert word in said, word


def test_an_address_without_a_label_has_one() -> None:
    (button,) = letters.blocks(f"{settings.BASE_URL}/o/acme/")
    assert button.lines == ("Open",)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "https://evil.example/now",
        "javascript:alert(1)",
        "[click](https://evil.example)",
        '"><img src=x onerror=alert(1)>',
        f"{settings.BASE_URL}.evil.example/x",
        f"{settings.BASE_URL}@evil.example/",
    ],
)
def test_what_people_call_themselves_stays_text(hostile: str) -> None:
    for line in (hostile, f"{hostile} invites you", f"- {hostile}", f"> {hostile}"):
        html = letters.html(hostile, f"Hello {hostile},\n\n{line}\n\nKestrel")
        assert set(re.findall(r'href="([^"]*)"', html)) == {f"{settings.BASE_URL}/"}
        assert "<script" not in html
        assert "<img" not in html
        assert hostile in unescape(html)


@pytest.mark.django_db
def test_every_mail_has_both_and_an_id_of_its_own(mailoutbox: list[Any]) -> None:
    first = actions.queue(key="one", to="anna@example.org", subject="One", text=text())
    second = actions.queue(key="two", to="anna@example.org", subject="Two", text=text())
    ids = [actions.headers(mail)["Message-ID"] for mail in (first, second, first)]
    assert ids[0] == ids[2] != ids[1]
    actions.send(Mail.objects.get(pk=first.pk))
    (sent,) = mailoutbox
    assert sent.body == text()
    ((html, kind),) = sent.alternatives
    assert kind == "text/html"
    assert "Hosting acme.ch" in html
    assert sent.message()["Message-ID"] == ids[0]
    assert sent.message()["Auto-Submitted"] == "auto-generated"


def test_the_gist_has_neither_greeting_nor_signature_nor_buttons() -> None:
    assert letters.gist(text()).splitlines() == [
        "Ben (ben@example.org) invites you to Acme.",
        "Role: Administrator",
        "- Hosting acme.ch",
        "- Domain acme.ch",
        "One",
        "two",
        "AB12-CD34",
    ]
