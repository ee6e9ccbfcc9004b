"""The gate. Every view carries exactly one mark:
`public`, `signed_in`, `staff` (`manager.web.gate`), `in_organization` (here) or `on_product` (`products.access`).

Outside an organization, or for one that does not exist: 404. Inside, lacking the right: 403 with the reason and the
people who can help.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import SignedIn
from manager.web.gate import View, stamp
from organizations import tenancy
from organizations.models import Membership, Organization, OrganizationGroupGrant, OrganizationUserGrant
from organizations.roles import Right, givers


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, and why: a sentence for people."""

    allowed: bool
    reason: str = ""
    right: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class Denied(PermissionDenied):
    """A member lacks a right. Carries the decision, so that the page can say what is missing and who can help."""

    def __init__(self, decision: Decision, access: "Access") -> None:
        super().__init__(decision.reason)
        self.decision, self.access = decision, access


@dataclass(frozen=True)
class Access:
    """What one person may do in one organization, compiled once per request."""

    user: User
    organization: Organization
    membership: Membership
    address: str | None = field(default=None, compare=False)

    @cached_property
    def rights(self) -> frozenset[Right]:
        return self.membership.rights if self.membership.is_active else frozenset()

    @cached_property
    def kind_permissions(self) -> frozenset[str]:
        """Permissions on whole kinds, as "<kind>.<permission>", from direct grants and from groups. One query."""
        if Right.ALL_PRODUCTS in self.rights:
            return frozenset()
        direct = OrganizationUserGrant.objects.filter(user=self.user, content_object=self.organization)
        group = OrganizationGroupGrant.objects.filter(group__user=self.user, content_object=self.organization)
        codenames = [rows.order_by().values_list("permission__codename", flat=True) for rows in (direct, group)]
        return frozenset(codenames[0].union(codenames[1]))

    def decide(self, right: Right) -> Decision:
        """May this person do `right` in the organization?"""
        if right in self.rights:
            return Decision(True, _("Your role: %(role)s") % {"role": self.membership.get_role_display()}, right)
        if self.membership.suspended_at:
            return Decision(
                False,
                _("Your access to %(organization)s is suspended.") % {"organization": self.organization},
                right,
            )
        if not self.membership.is_active:
            return Decision(
                False, _("Your access to %(organization)s has ended.") % {"organization": self.organization}, right
            )
        text = _("You need the right “%(right)s” in %(organization)s.")
        return Decision(False, text % {"right": right.label, "organization": self.organization}, right)

    def may(self, right: Right) -> bool:
        return bool(self.decide(right))

    def require(self, right: Right) -> None:
        if not (decision := self.decide(right)):
            raise Denied(decision, self)

    def helpers(self, right: Right = Right.MEMBERS) -> list[User]:
        """Up to three people of the organization who can give what is missing."""
        roles = givers(right) or givers(Right.MEMBERS)
        members = Membership.objects.active().filter(organization=self.organization, role__in=roles)
        return [member.user for member in members.select_related("user").order_by("created_at")[:3]]


def client_address(request: HttpRequest) -> str | None:
    """Where the person is: behind as many proxies as the settings trust, and no more."""
    return get_adapter(request).get_client_ip(request)


class PortalRequest(SignedIn):
    """With what the gate leaves on it."""

    access: Access
    memberships: list[Membership]


def memberships(request: HttpRequest) -> list[Membership]:
    """The memberships of the person, with their organizations, by name; read once per request."""
    request = cast(PortalRequest, request)
    if not hasattr(request, "memberships"):
        tenancy.enter(user=request.user.pk)
        rows = Membership.objects.filter(user=request.user.pk).select_related("organization")
        request.memberships = list(rows.order_by("organization__name", "pk"))
    return request.memberships


def last_used(request: HttpRequest) -> Membership | None:
    """The active membership that was used last, or any; None when there is none."""
    active = [membership for membership in memberships(request) if membership.is_active]
    never = datetime.min.replace(tzinfo=UTC)
    return max(active, key=lambda membership: membership.last_used_at or never, default=None)


def grant_access(request: HttpRequest, slug: str) -> Access:
    """The person's access to the organization with this slug; Http404 when they are not a member of it."""
    for membership in memberships(request):
        if membership.organization.slug == slug:
            break
    else:
        raise Http404
    # The row is joined from the membership; the person is the one who asks.
    request = cast(PortalRequest, request)
    access = Access(request.user, membership.organization, membership, client_address(request))
    request.access = access
    tenancy.enter(user=request.user.pk, organizations=frozenset({access.organization.pk}))
    return access


def in_organization(*rights: Right) -> Callable[[View], View]:
    """Members of the organization in the URL who hold one of `rights`. The view receives `access` in its place."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, organization: str, **kwargs: Any) -> HttpResponse:
            access = grant_access(request, organization)
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
        access = exception.access
        context = {
            "reason": exception.decision.reason,
            "helpers": [str(user) for user in access.helpers()] if access.membership.is_active else [],
        }
        return render(request, "403.html", context, status=403)
