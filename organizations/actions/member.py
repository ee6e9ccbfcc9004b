"""What happens to members: role, suspension, end, contact preferences. Each change holds the organization still."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from manager.web.refused import Refused
from organizations import lasting, standing
from organizations.access import Access
from organizations.actions.still import hold
from organizations.events import Actor, Person, record
from organizations.models import Membership, Organization, Team
from organizations.roles import Right, Role


@transaction.atomic(durable=True)
def set_role(
    member: Membership, role: str, *, may_order: bool = False, has_billing: bool = False, by: Access
) -> Membership:
    """The member has this role, and with it these flags, where the role carries flags.

    Refused for oneself, for who may not appoint, and where nobody would represent the organization.
    """
    member, by = held(member, by)
    role = Role(role)
    wanted = {
        "role": role.value,
        "may_order": may_order and standing.carries(role, Right.ORDER),
        "has_billing": has_billing and standing.carries(role, Right.BILLING),
    }
    refuse(standing.against_role(member, role, by, standing.representatives(by)), field="role")
    if change(member, "member.role", by, **wanted):
        keep_reminded(member.organization, by)
        lasting.match(member.organization, member.user, by=by)
    return member


@transaction.atomic(durable=True)
def set_expiry(member: Membership, until: datetime | None, *, by: Access) -> Membership:
    """The access ends by itself at this moment, or never."""
    member, by = held(member, by)
    staying = standing.representatives(by)
    refuse(standing.against_end(member, by, staying) if until else standing.against_change(member, by), field="until")
    if until and until <= timezone.now():
        raise Refused(_("This day has passed. To close the access now, suspend the user."), field="until")
    if change(member, "member.expiry", by, expires_at=until):
        if member.ended_at:
            member.ended_at = None
            member.save(update_fields=["ended_at"])
        keep_reminded(member.organization, by)
        lasting.match(member.organization, member.user, by=by)
    return member


@transaction.atomic(durable=True)
def suspend(member: Membership, *, by: Access) -> Membership:
    """The member may not enter; their role, rights and teams stay for later."""
    member, by = held(member, by)
    if member.suspended_at:
        return member
    refuse(standing.against_end(member, by, standing.representatives(by)))
    member.suspended_at = timezone.now()
    member.save(update_fields=["suspended_at"])
    record("member.suspend", member, by=by, organization=member.organization)
    keep_reminded(member.organization, by)
    lasting.match(member.organization, member.user, by=by)
    return member


@transaction.atomic(durable=True)
def restore(member: Membership, *, by: Access) -> Membership:
    """The member may enter again, with what they had."""
    member, by = held(member, by)
    if not member.suspended_at:
        return member
    refuse(standing.against_change(member, by))
    member.suspended_at = None
    member.save(update_fields=["suspended_at"])
    record("member.restore", member, by=by, organization=member.organization)
    lasting.match(member.organization, member.user, by=by)
    return member


@transaction.atomic(durable=True)
def remove(member: Membership, *, by: Access) -> None:
    """The person is no member any more, nor in any team; what they held ends. Repeated, nothing more happens."""
    organization = by.organization
    try:
        member, by = held(member, by)
    except Membership.DoesNotExist:
        return
    refuse(standing.against_end(member, by, standing.representatives(by)))
    record("member.remove", member, by=by, organization=organization, role=member.role)
    end(member, by)


@transaction.atomic(durable=True)
def leave(*, by: Access) -> None:
    """The person belongs to the organization no more, by their own wish. Refused to the last legal representative."""
    member, by = held(by.membership, by)
    by.require(Right.SEE)
    refuse(standing.against_leaving(member, standing.representatives(by)))
    record("member.leave", member, by=by, organization=member.organization, role=member.role)
    end(member, by)


@transaction.atomic(durable=True)
def prefer(member: Membership, *, wants_billing_mail: bool, wants_product_mail: bool, by: Access) -> Membership:
    """The member gets these mails about the organization.

    Refused where no legal representative would be reminded of what is to be paid.
    """
    member, by = held(member, by)
    by.require(Right.SEE)
    refuse(standing.against_preferring(member, by))
    if not wants_billing_mail:
        refuse(standing.against_silence(member, standing.reminded(by)), field="wants_billing_mail")
    change(member, "member.prefer", by, wants_billing_mail=wants_billing_mail, wants_product_mail=wants_product_mail)
    return member


@transaction.atomic(durable=True)
def view_as(member: Membership, *, by: Access) -> Membership:
    """The log says that this person begins to look at the organization as the member."""
    member, by = held(member, by)
    refuse(standing.against_viewing(member, by))
    record("member.view_as", member, by=by, organization=member.organization)
    return member


@transaction.atomic(durable=True)
def view_as_stop(organization: Organization, member: int, *, by: Person) -> None:
    """The log says that they see it with their own eyes again. In the organization's scope."""
    if found := Membership.objects.filter(organization=organization, pk=member).select_related("user").first():
        record("member.view_as_stop", found, by=by, organization=organization)


def held(member: Membership, by: Access) -> tuple[Membership, Access]:
    """The organization held still, the member as they are now, and whoever acts with the rights they have now."""
    by = hold(by)
    found = Membership.objects.select_related("user").get(organization=by.organization, pk=member.pk)
    found.organization = by.organization
    return found, by


def refuse(reason: str, field: str | None = None) -> None:
    if reason:
        raise Refused(reason, field=field)


def change(member: Membership, verb: str, by: Actor | None, **wanted: object) -> bool:
    """The member's columns have these values, and the log tells what they were; false when they had them before."""
    changes = {name: [getattr(member, name), value] for name, value in wanted.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    for name, (_old, value) in changes.items():
        setattr(member, name, value)
    if changes:
        member.save(update_fields=list(changes))
        told = {name: [written(part) for part in pair] for name, pair in changes.items()}
        record(verb, member, by=by, organization=member.organization, **told)
    return bool(changes)


def written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def end(member: Membership, by: Access) -> None:
    """The membership and its teams are gone. In the caller's transaction."""
    organization, user = member.organization, member.user
    member.delete()
    leave_teams(organization, user)
    keep_reminded(organization, by)
    lasting.match(organization, user, by=by)


def leave_teams(organization: Organization, user: User) -> None:
    User.groups.through.objects.filter(user=user, group__team__organization=organization).delete()
    Team.objects.filter(organization=organization, leader=user).update(leader=None)


def keep_reminded(organization: Organization, by: Actor | None) -> None:
    """Some legal representative is told what is to be paid: the longest-standing one, where nobody wanted it."""
    staying = Membership.objects.filter(organization=organization).representing().select_related("user")
    if not staying.filter(wants_billing_mail=True).exists():
        for member in staying.order_by("created_at", "pk")[:1]:
            member.organization = organization
            change(member, "member.prefer", by, wants_billing_mail=True)
