"""Views that people save for themselves. Nobody else sees them, so no event tells of them."""

from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from manager.web.listing import KNOWN
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions.still import hold
from organizations.models import SavedView
from organizations.roles import Right

# Of one person and list.
MOST = 20
LONGEST = 1000


def canonical(listing: str, query: str) -> str:
    """What the list knows of an address's parameters, each once, in one order; Refused when it is too much."""
    known = KNOWN[listing.partition(":")[0]]
    text = urlencode(sorted({name: value for name, value in parse_qsl(query) if name in known}.items()))
    if len(text) > LONGEST:
        raise Refused(_("This view has too many filters to be saved."))
    return text


@transaction.atomic(durable=True)
def save(listing: str, name: str, query: str, *, by: Access) -> SavedView:
    """The person has this view under its name; with the same name once more, it shows what was saved last."""
    by = hold(by, Right.SEE)
    kept, mine = canonical(listing, query), of(listing, by=by)
    view = mine.filter(name__iexact=name).first()
    if view is None:
        if mine.count() >= MOST:
            raise Refused(_("You have %(number)d views of this list. Delete one first.") % {"number": MOST})
        view = SavedView(organization=by.organization, user=by.user, listing=listing)
    view.name, view.query = name, kept
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refused(_("You have a view with this name already."), field="name") from None
    return view


@transaction.atomic(durable=True)
def rename(view: SavedView, name: str, *, by: Access) -> SavedView:
    """The view has this name. Refused when another one of the list has it."""
    by = hold(by, Right.SEE)
    mine = SavedView.objects.filter(organization=by.organization, user=by.user)
    view = mine.select_for_update().get(pk=view.pk)
    if mine.filter(listing=view.listing, name__iexact=name).exclude(pk=view.pk).exists():
        raise Refused(_("You have a view with this name already."), field="name")
    view.name = name
    view.save(update_fields=["name"])
    return view


@transaction.atomic(durable=True)
def delete(view: SavedView, *, by: Access) -> None:
    SavedView.objects.filter(pk=view.pk, organization=by.organization, user=by.user).delete()


def of(listing: str, *, by: Access) -> QuerySet[SavedView]:
    return SavedView.objects.filter(organization=by.organization, user=by.user, listing=listing)
