"""What a transfer does, before it is done: what both sides read before they agree."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone

from organizations.access import Access
from organizations.models import Membership, Organization, OrganizationGroupGrant, OrganizationUserGrant
from organizations.roles import Right
from products import transfers
from products.kinds import Permission
from products.models import (
    AccessRequest,
    ApiTokenProduct,
    Product,
    ProductGroupGrant,
    ProductUserGrant,
    Transfer,
)
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
    # By name, for their own side only: by role, or by rights on the products or on their whole kind.
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
    by_name: bool = False,
) -> Preview:
    """In the scope of the giver's organization. The same queries for any number of products.

    `sent`: the transfer that has the products already. `by_name` also names who loses access, for their own side.
    """
    found = transfers.held(giver, ids, but=sent)
    against: Callable[[Access, Product], str] = transfers.lapsed if sent else transfers.closed
    lines = [Line(product, against(giver, product)) for product in found.values()]
    names = {product.name for product in found.values()}
    others = Product.objects.filter(organization=giver.organization, name__in=names).standing().exclude(pk__in=found)
    kinds = {product.kind_slug for product in found.values()}
    ended = losses(giver.organization, list(found), kinds)
    ended = ended if by_name else replace(ended, by_role=[], people=[], teams=[])
    return Preview(giver.organization, target, lines, ended, list(others) if by_name else [])


def losses(organization: Organization, ids: Collection[int], kinds: Collection[str]) -> Losses:
    """Who sees any of the products now, and what is made for them."""
    members = Membership.objects.active().filter(organization=organization).select_related("user")
    ordered = list(members.order_by("user__first_name", "user__last_name", "pk"))
    view = {"permission__codename": Permission.VIEW}
    whole = {"permission__codename__in": [f"{kind}.{Permission.VIEW}" for kind in kinds]}
    on_products, on_kinds = {"content_object__in": ids} | view, {"content_object": organization} | whole
    direct = ProductUserGrant.objects.filter(**on_products).order_by().values_list("user")
    users = direct.union(OrganizationUserGrant.objects.filter(**on_kinds).order_by().values_list("user"))
    holding = {user for (user,) in users}
    team = "group__team__name"
    through = ProductGroupGrant.objects.filter(**on_products).exclude(**{team: None}).order_by().values_list(team)
    on_kind = OrganizationGroupGrant.objects.filter(**on_kinds).exclude(**{team: None}).order_by().values_list(team)
    teams = sorted(name for (name,) in through.union(on_kind))
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
