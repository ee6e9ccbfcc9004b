"""How a screen leads to its guides: `{% load help %}`."""

from typing import Any

from django import template
from django.http import HttpRequest

from manager.help import guides
from manager.help.guide import Guide

register = template.Library()


@register.inclusion_tag("components/help_link.html")
def help_link(slug: str, small: bool = False) -> dict[str, Any]:
    """`{% help_link "second-factor" %}`: a quiet link to the guide of what is on this screen; KeyError without one."""
    return {"guide": guides.get(slug), "small": small}


@register.simple_tag
def guides_here(request: HttpRequest | None) -> list[Guide]:
    """`{% guides_here request as found %}`: the guides that belong to the screen that is open."""
    match: Any = getattr(request, "resolver_match", None)
    if match is None:
        return []
    kind = match.kwargs.get("kind")
    return guides.of_screen(match.view_name or "", kind.slug if kind else "")
