"""Dates as look.md wants them: exact, and relative."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext, ngettext

DAY = timedelta(days=1)
# Where Django's long date has the month first, or a zero before the day.
PLAIN = ("en", "it")


def iso(value: datetime | None) -> str:
    """The day of a moment, for programs: 2026-12-09."""
    return timezone.localdate(value).isoformat() if value else ""


def exact(value: date) -> str:
    """9 December 2026, in the order of the active language; a moment also gets its time."""
    language = (get_language() or "en")[:2]
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    text = date_format(local, "j F Y" if language in PLAIN else "DATE_FORMAT")
    if language == "it":
        # Django writes the months of a calendar there, not those of a sentence.
        text = text.lower()
    if isinstance(local, datetime):
        return f"{text}, {time_format(local, 'H:i')}"
    return text


def relative(value: date, now: datetime | None = None) -> str:
    """In 3 weeks, tomorrow, 25 minutes ago."""
    now = now or timezone.now()
    if isinstance(value, datetime):
        distance = value - now
        if abs(distance) < DAY:
            return _within_a_day(distance)
        value = timezone.localtime(value).date()
    return _in_days((value - timezone.localtime(now).date()).days)


def _within_a_day(distance: timedelta) -> str:
    minutes = int(abs(distance).total_seconds()) // 60
    if minutes < 1:
        return gettext("just now") if distance <= timedelta(0) else gettext("in a moment")
    if minutes < 60:
        future = ngettext("in %(n)d minute", "in %(n)d minutes", minutes)
        past = ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes)
        return (future if distance > timedelta(0) else past) % {"n": minutes}
    hours = minutes // 60
    future = ngettext("in %(n)d hour", "in %(n)d hours", hours)
    past = ngettext("%(n)d hour ago", "%(n)d hours ago", hours)
    return (future if distance > timedelta(0) else past) % {"n": hours}


def _in_days(days: int) -> str:
    if abs(days) <= 1:
        return {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}[days]
    size = abs(days)
    if size < 21:
        future = ngettext("in %(n)d day", "in %(n)d days", size)
        past = ngettext("%(n)d day ago", "%(n)d days ago", size)
        count = size
    elif size < 60:
        count = round(size / 7)
        future = ngettext("in %(n)d week", "in %(n)d weeks", count)
        past = ngettext("%(n)d week ago", "%(n)d weeks ago", count)
    elif size < 730:
        count = round(size / 30.44)
        future = ngettext("in %(n)d month", "in %(n)d months", count)
        past = ngettext("%(n)d month ago", "%(n)d months ago", count)
    else:
        count = size // 365
        future = ngettext("in %(n)d year", "in %(n)d years", count)
        past = ngettext("%(n)d year ago", "%(n)d years ago", count)
    return (future if days > 0 else past) % {"n": count}
