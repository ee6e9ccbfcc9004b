"""What every page needs around its content, as `shell`. Layouts read it; views never build it."""

from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from accounts import second_factor
from accounts.requests import SignedIn
from manager.shell import counts, navigation, sandbox, tour, trail
from organizations.access import Access
from organizations.decisions import Decision
from organizations.gate import is_open, memberships
from organizations.models import Membership
from organizations.roles import Right
from products import asked, kinds


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"shell": Shell(request)}


class Shell:
    """Built lazily: a fragment that shows no shell asks nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.access: Access | None = getattr(request, "access", None)
        match = request.resolver_match
        self._name = match.url_name or "" if match else ""
        kind = match.kwargs.get("kind") if match else None
        self._kind = kind.slug if kind else ""

    @property
    def organization(self) -> dict[str, Any] | None:
        return self._organization(self.access.membership) if self.access else None

    @cached_property
    def organizations(self) -> list[dict[str, Any]]:
        return [self._organization(membership) for membership in memberships(self.request)]

    def _organization(self, membership: Membership) -> dict[str, Any]:
        organization = membership.organization
        return {
            "name": organization.name,
            "slug": organization.slug,
            "initials": organization.initials,
            "tone": organization.tone,
            # Only who may enter may see it.
            "logo_url": organization.logo_url if is_open(self.request, membership) else "",
            "role": membership.get_role_display(),
            "url": organization.get_absolute_url(),
            "current": self.access is not None and organization.pk == self.access.organization.pk,
            "suspended": not membership.is_active,
            "needs_second_factor": membership.is_active and not is_open(self.request, membership),
        }

    @property
    def second_factor_from(self) -> datetime | None:
        """From when on the organization keeps out the person, who lacks a second factor. Asked where it has a rule."""
        if self.access is None or self.access.viewer or not (start := self.access.organization.second_factor_from):
            return None
        return None if second_factor.has_one(self.access.user) else start

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """The kinds by section, with the number of products one sees."""
        return [
            {"label": section.label, "entries": [self._kind_entry(kind) for kind in members]}
            for section, members in kinds.sections()
        ]

    def _kind_entry(self, kind: kinds.Kind) -> dict[str, Any]:
        if self.access is None:
            # Its address without an organization leads to the one that was used last.
            return {"label": kind.label, "icon": kind.icon, "tone": kind.tone, "url": f"/{kind.slug}/", "count": None}
        return navigation.kind_entry(self.request, self.access, kind) | {"current": kind.slug == self._kind}

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        if self.access is None:
            return []
        counts.by_kind(self.request, self.access)
        waiting = asked.of(self.request, self.access).count
        return navigation.groups(self.request, self.access, self._kind, waiting)

    @cached_property
    def trail(self) -> list[trail.Crumb]:
        return trail.trail(self.request, self.access, self.navigation)

    @property
    def home_url(self) -> str:
        return self.access.organization.get_absolute_url() if self.access else ""

    @property
    def search_url(self) -> str:
        """Of the organization first, where it is open; else over all of the person's."""
        if self.access is None or not self.access.may(Right.SEE):
            return reverse("search_everywhere")
        return reverse("search", args=[self.access.organization.slug])

    @property
    def order_url(self) -> str:
        query = f"?organization={self.access.organization.slug}" if self.access else ""
        return reverse("order") + query

    @property
    def ordering(self) -> Decision | None:
        """May the person order for the organization of the page?"""
        return self.access.decide(Right.ORDER) if self.access else None

    @cached_property
    def tour(self) -> list[dict[str, str]]:
        return tour.steps(self.access, self._name)

    @property
    def tour_pending(self) -> bool:
        """It starts by itself, once."""
        return self.access is not None and self._name == "home" and self._tours and not self.access.user.tour_seen

    @property
    def tour_from(self) -> str:
        """The step at which the tour goes on that is under way; empty where there is none of it on this page."""
        at = cast(SignedIn, self.request).user.tour_step
        return tour.resumed(self.tour, self._name, at) if self._tours else ""

    @property
    def _tours(self) -> bool:
        """Whoever looks as somebody else is shown nothing by itself."""
        return self.access is None or self.access.viewer is None

    @property
    def sandbox(self) -> list[str]:
        """What is simulated in this installation, in sentences."""
        return sandbox.sentences()
