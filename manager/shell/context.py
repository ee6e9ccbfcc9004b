"""What every page needs around its content, as `shell`. Layouts read it; views never build it."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts import second_factor
from billing.gateways import gateway
from manager.shell import counts, navigation, tour
from organizations.access import Access
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

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The kinds by section, with the number of products one sees."""
        return [
            {"label": section.label, "entries": [self._kind_entry(kind) for kind in members]}
            for section, members in kinds.sections()
        ]

    def _kind_entry(self, kind: kinds.Kind) -> dict[str, Any]:
        order_url = reverse("order_kind", args=[kind.slug])
        shown = {"kind": kind, "label": kind.label, "label_one": kind.label_one, "icon": kind.icon, "tone": kind.tone}
        if self.access is None:
            return shown | {"url": f"/{kind.slug}/", "order_url": order_url, "count": None, "current": False}
        slug = self.access.organization.slug
        states = counts.by_kind(self.request, self.access).get(kind.slug, {})
        return shown | {
            "url": reverse("product_list", args=[slug, kind.slug]),
            "order_url": f"{order_url}?organization={slug}",
            "count": sum(states.values()),
            "current": kind.slug == self._kind,
        }

    @property
    def navigation(self) -> list[dict[str, Any]]:
        if self.access is None:
            return []
        waiting = asked.of(self.request, self.access).count
        return navigation.groups(self.access, self.request.path, self._kind, waiting)

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
    def tour(self) -> list[dict[str, str]]:
        return tour.steps(self.access) if self.access else []

    @property
    def tour_pending(self) -> bool:
        return self.access is not None and self._name == "home" and not self.access.user.tour_seen

    @property
    def sandbox(self) -> list[str]:
        """What is simulated in this installation, in sentences."""
        sentences = [str(sentence) for kind in kinds.every() for sentence in kind.driver().sandboxes]
        return [*sentences, *filter(None, [str(gateway().sandbox)])]
