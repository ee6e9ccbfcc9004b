"""How a state looks: its icon, word and tone. A colour never speaks alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Look(NamedTuple):
    label: str | Promise
    icon: str
    tone: str


TURNING = "loader-circle"

LOOKS = {
    # Products
    "ordered": Look(pgettext_lazy("state", "Waiting for payment"), "clock", "neutral"),
    "pending": Look(pgettext_lazy("state", "Being set up"), TURNING, "info"),
    "changing": Look(pgettext_lazy("state", "Being changed"), TURNING, "info"),
    "active": Look(pgettext_lazy("state", "Active"), "circle-check", "good"),
    "suspended": Look(pgettext_lazy("state", "Suspended"), "circle-pause", "warning"),
    "expired": Look(pgettext_lazy("state", "Expired"), "triangle-alert", "danger"),
    "cancelled": Look(pgettext_lazy("state", "Cancelled"), "ban", "neutral"),
    "failed": Look(pgettext_lazy("state", "Failed"), "circle-x", "danger"),
    "moved": Look(pgettext_lazy("state", "In another organization"), "arrow-left-right", "neutral"),
    # Jobs
    "queued": Look(pgettext_lazy("state", "Queued"), "clock", "neutral"),
    "running": Look(pgettext_lazy("state", "Running"), TURNING, "info"),
    "waiting": Look(pgettext_lazy("state", "Waiting"), "hourglass", "warning"),
    "succeeded": Look(pgettext_lazy("state", "Done"), "circle-check", "good"),
    # Orders, invoices, payments
    "open": Look(pgettext_lazy("state", "To pay"), "clock", "warning"),
    "paid": Look(pgettext_lazy("state", "Paid"), "circle-check", "good"),
    "captured": Look(pgettext_lazy("state", "Paid"), "circle-check", "good"),
    "refused": Look(pgettext_lazy("state", "Refused"), "circle-x", "danger"),
    "refunded": Look(pgettext_lazy("state", "Refunded"), "undo-2", "neutral"),
    "overdue": Look(pgettext_lazy("state", "Overdue"), "triangle-alert", "danger"),
    # People
    "ended": Look(pgettext_lazy("state", "Ended"), "ban", "neutral"),
    "invited": Look(pgettext_lazy("state", "Invited"), "mail", "info"),
    "revoked": Look(pgettext_lazy("state", "Revoked"), "ban", "neutral"),
}


def look(state: Any) -> Look:
    """The look of a state: a value of the table, a choice with its own word, or an object that brings its own look."""
    if all(hasattr(state, part) for part in Look._fields):
        return Look(state.label, state.icon, state.tone)
    value = str(getattr(state, "value", state))
    known = LOOKS.get(value, Look(value, "info", "neutral"))
    return known._replace(label=getattr(state, "label", None) or known.label)
