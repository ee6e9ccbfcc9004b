"""The same thing done to several members: each by itself, and each told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions import member as actions
from organizations.actions import second_factor
from organizations.actions import team as teams
from organizations.models import Membership, Team
from organizations.roles import Role

DONE: dict[str, Promise] = {
    "suspend": ngettext_lazy("%(number)d user is suspended.", "%(number)d users are suspended.", "number"),
    "restore": ngettext_lazy("%(number)d user has access.", "%(number)d users have access.", "number"),
    "team": ngettext_lazy("%(number)d user is in the team.", "%(number)d users are in the team.", "number"),
    "remind": ngettext_lazy("%(number)d user is reminded.", "%(number)d users are reminded.", "number"),
}
CAREFULLY = gettext_lazy("Legal representatives are changed one by one, on their own pages.")
TODAY = gettext_lazy("Has a second factor, or was reminded today already.")


@dataclass
class Outcome:
    """What happened to whom."""

    action: str
    done: list[Membership] = field(default_factory=list)
    refused: list[tuple[Membership, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(DONE[self.action] % {"number": len(self.done)})


def suspend(member: Membership, team: Team | None, by: Access) -> None:
    carefully(member)
    actions.suspend(member, by=by)


def restore(member: Membership, team: Team | None, by: Access) -> None:
    carefully(member)
    actions.restore(member, by=by)


def add(member: Membership, team: Team | None, by: Access) -> None:
    assert team is not None
    with transaction.atomic(durable=True):
        teams.add_members(team, [member.user], by=by)


def remind(member: Membership, team: Team | None, by: Access) -> None:
    if not second_factor.remind(by.organization, [member.user], by=by):
        raise Refused(TODAY)


def carefully(member: Membership) -> None:
    if member.role == Role.LEGAL_REPRESENTATIVE:
        raise Refused(CAREFULLY)


VERBS: dict[str, Callable[[Membership, Team | None, Access], None]] = {
    "suspend": suspend,
    "restore": restore,
    "team": add,
    "remind": remind,
}


def carry_out(action: str, members: Iterable[Membership], team: Team | None, *, by: Access) -> Outcome:
    outcome = Outcome(action)
    for member in members:
        try:
            VERBS[action](member, team, by)
        except Refused as no:
            outcome.refused.append((member, str(no.message)))
        except Membership.DoesNotExist:
            outcome.refused.append((member, _("No user here any more.")))
        else:
            outcome.done.append(member)
    return outcome
