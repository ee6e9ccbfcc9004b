"""The side of who holds the link of an invitation. The signature in it is the authority, and nothing else is read."""

from collections.abc import Callable
from functools import wraps

from allauth.core.ratelimit import respond_429
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import tries
from accounts.requests import SignedIn
from manager.web.gate import public, signed_in
from manager.web.pages import done, page
from manager.web.refused import Refused
from organizations import signed_links
from organizations.events import Person
from organizations.gate import client_address
from organizations.invitations import KIND
from products import offer
from products.actions import invitation as actions


def spaced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who tries many links gets no further for a while; whether one opened anything makes no difference."""

    @wraps(view)
    def limited(request: HttpRequest, token: str) -> HttpResponse:
        if tries.are_spent(request, KIND):
            return respond_429(request)
        return view(request, token)

    return limited


def refused(request: HttpRequest, token: str) -> HttpResponse:
    """One answer, whatever the reason: it says nothing about the link, nor about whom it is for."""
    tries.count(request, KIND)
    return page(request, "organizations/invitation_refused.html", {"token": token}, status=404)


@require_GET
@public
@spaced
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = offer.read(token, request.user)
    if found is None:
        return refused(request, token)
    return page(request, "organizations/invitation.html", {"offer": found, "token": token})


@require_POST
@signed_in
@spaced
def accept(request: SignedIn, token: str) -> HttpResponse:
    named = signed_links.unsign(KIND, token)
    if named is None:
        return refused(request, token)
    try:
        organization, joined = actions.accept(*named, by=Person(request.user, client_address(request)))
    except Refused:
        return refused(request, token)
    text = _("Welcome to %(organization)s.") if joined else _("You belong to %(organization)s already.")
    return done(request, organization, text % {"organization": organization})


@require_POST
@signed_in
@spaced
def decline(request: SignedIn, token: str) -> HttpResponse:
    named = signed_links.unsign(KIND, token)
    if named is None:
        return refused(request, token)
    try:
        organization = actions.decline(*named, by=Person(request.user, client_address(request)))
    except Refused:
        return refused(request, token)
    text = _("You declined the invitation to %(organization)s.")
    return done(request, "organizations", text % {"organization": organization})
