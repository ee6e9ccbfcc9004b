"""Who gives which rights to whom. A subject is a member or a team; a target is one product, or a whole kind."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from manager.web.refused import Refused
from organizations import lasting, tenancy
from organizations.access import Access
from organizations.events import record
from organizations.models import Membership, Organization, OrganizationGroupGrant, OrganizationUserGrant, Team
from organizations.roles import RIGHTS, Right, Role
from products.access import decide
from products.actions.product import locked
from products.kinds import Kind, Permission, Preset
from products.models import Product, ProductGroupGrant, ProductUserGrant
from products.permissions import ids

Subject = User | Team
Target = Product | Kind
# By kind of subject and target.
TABLES: dict[tuple[type, type], type[Model]] = {
    (User, Product): ProductUserGrant,
    (Team, Product): ProductGroupGrant,
    (User, Organization): OrganizationUserGrant,
    (Team, Organization): OrganizationGroupGrant,
}


@transaction.atomic(durable=True)
def set_level(product: Product, user: User, level: Preset | None, *, by: Access) -> None:
    """The member has exactly the permissions of this level on the product; None takes all direct ones away."""
    set_rights(user, product, product.kind.preset(level) if level else (), by=by)


@transaction.atomic(durable=True)
def give(
    subject: Subject,
    targets: Iterable[Target],
    permissions: Iterable[str],
    *,
    until: datetime | None = None,
    by: Access,
) -> None:
    """As `set_rights`, for several targets at once: all of them, or none."""
    wanted = frozenset(permissions)
    for target in targets:
        kind = target.kind if isinstance(target, Product) else target
        set_rights(subject, target, wanted & set(kind.all_permissions), until=until, by=by)


@transaction.atomic
def set_rights(
    subject: Subject, target: Target, permissions: Iterable[str], *, until: datetime | None = None, by: Access
) -> None:
    """The subject holds exactly these permissions on the target, until then; none takes all direct ones away.

    Whoever may do something with a product may also see it. In the caller's transaction. Refused: for oneself, for who
    has every product by role, for who is no member, beyond what the giver holds, and for an end that has passed.
    """
    organization = by.organization
    kind = target.kind if isinstance(target, Product) else target
    wanted = frozenset(permissions) & set(kind.all_permissions)
    wanted |= {Permission.VIEW.value} if wanted else set()
    check_subject(subject, by)
    check_giver(target, wanted, by)
    if until and until <= timezone.now():
        raise Refused(_("This day has passed."), field="until")
    where: Product | Organization = locked(target) if isinstance(target, Product) else held_still(organization)
    holder = {"user": subject} if isinstance(subject, User) else {"group": subject.group}
    rows: Any = TABLES[type(subject), type(where)]._default_manager.filter(**holder, content_object=where)
    prefix = "" if isinstance(target, Product) else f"{kind.slug}."
    names = {f"{prefix}{name}": name for name in kind.all_permissions}
    rows = rows.filter(permission__codename__in=names)
    clear_ended(rows)
    held = {names[name]: end for name, end in rows.values_list("permission__codename", "expires_at")}
    if held == dict.fromkeys(wanted, until):
        return
    # One row for each permission, given anew: who gave it last, and until when.
    rows.delete()
    numbers = ids(type(where))
    rows.model._default_manager.bulk_create(
        rows.model(
            **holder,
            content_object=where,
            permission_id=numbers[f"{prefix}{name}"],
            granted_by=by.user,
            expires_at=until,
        )
        for name in sorted(wanted)
    )
    record(
        "grant.set",
        where,
        by=by,
        organization=organization,
        person=str(subject),
        team=isinstance(subject, Team),
        kind="" if isinstance(target, Product) else kind.slug,
        level=(kind.level_of(wanted) or "custom") if wanted else "none",
        permissions=[sorted(held), sorted(wanted)],
        until=until.isoformat() if until else "",
    )
    for user in [subject] if isinstance(subject, User) else subject.group.user_set.all():
        lasting.match(organization, user, by=by)


def held_still(organization: Organization) -> Organization:
    """The row, locked against other grants on its kinds until the transaction ends."""
    return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def clear_ended(rows: Any) -> None:
    """Grants that have ended are gone: the database hides them from everybody but the worker's role."""
    with tenancy.every_organization():
        rows.filter(expires_at__lte=timezone.now()).delete()


def check_subject(subject: Subject, by: Access) -> None:
    """Refused for who may not be given rights here."""
    if isinstance(subject, Team):
        if subject.organization_id != by.organization.pk:
            raise Refused(_("This team belongs to another organization."))
        return
    member = Membership.objects.filter(organization=by.organization, user=subject).first()
    if member is None:
        raise Refused(_("This person is not a member of %(organization)s.") % {"organization": by.organization})
    if subject == by.user:
        raise Refused(_("Nobody changes their own rights. Ask another administrator."))
    if Right.ALL_PRODUCTS in RIGHTS[Role(member.role)]:
        raise Refused(_("%(person)s has every product by role.") % {"person": subject})


def check_giver(target: Target, wanted: Iterable[str], by: Access) -> None:
    """Refused to who would give more than they hold."""
    if isinstance(target, Product):
        held = all(decide(by, permission, target) for permission in wanted)
    else:
        whole = by.kind_permissions
        held = by.may(Right.ALL_PRODUCTS) or all(f"{target.slug}.{permission}" in whole for permission in wanted)
    if not held:
        raise Refused(_("Nobody gives more rights than they have."))
