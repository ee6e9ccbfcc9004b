import re
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from manager.web.tones import tone_of
from organizations import sentences
from organizations.models import Event

register = template.Library()

PLACE = re.compile(r"%\((\w+)\)s")


@register.filter
def sentence_of(event: Event) -> sentences.Sentence:
    """`{{ event|sentence_of }}`: its text, icon, tone and note."""
    return sentences.of(event.verb, event.details)


@register.simple_tag
def tell(event: Event, target: str, url: str = "", about: Any = "", *, email: Any = False) -> SafeString:
    """`{% tell event name url kind %}`: who did what to what. The names stand out, the words between them do not.

    With `email`, the name of the person tells their address: for who reads all of the log.
    """
    said = sentences.of(event.verb, event.details)
    values = {name: format_html("<span>{}</span>", value) for name, value in said.values(event.details).items()}
    titled = format_html(' title="{}"', event.actor_email) if email and event.actor_email else ""
    values["actor"] = format_html("<strong{}>{}</strong>", titled, event.actor_name or _("The portal"))
    values["target"] = _link(target, url)
    if about:
        values["target"] = format_html('{} <span class="faint">({})</span>', values["target"], about)
    # Every second part is the name of a value.
    parts = PLACE.split(str(said.text))
    drawn = (values.get(part, "…") if at % 2 else _plain(part) for at, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in drawn))


def _link(name: str, url: str) -> SafeString:
    return format_html('<a class="plain-link" href="{}">{}</a>' if url else "<span>{1}</span>", url, name)


def _plain(words: str) -> SafeString | str:
    return format_html('<span class="soft">{}</span>', words) if words else ""


@register.filter
def note(event: Event) -> str | Promise:
    """`{{ event|note }}`: what changed, or why it went wrong."""
    return sentences.of(event.verb, event.details).note(event.details)


@register.filter
def actor_tone(event: Event) -> str:
    """The colour of the person who did it."""
    return tone_of(event.actor_id)
