"""What the engine answers: yes or no, why, and by what. Imports no model."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from manager.web.dates import exact


@dataclass(frozen=True)
class Source:
    """A grant, as people are told of it: who gave it, when, until when, and through which team."""

    by: str
    at: datetime
    until: datetime | None = None
    team: str = ""

    def __str__(self) -> str:
        given = {"person": self.by or _("somebody who is gone"), "day": exact(self.at.date()), "team": self.team}
        text = _("Through the team %(team)s, given by %(person)s on %(day)s") if self.team else ""
        told = (text or _("Given by %(person)s on %(day)s")) % given
        return f"{told}, {_('until %(day)s') % {'day': exact(self.until)}}" if self.until else told


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, and why: a sentence for people."""

    allowed: bool
    reason: str | Promise = ""
    # What it is about: a right of the organization, or a permission on the product with this id.
    right: str = ""
    product: int | None = None
    # The grants that allow it; none when a role does.
    sources: tuple[Source, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Narrowing:
    """What an API token leaves of a person's rights."""

    name: str
    permissions: frozenset[str]
    # Ids; None for every product that the person sees.
    products: frozenset[int] | None

    def covers(self, permission: str, product: int) -> bool:
        return {"view", permission} <= self.permissions and (self.products is None or product in self.products)
