"""Teams: members who get rights together. Each has one group, which guardian's rows point to."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from manager.web.refused import Refused
from organizations import lasting, standing, tenancy
from organizations.access import Access
from organizations.actions.still import Gone, hold
from organizations.events import record
from organizations.models import Membership, Team
from organizations.roles import Right


@transaction.atomic(durable=True)
def create(*, name: str, tone: str, by: Access) -> Team:
    """The organization has a team with this name, still without members and rights."""
    by = hold(by, Right.MEMBERS)
    check_name(name, by)
    group = Group.objects.create(name=f"team-{uuid4()}")
    team = Team.objects.create(organization=by.organization, name=name, tone=tone, group=group)
    record("team.create", team, by=by, organization=by.organization, name=name)
    return team


@transaction.atomic(durable=True)
def edit(team: Team, *, name: str, tone: str, leader: User | None, by: Access) -> Team:
    """The team has this name, colour and leader. Refused for a leader who is not in it."""
    by = hold(by, Right.MEMBERS)
    check_name(name, by, but=team)
    team = find(team, by)
    if leader is not None and not team.group.user_set.filter(pk=leader.pk).exists():
        raise Refused(_("The leader is one of the team. Add this person first."), field="leader")
    before: dict[str, Any] = {"name": team.name, "tone": team.tone, "leader": team.leader}
    after: dict[str, Any] = {"name": name, "tone": tone, "leader": leader}
    changed = [field for field in after if before[field] != after[field]]
    if not changed:
        return team
    for field in changed:
        setattr(team, field, after[field])
    team.save(update_fields=changed)
    details = {field: [str(before[field] or ""), str(after[field] or "")] for field in changed}
    record("team.edit", team, by=by, organization=by.organization, **details)
    return team


@transaction.atomic(durable=True)
def delete(team: Team, *, by: Access) -> None:
    """The team is gone, with all rights that came through it."""
    by = hold(by, Right.MEMBERS)
    found = Team.objects.filter(organization=by.organization, pk=team.pk).first()
    if found is None:
        return
    users = list(found.group.user_set.order_by("pk"))
    record("team.delete", found, by=by, organization=by.organization, members=[str(user) for user in users])
    found.delete()
    # In the worker's role: grants that have ended are hidden from everybody else, and would stay behind.
    with tenancy.every_organization():
        found.group.delete()
    for user in users:
        lasting.match(by.organization, user, by=by)


@transaction.atomic
def add_members(team: Team, users: Iterable[User], *, by: Access) -> list[User]:
    """These members of the organization are in the team; those who were not before are returned.

    In the caller's transaction. Refused for who is no member of the organization, and for oneself: a team's rights
    stay with a smaller role.
    """
    by = hold(by, Right.MEMBERS)
    team = find(team, by)
    wanted = {user.pk: user for user in users}
    rows = Membership.objects.filter(organization=by.organization, user__in=wanted)
    inside = set(rows.values_list("user", flat=True))
    for pk, user in wanted.items():
        if pk not in inside:
            text = _("%(person)s is not a user of %(organization)s.")
            raise Refused(text % {"person": user, "organization": team.organization}, field="member")
    there = set(team.group.user_set.filter(pk__in=wanted).values_list("pk", flat=True))
    added = [user for pk, user in sorted(wanted.items()) if pk not in there]
    if by.user in added:
        raise Refused(standing.not_oneself(), field="member")
    team.group.user_set.add(*added)
    _changed("team.add", team, added, by)
    return added


@transaction.atomic
def remove_members(team: Team, users: Iterable[User], *, by: Access) -> list[User]:
    """These people are not in the team, nor lead it; those who were are returned. In the caller's transaction."""
    by = hold(by, Right.MEMBERS)
    team = find(team, by)
    wanted = [user.pk for user in users]
    removed = list(team.group.user_set.filter(pk__in=wanted).order_by("pk"))
    team.group.user_set.remove(*removed)
    if team.leader_id in {user.pk for user in removed}:
        team.leader = None
        team.save(update_fields=["leader"])
    _changed("team.remove", team, removed, by)
    return removed


def _changed(verb: str, team: Team, users: list[User], by: Access) -> None:
    """The log says who came or went, and their rights follow."""
    for user in users:
        record(verb, team, by=by, organization=team.organization, person=str(user), email=user.email)
        lasting.match(team.organization, user, by=by)


def find(team: Team, by: Access) -> Team:
    """The team as it is now; Refused when it is gone, or belongs to another organization."""
    found = Team.objects.select_related("group", "leader").filter(organization=by.organization, pk=team.pk).first()
    if found is None:
        raise Gone(_("This team is gone."))
    found.organization = by.organization
    return found


def check_name(name: str, by: Access, but: Team | None = None) -> None:
    """Refused when another team of the organization has this name."""
    others = Team.objects.filter(organization=by.organization, name__iexact=name)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Refused(_("There is a team with this name already."), field="name")
