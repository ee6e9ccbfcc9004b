"""`{% load palette %}`."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def marked(text: object, words: str) -> SafeString:
    """The text with the first place marked where one of the words begins; everything escaped."""
    said = str(text)
    parts = [re.escape(word) for word in words.split() if word]
    found = re.search("|".join(sorted(parts, key=len, reverse=True)), said, re.IGNORECASE) if parts else None
    if found is None:
        return format_html("{}", said)
    pieces = (said[: found.start()], said[found.start() : found.end()], said[found.end() :])
    return format_html("{}<mark>{}</mark>{}", *pieces)
