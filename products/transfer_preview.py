"""What a transfer does, before it is done: what both sides read before they agree."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Right
from products import transfers
from products.models import AccessRequest, ApiTokenProduct, Product, Transfer, sight
from products.models.request import RequestState


@dataclass(frozen=True)
class Line:
    product: Product
    # Why it cannot move now; empty when it can.
    reason: str = ""

    @property
    def renews_on(self) -> date | None:
        at = self.product.expires_at
        return timezone.localtime(at).date() if at else None


@dataclass(frozen=True)
class Losses:
    """What ends on the side that gives."""

    # How many people, and teams, see the products.
    person_count: int = 0
    team_count: int = 0
    # By name, for who manages the users of their side: by role, or by rights on the products or on their whole kind.
    by_role: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    # API tokens that are made for some of these products, and requests for rights on them.
    tokens: int = 0
    requests: int = 0


@dataclass(frozen=True)
class Preview:
    source: Organization
    # Known for a transfer to an organization of one's own.
    target: Organization | None
    lines: list[Line]
    losses: Losses
    # The losses are told by name.
    by_name: bool
    # What has the same name and is not among them.
    staying: list[Product]

    @property
    def stuck(self) -> list[Line]:
        return [line for line in self.lines if line.reason]

    @property
    def first_renewal(self) -> date | None:
        return min((line.renews_on for line in self.lines if line.renews_on), default=None)

    @property
    def changes_currency(self) -> bool:
        return self.target is not None and self.target.currency != self.source.currency


def of(
    giver: Access,
    ids: Collection[int],
    *,
    target: Organization | None = None,
    sent: Transfer | None = None,
    reader: Access | None = None,
) -> Preview:
    """In the scope of the giver's organization. The same queries for any number of products.

    `sent`: the transfer that has the products already. `reader`: who reads it on the side that gives. They are told
    what they may know anyway: what they see that stays behind, and where they manage users, who loses access by name.
    """
    found = transfers.held(giver, ids, but=sent)
    against: Callable[[Access, Product], str] = transfers.lapsed if sent else transfers.closed
    lines = [Line(product, against(giver, product)) for product in found.values()]
    names = {product.name for product in found.values()}
    kinds = {product.kind_slug for product in found.values()}
    ended = losses(giver.organization, list(found), kinds)
    by_name = reader is not None and reader.may(Right.MEMBERS)
    ended = ended if by_name else replace(ended, by_role=[], people=[], teams=[])
    return Preview(giver.organization, target, lines, ended, by_name, staying(reader, names, found) if reader else [])


def staying(reader: Access, names: Collection[str], ids: Collection[int]) -> list[Product]:
    """What has one of the names and is none of these, as far as this person sees it."""
    rows = Product.objects.visible_to(reader).filter(name__in=names).standing().exclude(pk__in=ids)
    return list(rows.order_by("name", "pk"))


def losses(organization: Organization, ids: Collection[int], kinds: Collection[str]) -> Losses:
    """Who sees any of the products now, and what is made for them."""
    members = Membership.objects.active().filter(organization=organization).select_related("user")
    ordered = list(members.order_by("user__first_name", "user__last_name", "pk"))

    def held(holder: str, column: str) -> set[Any]:
        single, whole = sight.TABLES[holder]
        on_products = sight.grants(single, content_object__in=ids)
        on_kinds = sight.grants(whole, among=kinds, content_object=organization)
        return {value for (value,) in on_products.values_list(column).union(on_kinds.values_list(column))}

    holding, teams = held("user", "user"), sorted(held("group__user", "group__team__name") - {None})
    by_role = [str(member.user) for member in ordered if Right.ALL_PRODUCTS in member.rights]
    others = [member for member in ordered if member.user_id in holding and Right.ALL_PRODUCTS not in member.rights]
    return Losses(
        person_count=len(by_role) + len(others),
        team_count=len(teams),
        by_role=by_role,
        people=[str(member.user) for member in others],
        teams=teams,
        tokens=ApiTokenProduct.objects.filter(product__in=ids).values("token").distinct().count(),
        requests=AccessRequest.objects.filter(
            organization=organization, product__in=ids, state=RequestState.OPEN
        ).count(),
    )
