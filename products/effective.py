"""What a member or a team holds on a product or a whole kind, in words, and through what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Model, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from accounts.models import User
from organizations.access import kind_grants
from organizations.decisions import Source
from organizations.models import Organization, OrganizationGroupGrant, OrganizationUserGrant, Team
from organizations.sources import source_of, told
from products import kinds
from products.kinds import Kind, Permission, Preset
from products.models import Product, ProductGroupGrant, ProductUserGrant
from products.models.product import ProductQuerySet, State
from products.summary import level_label

# By permission, the grants that it comes from.
Sources = Mapping[str, tuple[Source, ...]]
NOTHING: Sources = {}


@dataclass(frozen=True)
class Holding:
    """What somebody holds on one product, or on a whole kind, by the permission's name."""

    kind: Kind
    # On the target itself, and on all of its kind where the target is a product.
    here: Sources = field(default_factory=dict)
    whole: Sources = field(default_factory=dict)

    @cached_property
    def direct(self) -> dict[str, Source]:
        """What was given on the target itself, not through a team."""
        given = {name: [each for each in found if not each.team] for name, found in self.here.items()}
        return {name: found[0] for name, found in given.items() if found}

    @property
    def level(self) -> Preset | None:
        return self.kind.level_of(self.direct)

    @property
    def direct_label(self) -> str:
        return level_label(self.kind, frozenset(self.direct)) if self.direct else ""

    @property
    def given(self) -> Source | None:
        """Who gave it last, and until when it holds; None when nothing was given directly."""
        return max(self.direct.values(), key=lambda each: each.at, default=None)

    @cached_property
    def effective(self) -> frozenset[str]:
        """Every permission that holds. What one may not see, one may do nothing with."""
        held = {name for name in (*self.here, *self.whole) if name in self.kind.all_permissions}
        return frozenset(held) if Permission.VIEW in held else frozenset()

    @property
    def label(self) -> str:
        return level_label(self.kind, self.effective) if self.effective else ""

    @cached_property
    def reasons(self) -> list[str]:
        """One sentence for each way by which permissions come: "Technical. Through the team Web, given by …"."""
        found: dict[tuple[bool, str], set[str]] = defaultdict(set)
        for whole, sources in ((True, self.whole), (False, self.here)):
            for name, grants in sources.items():
                for each in grants:
                    found[whole, str(each)].add(name)
        return [self._reason(whole, text, frozenset(names)) for (whole, text), names in found.items()]

    def _reason(self, whole: bool, text: str, names: frozenset[str]) -> str:
        what = {"level": level_label(self.kind, names), "kind": self.kind.label, "source": text}
        return (_("%(level)s on all %(kind)s. %(source)s") if whole else _("%(level)s. %(source)s")) % what


def on_kinds(subject: User | Group, organization: Organization) -> dict[str, Holding]:
    """What the subject holds on whole kinds, by the kind's slug. One query."""
    found: dict[str, dict[str, tuple[Source, ...]]] = defaultdict(dict)
    for codename, sources in kind_grants(subject, organization).items():
        slug, _dot, name = codename.partition(".")
        # A team does not hold through itself.
        own = sources if isinstance(subject, User) else tuple(replace(each, team="") for each in sources)
        found[slug][name] = own
    return {kind.slug: Holding(kind, found[kind.slug]) for kind in kinds.every()}


def on_product(product: Product, whole: Sources) -> Holding:
    """Of a product from `with_grants_of(subject)`."""
    here: dict[str, tuple[Source, ...]] = defaultdict(tuple)
    for row in (*product.granted, *getattr(product, "granted_to_teams", ())):
        here[row["codename"]] += (source_of(row),)
    return Holding(product.kind, here, whole)


def numbers(rows: ProductQuerySet) -> dict[str, int]:
    """How many there are, by kind. One query."""
    return dict(rows.order_by().values_list("kind_slug").annotate(Count("pk")))


def direct_on_products(subject: User | Team) -> QuerySet[Any]:
    """The grants on single products that the subject holds itself, not through a team."""
    if isinstance(subject, User):
        return ProductUserGrant.objects.filter(user=subject).order_by()
    return ProductGroupGrant.objects.filter(group=subject.group).order_by()


@dataclass(frozen=True)
class Single:
    """What was given on single products of a kind: on how many, and on which days some of it ends."""

    number: int
    ends: list[date]


def singles(subject: User | Team, organization: Organization) -> dict[str, Single]:
    """By the kind's slug, what the subject itself holds on products that stand. One query."""
    rows = direct_on_products(subject).filter(organization=organization).exclude(content_object__state=State.CANCELLED)
    ends = ArrayAgg(TruncDate("expires_at"), distinct=True, filter=Q(expires_at__isnull=False), default=[])
    number = Count("content_object", distinct=True)
    found = rows.values_list("content_object__kind_slug").annotate(number=number, ends=ends)
    return {slug: Single(count, sorted(days)) for slug, count, days in found}


def of_people(product: Product, users: Iterable[int]) -> dict[int, Holding]:
    """What each of these users holds on the product, by id. Two queries."""
    users = list(users)
    here = _by_holder(ProductUserGrant, ProductGroupGrant, Q(content_object=product), users)
    prefix = f"{product.kind_slug}."
    in_kind = Q(content_object=product.organization_id, permission__codename__startswith=prefix)
    whole = _by_holder(OrganizationUserGrant, OrganizationGroupGrant, in_kind, users, prefix)
    return {user: Holding(product.kind, here.get(user, NOTHING), whole.get(user, NOTHING)) for user in users}


def of_groups(product: Product, groups: Iterable[int]) -> dict[int, Holding]:
    """What each of these teams' groups holds on the product, by the group's id. Two queries."""
    groups = list(groups)
    prefix = f"{product.kind_slug}."
    here = _collect(ProductGroupGrant, Q(content_object=product, group__in=groups), "group")
    in_kind = Q(content_object=product.organization_id, permission__codename__startswith=prefix, group__in=groups)
    whole = _collect(OrganizationGroupGrant, in_kind, "group", prefix)
    return {group: Holding(product.kind, here.get(group, NOTHING), whole.get(group, NOTHING)) for group in groups}


def _by_holder(
    direct: type[Model], through: type[Model], where: Q, users: list[int], prefix: str = ""
) -> dict[int, dict[str, tuple[Source, ...]]]:
    mine = direct._default_manager.filter(where, user__in=users).order_by()
    teams = through._default_manager.filter(where, group__user__in=users).order_by()
    others = teams.values(holder=F("group__user"), **told(F("group__team__name")))
    return _told(mine.values(holder=F("user"), **told(Value(""))).union(others, all=True), prefix)


def _collect(model: type[Model], where: Q, holder: str, prefix: str = "") -> dict[int, dict[str, tuple[Source, ...]]]:
    rows = model._default_manager.filter(where).order_by()
    return _told(rows.values(holder=F(holder), **told(Value(""))), prefix)


def _told(rows: Iterable[dict[str, Any]], prefix: str) -> dict[int, dict[str, tuple[Source, ...]]]:
    found: dict[int, dict[str, tuple[Source, ...]]] = defaultdict(lambda: defaultdict(tuple))
    for row in rows:
        found[row["holder"]][row["codename"].removeprefix(prefix)] += (source_of(row),)
    return found
