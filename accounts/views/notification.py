from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import notification as actions
from accounts.models import Notification
from accounts.requests import SignedIn
from manager.web.gate import signed_in
from manager.web.pages import done, own_path, page

PAGE = 50
# In the bell.
FEW = 6


@require_GET
@signed_in
def notifications(request: SignedIn) -> HttpResponse:
    """All of them, or the unread ones; for the bell the newest few."""
    rows = request.user.notifications.all()
    unread = request.GET.get("show") == "unread"
    listing = Paginator(rows.filter(read_at=None) if unread else rows, PAGE).get_page(request.GET.get("page"))
    few = list(listing)[:FEW]
    context = {"listing": listing, "unread": unread, "few": few, "newest": few[0].pk if few else 0}
    return page(request, "accounts/notifications.html", context, fragments={"bell-rows": "bell"})


@require_POST
@signed_in
def open_one(request: SignedIn, notification: int) -> HttpResponse:
    """It is read, and the person is where it leads."""
    found = find(request, notification)
    actions.read(found)
    return done(request, own_path(found.path) if found.path else "notifications")


@require_POST
@signed_in
def read_all(request: SignedIn) -> HttpResponse:
    text = request.POST.get("until", "")
    newest = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    actions.read_all(request.user, until=newest)
    return done(request, "notifications", _("Nothing is unread any more."))


def find(request: SignedIn, notification: int) -> Notification:
    found = request.user.notifications.filter(pk=notification).first()
    if found is None:
        raise Http404
    return found
