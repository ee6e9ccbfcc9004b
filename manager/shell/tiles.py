"""The tiles of home: each kind with its number of products, their share by state, and the one thing worth knowing."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from manager.shell import counts, navigation
from manager.shell.attention import Attention
from organizations.access import Access
from products import kinds
from products.kinds import Kind

# In the order of the strip.
TONES = {
    "active": "good",
    "expiring": "warning",
    "pending": "info",
    "ordered": "info",
    "suspended": "warning",
    "failed": "danger",
}


def tiles(request: HttpRequest, access: Access, attention: Attention) -> list[dict[str, object]]:
    return [
        {"label": section.label, "entries": [tile(request, access, kind, attention) for kind in members]}
        for section, members in kinds.sections()
    ]


def tile(request: HttpRequest, access: Access, kind: Kind, attention: Attention) -> dict[str, Any]:
    states = dict(counts.by_kind(request, access).get(kind.slug, {}))
    ending = next((each for each in attention.expiring if each.kind.slug == kind.slug), None)
    line, tone = (ending.line, "warning") if ending else worth_knowing(states)
    if ending and (number := ending.numbers.get("active", 0)):
        states["expiring"] = number
        states["active"] = max(0, states.get("active", 0) - number)
    at, strip = 0, []
    for state, colour in TONES.items():
        if number := states.get(state, 0):
            strip.append({"state": state, "tone": colour, "at": at, "width": number})
            at += number
    return navigation.kind_entry(request, access, kind) | {"strip": strip, "line": line, "line_tone": tone}


def worth_knowing(states: dict[str, int]) -> tuple[str, str]:
    """The state that most wants to be told, with its tone; nothing where there is no product."""
    said = (
        ("failed", lambda n: ngettext("%(n)d could not be set up", "%(n)d could not be set up", n)),
        ("suspended", lambda n: ngettext("%(n)d is suspended", "%(n)d are suspended", n)),
        ("ordered", lambda n: ngettext("%(n)d waits for payment", "%(n)d wait for payment", n)),
        ("pending", lambda n: ngettext("%(n)d is being set up", "%(n)d are being set up", n)),
    )
    for state, text in said:
        if number := states.get(state, 0):
            return text(number) % {"n": number}, TONES[state]
    return (_("All active"), "good") if states.get("active") else ("", "")
