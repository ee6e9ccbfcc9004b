from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_POST

from manager.shell import export, log
from manager.shell.links import link, with_links
from manager.web import sheet
from manager.web.dates import exact
from manager.web.keyset import Slice
from manager.web.pages import page
from organizations.access import Access
from organizations.actions import log as actions
from organizations.gate import in_organization
from organizations.models import Event
from organizations.roles import Right


def filter_form(chosen: QueryDict, access: Access) -> log.FilterForm:
    people, products = log.offered(access)
    return log.FilterForm(chosen, people=people, products=products)


def shown(request: HttpRequest, access: Access, form: log.FilterForm, listing: Slice[Event]) -> HttpResponse:
    valid = form.is_valid()
    context = {
        "access": access,
        "form": form,
        "listing": listing,
        "chips": chips(form, request.GET, listing.rows) if valid else [],
        "kept": kept(form),
        "most": export.MOST,
    }
    return page(request, "shell/activity.html", context, status=200 if valid else 422)


def kept(form: log.FilterForm) -> list[tuple[str, str]]:
    """What narrows the log as it was sent, without the place in the list."""
    return [(name, form.data[name]) for name in form.fields if form.data.get(name)]


@require_GET
@in_organization(Right.SEE)
def activity(request: HttpRequest, access: Access) -> HttpResponse:
    form = filter_form(request.GET, access)
    rows = log.narrowed(access, form.chosen) if form.is_valid() else Event.objects.none()
    listing = Slice(with_links(rows, access.organization), request.GET)
    link(listing, access.organization)
    return shown(request, access, form, listing)


@require_POST
@in_organization(Right.SEE)
def activity_export(request: HttpRequest, access: Access) -> HttpResponse:
    """The same lines as a file; that it was taken is a line of the log itself, and not in the file."""
    form = filter_form(request.POST, access)
    if not form.is_valid():
        return shown(request, access, form, Slice(Event.objects.none(), request.GET))
    rows = log.narrowed(access, form.chosen)
    event = actions.export(access, **{name: str(value) for name, value in form.chosen.items()})
    told = export.lines(rows.filter(pk__lt=event.pk), access.organization.pk, full=access.may(Right.LOG))
    return sheet.answer(told, f"activity-{access.organization.slug}", streamed=True)


def chips(form: log.FilterForm, address: QueryDict, listing: list[Event]) -> list[dict[str, Any]]:
    """What narrows the log, in words, each with the address without it."""
    shown = []
    for name, value in form.chosen.items():
        options = dict(flat(getattr(form.fields[name].widget, "choices", ())))
        if name in log.NAMED and str(value) not in options:
            options[str(value)] = log.NAMED[name](listing[0]) if listing else str(value)
            form.offer(name, options[str(value)])
        query = address.copy()
        for parameter in (name, "before", "after"):
            query.pop(parameter, None)
        words = exact(value) if isinstance(value, date) else options.get(str(value), value)
        shown.append({"label": form.fields[name].label, "value": words, "query": query.urlencode()})
    return shown


def flat(choices: Any) -> list[tuple[str, Any]]:
    """Choices without their groups."""
    found: list[tuple[str, Any]] = []
    for value, words in choices:
        found += flat(words) if isinstance(words, list | tuple) else [(str(value), words)]
    return found
