"""The zone as a page shows it: one row for each content of a record set."""

import re
from typing import Any

from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86400
# Quoted text without anything escaped in it.
PLAIN_TEXT = re.compile(r'\A"([^"\\]*)"\Z')


def rows(name: str, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The record sets of a provider's facts, with names relative to the domain ("@" is the domain itself)."""
    return [
        {
            "name": relative(record["name"], name),
            "type": record["type"],
            "value": PLAIN_TEXT.sub(r"\1", content),
            "ttl": lasting(record["ttl"]),
            "disabled": record.get("disabled", False),
        }
        for record in records
        for content in record["contents"]
    ]


def relative(owner: str, name: str) -> str:
    return "@" if owner == f"{name}." else owner.removesuffix(f".{name}.")


def lasting(seconds: int) -> str:
    """1 hour, 5 minutes, 1 day: in the largest unit that fits exactly."""
    if seconds and seconds % DAY == 0:
        return ngettext("%(n)d day", "%(n)d days", seconds // DAY) % {"n": seconds // DAY}
    if seconds and seconds % HOUR == 0:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // HOUR) % {"n": seconds // HOUR}
    if seconds and seconds % MINUTE == 0:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // MINUTE) % {"n": seconds // MINUTE}
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
