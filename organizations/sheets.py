"""A list of an organization as a file: what it shows, on all of its pages."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from manager.web import sheet
from manager.web.listing import Listing
from organizations import tenancy
from organizations.access import Access

MOST = 50_000
CHUNK = 1000
Complete = Callable[[list[Any]], Iterable[Any]]


def of(access: Access, listing: Listing, rows: QuerySet[Any], complete: Complete = list) -> HttpResponse:
    """`complete` makes of some rows what the columns tell of."""
    home = access.organization
    name = f"{listing.name.rpartition(':')[2]}-{home.slug}"
    return answer(listing, rows, name, lambda: tenancy.scope(home.pk), complete)


def answer(
    listing: Listing,
    rows: QuerySet[Any],
    name: str,
    scope: Callable[[], AbstractContextManager[None]],
    complete: Complete = list,
) -> HttpResponse:
    """Which rows, and in which order, is decided now; each is told while it is sent, if it still is among them."""
    keys = list(rows.order_by(*listing.order).values_list("pk", flat=True)[: MOST + 1])
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()

    def parts() -> Iterator[str]:
        columns = listing.filed
        with translation.override(language):
            yield sheet.head(column.label for column in columns)
        for start in range(0, min(len(keys), MOST), CHUNK):
            part = keys[start : min(start + CHUNK, MOST)]
            # The request has ended: each part enters the organizations by itself.
            with scope(), translation.override(language), timezone.override(zone):
                found = {row.pk: row for row in rows.order_by().filter(pk__in=part)}
                told = complete([found[key] for key in part if key in found])
                text = sheet.text([column.text(row) for column in columns] for row in told)
            yield text
        if len(keys) > MOST:
            with translation.override(language):
                only = _("Only the first %(number)d rows are here. Choose fewer with the filters.")
                yield sheet.text([[only % {"number": MOST}]])

    return sheet.answer(parts(), name, streamed=True)
