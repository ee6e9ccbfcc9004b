from itertools import count
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from manager.web import locks
from manager.web.refused import Refused
from organizations import lasting, limits, obstacles, tenancy
from organizations.access import Access
from organizations.actions.member import leave_teams
from organizations.actions.still import current, hold, hold_still
from organizations.events import Person, record
from organizations.models import Invitation, Membership, Organization
from organizations.roles import Right, Role


@transaction.atomic
def create(*, key: UUID, by: Person, **fields: str) -> Organization:
    """An organization exists, and its founder is its legal representative. The same key gives the same organization.

    Refused when the key belongs to somebody else's submission.
    """
    locks.hold(f"organization:{key}")
    if found := Organization.objects.filter(key=key).first():
        tenancy.enter(user=by.user.pk, organizations=tenancy.known().organizations)
        if not Membership.objects.filter(organization=found, user=by.user).exists():
            raise Refused(_("This form was sent before. Open it again."))
        tenancy.widen(found.pk)
        return found
    limits.check_founding(by.user)
    organization = Organization(key=key, **fields)
    organization.slug = free_slug(organization.name)
    organization.save(force_insert=True)
    tenancy.widen(organization.pk)
    Membership.objects.create(
        organization=organization,
        user=by.user,
        role=Role.LEGAL_REPRESENTATIVE,
        wants_billing_mail=True,
        wants_product_mail=True,
    )
    record("organization.create", organization, by=by, organization=organization, name=organization.name)
    return organization


def free_slug(name: str) -> str:
    """The first free address made of a name, held until the transaction ends. A name of signs only: "organization"."""
    stem = slugify(name)[:50].strip("-") or "organization"
    locks.hold(f"slug:{stem}")
    taken = set(Organization.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic(durable=True)
def edit(*, by: Access, **fields: str) -> Organization:
    """The organization has this name and address. Its place in the portal's addresses stays."""
    by = hold(by, Right.EDIT)
    organization = by.organization
    changes = {name: [getattr(organization, name), value] for name, value in fields.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return organization
    for name, (_old, value) in changes.items():
        setattr(organization, name, value)
    organization.save(update_fields=list(changes))
    record("organization.edit", organization, by=by, organization=organization, **changes)
    return organization


@transaction.atomic(durable=True)
def delete(organization: Organization, *, by: Access) -> Organization:
    """Nobody enters the organization any more. Its invoices, its log and its place in the portal's addresses stay.

    Refused while something is left of it.
    """
    # Nothing new can refer to it from here on.
    held = hold_still(organization.pk, alone=True)
    organization = held[organization.pk]
    if organization.deleted_at:
        return organization
    by = current(by, held)
    by.require(Right.DELETE)
    if found := [str(each.found) for each in obstacles.checklist(organization) if each.stands]:
        text = _("%(organization)s cannot be deleted yet: %(found)s.")
        raise Refused(text % {"organization": organization, "found": "; ".join(found)})
    now = timezone.now()
    Invitation.objects.filter(organization=organization).standing().update(revoked_at=now)
    organization.deleted_at = now
    organization.save(update_fields=["deleted_at"])
    for member in list(organization.memberships.select_related("user")):
        leave_teams(organization, member.user)
        member.delete()
        lasting.match(organization, member.user, by=by)
    record("organization.delete", organization, by=by, organization=organization, name=organization.name)
    return organization


def remember(membership: Membership) -> None:
    """This organization answers links that name none, such as /hosting/."""
    Membership.objects.filter(pk=membership.pk).update(last_used_at=timezone.now())
