"""What needs somebody's attention in an organization: told along with the counts, so that home asks nothing more."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import second_factor
from manager.shell import counts
from manager.web.dates import exact, relative
from organizations.access import Access
from organizations.models import Invitation, Membership
from organizations.roles import Right
from products import kinds, names
from products.kinds import Kind
from products.models import Product
from products.models.product import State

# How long before its end a product is worth a word, and an invitation.
SOON = timedelta(days=30)
LAST_DAYS = timedelta(days=2)
# So many are named; all are counted.
NAMED = 9
# Marks of rows in the query that counts.
EXPIRING, EXPIRE_NAMED, FACTOR, BARE, BARE_NAMED, INVITED, INVITED_NAMED = (f"!{number}" for number in range(7))


def rows(access: Access) -> list[QuerySet[Any]]:
    """What `counts.by_kind` asks along for this person."""
    if not access.may(Right.SEE):
        return []
    ending = Product.objects.visible_to(access).filter(
        state__in=[State.ACTIVE, State.SUSPENDED], expires_at__lte=timezone.now() + SOON
    )
    by_state = ending.order_by().values("kind_slug", "state").annotate(number=Count("pk"))
    found = [
        told(by_state, EXPIRING, "number", kind="kind_slug", state="state", first=Min("expires_at")),
        told(ending.order_by("expires_at", "pk"), EXPIRE_NAMED, "pk", kind="kind_slug", name="name", at="expires_at"),
    ]
    if not access.viewer:
        found.append(told(second_factor.factors().filter(user=access.user).order_by(), FACTOR, "pk"))
    if access.may(Right.MEMBERS):
        found += of_people(access)
    return found


def of_people(access: Access) -> list[QuerySet[Any]]:
    """For who looks after the users."""
    invited = Invitation.objects.filter(organization=access.organization).open()
    found = [
        counted(invited, INVITED),
        told(invited.order_by("expires_at", "pk"), INVITED_NAMED, "pk", name="email", at="expires_at"),
    ]
    if access.organization.second_factor_from:
        members = Membership.objects.filter(organization=access.organization).active().exclude(user=access.user)
        bare = members.exclude(second_factor.exists_for("user"))
        person = Concat("user__first_name", Value(" "), "user__last_name")
        found += [counted(bare, BARE), told(bare.order_by("pk"), BARE_NAMED, "pk", name=person)]
    return found


def counted(rows: QuerySet[Any], mark: str) -> QuerySet[Any]:
    return told(rows.order_by().values("organization").annotate(number=Count("pk")), mark, "number")


def told(rows: QuerySet[Any], mark: str, number: str, **what: Any) -> QuerySet[Any]:
    """(mark, JSON, number) of the first rows."""
    text = Cast(JSONObject(**what), TextField()) if what else Value("", TextField())
    marked = rows.annotate(mark_=Value(mark, TextField()), told_=text)
    return marked.values_list("mark_", "told_", number)[:NAMED]


@dataclass(frozen=True)
class Expiring:
    """The products of one kind that end soon, or have ended."""

    kind: Kind
    first: datetime
    # By state.
    numbers: dict[str, int] = field(default_factory=dict)
    named: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return sum(self.numbers.values())

    @property
    def is_over(self) -> bool:
        return self.first <= timezone.now()

    @property
    def line(self) -> str:
        """For a tile, beside the name of the kind."""
        if self.is_over:
            text = ngettext(
                "%(n)d has run out or does within 30 days", "%(n)d have run out or do so within 30 days", self.number
            )
        else:
            text = ngettext("%(n)d expires within 30 days", "%(n)d expire within 30 days", self.number)
        return text % {"n": self.number}

    @property
    def title(self) -> str:
        if self.number == 1 and self.named:
            what = {"name": names.shown(self.named[0][0]), "when": relative(self.first)}
            text = _("%(name)s expired %(when)s") if self.is_over else _("%(name)s expires %(when)s")
            return text % what
        return _("%(kind)s: %(line)s") % {"kind": self.kind.label, "line": self.line}

    @property
    def text(self) -> str:
        """Which, and when."""
        shown = [
            _("%(name)s on %(day)s") % {"name": names.shown(name), "day": exact(timezone.localdate(at))}
            for name, at in self.named[:3]
        ]
        if not shown:
            return _("The first on %(day)s") % {"day": exact(timezone.localdate(self.first))}
        more = self.number - len(shown)
        end = [ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}] if more else []
        return ", ".join([*shown, *end])


@dataclass(frozen=True)
class People:
    """So many people, of whom the first are named."""

    number: int = 0
    named: list[str] = field(default_factory=list)
    # When the first of them runs out of time.
    first: datetime | None = None

    @property
    def text(self) -> str:
        shown, more = self.named[:3], self.number - len(self.named[:3])
        end = [ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}] if more > 0 else []
        return ", ".join([*shown, *end])

    @property
    def is_urgent(self) -> bool:
        return self.first is not None and self.first <= timezone.now() + LAST_DAYS


class Attention:
    """What the query has told. Empty where another one has counted."""

    def __init__(self, request: HttpRequest, access: Access) -> None:
        self.request, self.access = request, access
        if not access.viewer and hasattr(request, "told"):
            # Known for the rest of the page.
            access.user.has_second_factor = bool(counts.told(request, FACTOR))

    @cached_property
    def expiring(self) -> list[Expiring]:
        """By kind, the most urgent first."""
        known = {kind.slug: kind for kind in kinds.every()}
        found: dict[str, Expiring] = {}
        for _mark, text, number in counts.told(self.request, EXPIRING):
            what = json.loads(text)
            first = datetime.fromisoformat(what["first"])
            before = found.get(what["kind"])
            states = (before.numbers if before else {}) | {what["state"]: number}
            found[what["kind"]] = Expiring(known[what["kind"]], min(first, before.first) if before else first, states)
        for what in self.told(EXPIRE_NAMED):
            if what["kind"] in found:
                found[what["kind"]].named.append((what["name"], datetime.fromisoformat(what["at"])))
        for each in found.values():
            each.named.sort(key=lambda pair: pair[1])
        return sorted(found.values(), key=lambda each: each.first)

    @property
    def number(self) -> int:
        """How many things are said of it."""
        return len(self.expiring) + sum(map(bool, (self.wants_second_factor, self.bare.number, self.invited.number)))

    @property
    def wants_second_factor(self) -> bool:
        """Worth a word. Where the organization asks for it, every page says so above."""
        return self.lacks_second_factor and not self.access.organization.second_factor_from

    @property
    def lacks_second_factor(self) -> bool:
        return not self.access.viewer and not second_factor.has_one(self.access.user)

    @cached_property
    def bare(self) -> People:
        """Others who sign in with a password only, where the organization asks for more."""
        return self.people(BARE, BARE_NAMED)

    @cached_property
    def invited(self) -> People:
        """Who has not answered an invitation yet."""
        return self.people(INVITED, INVITED_NAMED)

    def people(self, counted: str, named: str) -> People:
        numbers = counts.told(self.request, counted)
        found = sorted(self.told(named), key=lambda what: what.get("at", ""))
        first = datetime.fromisoformat(found[0]["at"]) if found and "at" in found[0] else None
        return People(numbers[0][2] if numbers else 0, [what["name"].strip() for what in found], first)

    def told(self, mark: str) -> list[dict[str, Any]]:
        return [
            json.loads(text) for _mark, text, _number in sorted(counts.told(self.request, mark), key=lambda row: row[2])
        ]
