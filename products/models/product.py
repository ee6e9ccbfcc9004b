from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import Any, Self
from uuid import uuid4

import idna
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Greatest, JSONObject, Reverse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Right
from organizations.sources import told
from products import kinds
from products.models.plan import Plan


class State(models.TextChoices):
    ORDERED = "ordered", _("Waiting for payment")
    PENDING = "pending", _("Being set up")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    FAILED = "failed", _("Could not be set up")
    CANCELLED = "cancelled", _("Cancelled")


# Nothing is served, and nothing can be done any more.
GONE = (State.FAILED, State.CANCELLED)


# From here on a name resembles what was typed: one wrong or missing letter in a word of five or more.
RESEMBLES = 0.5


def like(text: str) -> Q:
    return Q(name__icontains=text) | Q(label__icontains=text)


def spellings(text: str) -> set[str]:
    """As it was typed, and as names with such letters are stored (A-labels, RFC 5890)."""
    found = {text}
    if not text.isascii():
        with suppress(idna.IDNAError, UnicodeError):
            found.add(idna.encode(text.strip("."), uts46=True).decode())
    return found


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, access: Access) -> Self:
        """products that this person may see in this organization; a program, as far as its token goes"""
        whole = {kind.slug for kind in kinds.every() if f"{kind.slug}.view" in access.kind_permissions}
        rows = self.seen_by(access.user, [access.membership], {access.organization.pk: whole})
        narrowing = access.narrowing
        if narrowing is None:
            return rows
        if kinds.Permission.VIEW not in narrowing.permissions:
            return rows.none()
        return rows if narrowing.products is None else rows.filter(pk__in=narrowing.products)

    def seen_by(self, user: User, memberships: Iterable[Membership], whole: Mapping[int, Collection[str]]) -> Self:
        """products that this person may see in the organizations of these memberships of theirs

        `whole`: by organization, the kinds of which they hold a grant. Known before, because next to a subquery for
        them PostgreSQL reads every product, where otherwise it starts from the grants.
        """
        from products.models import sight

        active = [each for each in memberships if Right.SEE in each.rights and each.is_active]
        every = [each.organization_id for each in active if Right.ALL_PRODUCTS in each.rights]
        some = [each.organization_id for each in active if Right.ALL_PRODUCTS not in each.rights]
        rules = [Q(organization__in=every)] if every else []
        rules += [Q(organization=place, kind_slug__in=whole[place]) for place in some if whole.get(place)]
        rules += [Q(organization__in=some, pk__in=sight.single(user))] if some else []
        return self.filter(reduce(or_, rules)) if rules else self.none()

    def granted_to(self, subject: User | Group) -> Self:
        """products that a user, also through their teams, or a group sees by a grant on the product itself"""
        from products.models import sight

        return self.filter(pk__in=sight.single(subject))

    def with_rights(self, access: Access) -> Self:
        """products carrying this person's grants on each, for `products.access.decide`"""
        if Right.ALL_PRODUCTS in access.rights:
            return self
        return self.with_grants_of(access.user)

    def with_grants_of(self, subject: User | Group) -> Self:
        """products carrying the grants of a user, also through their teams, or of a group, on each"""
        from products.models.grant import ProductGroupGrant, ProductUserGrant

        mine, own = {"content_object": OuterRef("pk")}, JSONObject(**told(Value("")))
        if not isinstance(subject, User):
            rows = ProductGroupGrant.objects.filter(group=subject, **mine).order_by()
            return self.annotate(granted=ArraySubquery(rows.values_list(own, flat=True)))
        direct = ProductUserGrant.objects.filter(user=subject, **mine).order_by()
        teams = ProductGroupGrant.objects.filter(group__user=subject, **mine).order_by()
        return self.annotate(
            granted=ArraySubquery(direct.values_list(own, flat=True)),
            granted_to_teams=ArraySubquery(teams.values_list(JSONObject(**told(F("group__team__name"))), flat=True)),
        )

    def with_work(self) -> Self:
        """products that know whether something is being done to them"""
        from products.models.job import Job

        return self.annotate(in_progress=Exists(Job.objects.open().filter(product=OuterRef("pk")).order_by()))

    def of(self, kind: "kinds.Kind") -> Self:
        return self.filter(kind_slug=kind.slug)

    def standing(self) -> Self:
        """products that hold their name: from the order on, until nothing is left of them at the provider"""
        return self.exclude(state=State.CANCELLED)

    def named_like(self, text: str) -> Self:
        """products whose name or label contains the text"""
        return self.filter(like(text))

    def resembling(self, text: str) -> Self:
        """products whose name or label contains the text or is spelled nearly so, the best first

        Each with its `rank`, 0 where the name begins so, 1 where name or label contain it, 2 where they resemble it;
        and with its `similarity`, up to 1.
        """
        texts = spellings(text)
        begins = reduce(or_, (Q(name__istartswith=each) for each in texts))
        contains = reduce(or_, (Q(name__icontains=each) | Q(label__icontains=each) for each in texts))
        rows = self.annotate(
            rank=Case(When(begins, then=0), When(contains, then=1), default=2, output_field=IntegerField()),
            similarity=Greatest(TrigramWordSimilarity(text, "name"), TrigramWordSimilarity(text, "label")),
        )
        # Of three letters nearly everything resembles something.
        found = rows.filter(Q(rank__lt=2) | Q(similarity__gte=RESEMBLES)) if len(text) > 3 else rows.filter(rank__lt=2)
        return found.order_by("rank", "-similarity", "name", "pk")


class Product(models.Model):
    """A subscribed service of an organization. The kind's own table says the rest."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="products")
    kind_slug = models.CharField(_("kind"), max_length=30)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(_("name"), max_length=253)
    label = models.CharField(_("label"), max_length=80, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.ORDERED)
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    # How long one paid period lasts, in months.
    period = models.PositiveSmallIntegerField(default=12)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    # What the provider said last, and when.
    remote_ref = models.CharField(max_length=400, blank=True)
    provider = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)

    # From `with_rights`: this person's grants, direct and through teams, for `source_of`.
    granted: list[dict[str, Any]]
    granted_to_teams: list[dict[str, Any]]

    # From `resembling`.
    rank: int
    similarity: float

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        default_permissions = ()
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind_slug", "name"],
                condition=~Q(state="cancelled"),
                name="product_name_held",
                violation_error_message=_("This name is taken."),
            )
        ]
        indexes = [
            models.Index(fields=["organization", "kind_slug", "name", "id"]),
            models.Index(fields=["organization", "kind_slug", "state"]),
            models.Index(fields=["name"]),
            # Finds what lies below a name: "%.example.ch".
            models.Index(OpClass(Reverse("name"), name="text_pattern_ops"), name="product_name_reversed"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.organization.slug, self.kind_slug, self.pk])

    @cached_property
    def kind(self) -> "kinds.Kind":
        return kinds.get(self.kind_slug)

    @property
    def is_gone(self) -> bool:
        return self.state in GONE

    @property
    def status(self) -> str:
        """What its badge says."""
        return "changing" if self.state != State.PENDING and getattr(self, "in_progress", False) else self.state
