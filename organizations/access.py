"""The engine: what one person may do in one organization, compiled once per request, with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import F, Value
from django.utils.translation import gettext as _

from accounts.models import User
from organizations.contacts import deciders
from organizations.decisions import Decision, Narrowing, Source
from organizations.models import Membership, Organization, OrganizationGroupGrant, OrganizationUserGrant
from organizations.roles import TOKEN_RIGHTS, Right
from organizations.sources import source_of, told


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
    # Whoever looks at the portal as `user`, and changes nothing.
    viewer: User | None = None
    # What is left of the rights for a program that acts for `user`.
    narrowing: Narrowing | None = None

    @cached_property
    def rights(self) -> frozenset[Right]:
        held = self.membership.rights if self.membership.is_active else frozenset()
        return held & TOKEN_RIGHTS if self.narrowing else held

    @property
    def via(self) -> str:
        """Through what the person acts, for the log; empty for their own hand."""
        return self.narrowing.name if self.narrowing else ""

    @cached_property
    def kind_permissions(self) -> Mapping[str, tuple[Source, ...]]:
        """Permissions on whole kinds, as "<kind>.<permission>", with the grants they come from. One query."""
        if Right.ALL_PRODUCTS in self.rights or Right.SEE not in self.rights:
            return {}
        return kind_grants(self.user, self.organization)

    def decide(self, right: Right) -> Decision:
        """May this person do `right` in the organization?"""
        if right in self.rights:
            return Decision(True, _("Your role: %(role)s") % {"role": self.membership.get_role_display()}, right)
        names = {"right": right.label, "organization": self.organization}
        if self.membership.suspended_at:
            text = _("Your access to %(organization)s is suspended.")
        elif not self.membership.is_active:
            text = _("Your access to %(organization)s has ended.")
        elif self.narrowing:
            text = _("An API token opens products, not “%(right)s” in %(organization)s.")
        else:
            text = _("You need the right “%(right)s” in %(organization)s.")
        return Decision(False, text % names, right)

    def may(self, right: Right) -> bool:
        return bool(self.decide(right))

    def require(self, right: Right) -> None:
        if not (decision := self.decide(right)):
            raise Denied(decision, self)

    def helpers(self, right: Right = Right.MEMBERS) -> list[User]:
        """Up to three other people of the organization who can give what is missing."""
        return deciders(self.organization, right, 3, but=self.user)


def kind_grants(subject: User | Group, organization: Organization) -> dict[str, tuple[Source, ...]]:
    """What a user, also through their teams, or a group holds on whole kinds of the organization. One query."""
    holder = "group__user" if isinstance(subject, User) else "group"
    groups = OrganizationGroupGrant.objects.filter(**{holder: subject}, content_object=organization)
    rows: Any = groups.order_by().values(**told(F("group__team__name")))
    if isinstance(subject, User):
        direct = OrganizationUserGrant.objects.filter(user=subject, content_object=organization)
        rows = direct.order_by().values(**told(Value(""))).union(rows, all=True)
    found: dict[str, tuple[Source, ...]] = {}
    for row in rows:
        found[row["codename"]] = (*found.get(row["codename"], ()), source_of(row))
    return found
