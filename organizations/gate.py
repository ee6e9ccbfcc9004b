"""The gate. Every view carries exactly one mark:
`public`, `signed_in`, `staff` (`manager.web.gate`), `in_organization` (here), `on_product` (`products.access`) or
`with_token` (`products.api`).

Outside an organization, or for one that does not exist: 404. Inside, lacking the right: 403 with the reason and the
people who can help.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.requests import SignedIn
from manager.web.gate import SAFE, View, stamp
from organizations import tenancy
from organizations.access import Access, Denied
from organizations.decisions import Decision
from organizations.models import Membership
from organizations.roles import Right

# What the decision says is missing where it is not a right.
SECOND_FACTOR = "second_factor"
READ_ONLY = "read_only"
VIEW_OVER = "view_over"
# In the session: {organization id: [membership id, when it began]}.
VIEW_AS = "view_as"
VIEW_AS_LASTS = timedelta(minutes=30)
# How exactly "last seen" is kept.
SEEN = timedelta(minutes=5)


class PortalRequest(SignedIn):
    """With what the gate leaves on it."""

    access: Access
    memberships: list[Membership]


def client_address(request: HttpRequest) -> str | None:
    """Where the person is: behind as many proxies as the settings trust, and no more."""
    return get_adapter(request).get_client_ip(request)


def memberships(request: HttpRequest) -> list[Membership]:
    """The memberships of the person, with their organizations, by name; read once per request."""
    request = cast(PortalRequest, request)
    if not hasattr(request, "memberships"):
        tenancy.enter(user=request.user.pk)
        rows = Membership.objects.filter(user=request.user.pk, organization__deleted_at=None)
        rows = rows.select_related("organization")
        request.memberships = list(rows.order_by("organization__name", "pk"))
    return request.memberships


def is_open(request: HttpRequest, membership: Membership) -> bool:
    """The person may enter this organization of theirs now."""
    if not membership.is_active:
        return False
    needs = membership.organization.requires_second_factor
    return not needs or second_factor.has_one(cast(PortalRequest, request).user)


def open_memberships(request: HttpRequest) -> list[Membership]:
    """Those whose organization the person may enter now."""
    return [membership for membership in memberships(request) if is_open(request, membership)]


def last_used(request: HttpRequest) -> Membership | None:
    """The active membership that was used last, or any; None when there is none."""
    active = [membership for membership in memberships(request) if membership.is_active]
    never = datetime.min.replace(tzinfo=UTC)
    return max(active, key=lambda membership: membership.last_used_at or never, default=None)


def grant_access(
    request: HttpRequest, slug: str, *, without_second_factor: bool = False, unnoticed: bool = False
) -> Access:
    """The person's access to the organization with this slug; Http404 when they are not a member of it.

    Denied where the organization asks for a second factor that they lack, and for whoever looks as somebody else and
    wants to change something. Unnoticed, the organization does not become the one used last.
    """
    found = next((each for each in memberships(request) if each.organization.slug == slug), None)
    if found is None:
        raise Http404
    # The row is joined from the membership; the person is the one who asks.
    request = cast(PortalRequest, request)
    access = Access(request.user, found.organization, found, client_address(request))
    tenancy.enter(user=request.user.pk, organizations=frozenset({access.organization.pk}))
    if found.is_active and not without_second_factor and not is_open(request, found):
        # Nothing of the organization is drawn around the refusal.
        reason = _("%(organization)s asks for a second factor, and your login has none.")
        raise Denied(Decision(False, reason % {"organization": found.organization}, SECOND_FACTOR), access)
    # What an open page asks for by itself is no visit: pages of two organizations side by side would take turns.
    by_itself = request.method in SAFE and (unnoticed or bool(getattr(request, "htmx", False)))
    if not (unnoticed or by_itself):
        note_use(request, found)
    request.access = access
    access = request.access = as_member(request, access, by_itself=by_itself)
    if access.viewer and request.method not in SAFE:
        reason = _("You are looking at %(organization)s as %(person)s. That is read-only.")
        names = {"organization": access.organization, "person": access.user}
        raise Denied(Decision(False, reason % names, READ_ONLY), access)
    return access


def note_use(request: HttpRequest, membership: Membership) -> None:
    """Links that name no organization lead to this one, and its members list says when the person was here."""
    from organizations.actions.organization import remember

    used, now = membership.last_used_at, timezone.now()
    if membership.is_active and (last_used(request) != membership or not used or now - used > SEEN):
        membership.last_used_at = now
        remember(membership)


def as_member(request: HttpRequest, access: Access, *, by_itself: bool = False) -> Access:
    """The access of the member as whom an administrator looks at the organization, where they do.

    When that has ended, the next page says so. What is sent from a page that was shown before is Denied: whoever sent
    it may still think that they look.
    """
    viewed = dict(request.session.get(VIEW_AS, {}))
    if not (began := viewed.pop(str(access.organization.pk), None)):
        return access
    if member := looked_at(access, *began):
        return replace(access, user=member.user, membership=member, viewer=access.user)
    if by_itself:
        # The page around it still shows what the member sees.
        return access
    request.session[VIEW_AS] = viewed
    names = {"organization": access.organization}
    if request.method not in SAFE:
        reason = _("Viewing has ended; nothing was changed. You see %(organization)s with your own rights again.")
        raise Denied(Decision(False, reason % names, VIEW_OVER), access)
    messages.info(request, _("Viewing has ended. You see %(organization)s with your own rights again.") % names)
    return access


def looked_at(access: Access, pk: int, began: str) -> Membership | None:
    """The member as whom this person began to look, while they may."""
    if not access.may(Right.MEMBERS) or timezone.now() - datetime.fromisoformat(began) > VIEW_AS_LASTS:
        return None
    members = Membership.objects.filter(organization=access.organization, pk=pk).exclude(user=access.user)
    member = members.select_related("user").first()
    # Nobody reads more than they may read themselves.
    return None if member is None or member.rights - access.rights else member


def in_organization(
    *rights: Right, without_second_factor: bool = False, unnoticed: bool = False
) -> Callable[[View], View]:
    """Members of the organization in the URL who hold one of `rights`. The view receives `access` in its place."""
    how = {"without_second_factor": without_second_factor, "unnoticed": unnoticed}

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, organization: str, **kwargs: Any) -> HttpResponse:
            access = grant_access(request, organization, **how)
            if not any(access.may(right) for right in rights):
                access.require(rights[0])
            return view(request, access, **kwargs)

        return stamp(gate, f"in organization: {' or '.join(rights)}")

    return decorate


class Middleware:
    """Turns a refusal into a page that says what is missing and who can give it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Denied):
            return None
        access, decision = exception.access, exception.decision
        # Who opens a membership again manages the users.
        missing = decision.right if access.membership.is_active else Right.MEMBERS
        right = Right(missing) if missing in set(Right) else Right.MEMBERS
        giving = missing not in (SECOND_FACTOR, READ_ONLY, VIEW_OVER)
        context = {
            "access": access,
            "decision": decision,
            "reason": decision.reason,
            "helpers": [str(user) for user in access.helpers(right)] if giving else [],
        }
        return render(request, "403.html", context, status=403)
