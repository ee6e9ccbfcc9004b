"""The activity log as a file that a spreadsheet opens and a program reads (RFC 4180, UTF-8 with a mark)."""

import csv
import re
from collections.abc import Iterator

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from manager.shell.log import PRODUCT
from manager.web import sheet
from organizations import sentences, tenancy
from organizations.models import Event
from organizations.templatetags.events import PLACE
from products import names

MOST = 50_000
CHUNK = 1000


def lines(rows: QuerySet[Event], organization: int, *, full: bool) -> Iterator[str]:
    """The newest first, and at the end a word when there are more than a file takes.

    Email addresses, and from where somebody acted, are in the full one only: for who reads all of the log.
    It is read while it is sent, after the request has ended: each part enters the organization by itself.
    """
    writer = csv.writer(sheet.Echo(), quoting=csv.QUOTE_ALL)
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()
    head = [_("Time"), _("Person"), _("Email"), _("Via"), _("Action"), _("Kind of target"), _("Target"), _("What")]
    yield sheet.MARK + writer.writerow([*head, *([_("Address")] if full else [])])
    last, sent = None, 0
    while sent < MOST:
        with tenancy.scope(organization), translation.override(language), timezone.override(zone):
            part = list((rows if last is None else rows.filter(pk__lt=last)).order_by("-pk")[: min(CHUNK, MOST - sent)])
            told = [writer.writerow(map(sheet.cell, columns(event, full=full))) for event in part]
        yield "".join(told)
        if len(part) < CHUNK and sent + len(part) < MOST:
            return
        last, sent = part[-1].pk, sent + len(part)
    with tenancy.scope(organization), translation.override(language):
        if rows.filter(pk__lt=last).exists():
            yield writer.writerow(
                [_("Only the newest %(number)s lines are here. Choose fewer days.") % {"number": MOST}]
            )


def columns(event: Event, *, full: bool) -> list[object]:
    at = timezone.localtime(event.created_at).isoformat(timespec="seconds")
    email = event.actor_email if full else ""
    row = [at, event.actor_name, email, event.via, event.verb, kind(event), target(event), plain(event)]
    return [*row, event.address] if full else list(row)


def kind(event: Event) -> str:
    """What the target is, in words; as it was recorded when there is no such thing any more."""
    try:
        return str(apps.get_model(event.target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return event.target_type


def plain(event: Event) -> str:
    """The sentence of the event without any markup, with what changed."""
    said = sentences.of(event.verb, event.details)
    values = {name: str(value) for name, value in said.values(event.details).items()}
    values |= {"actor": event.actor_name or _("The portal"), "target": target(event)}
    text = re.sub(PLACE, lambda place: values.get(place[1], "…"), str(said.text))
    return ". ".join(filter(None, [text, str(said.note(event.details))]))


def target(event: Event) -> str:
    # Most names are their own spelling: asking costs more than the line.
    coded = event.target_type == PRODUCT and "xn--" in event.target_name
    return names.shown(event.target_name) if coded else event.target_name
