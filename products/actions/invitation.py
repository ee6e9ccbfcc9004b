"""People are invited with rights on products, and get them when they join."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from manager.web.refused import Refused
from organizations import invitations, tenancy
from organizations.access import Access
from organizations.actions import invitation as actions
from organizations.actions.still import hold, hold_still
from organizations.events import Person, record
from organizations.models import Invitation, Organization, Team
from organizations.roles import RIGHTS, Right, Role
from products import kinds
from products.actions.grant import Target, check_giver, set_rights
from products.models import Product

MOST_GRANTS = 200
# In `Invitation.grants`: {"product": id, "permissions": [...]} or {"kind": slug, "permissions": [...]}.
Promise = Mapping[str, Any]


@transaction.atomic(durable=True)
def invite(
    emails: Iterable[str],
    role: Role,
    *,
    teams: Iterable[Team] = (),
    rights: Sequence[tuple[Target, Iterable[str]]] = (),
    by: Access,
    **fields: Any,
) -> list[Invitation]:
    """Each of these people has an open invitation with these teams and rights, and a mail with its link.

    Refused beyond what the inviter holds. Who has every product by role needs no rights.
    """
    by = hold(by)
    actions.check_role(role, by)
    if len(rights) > MOST_GRANTS:
        text = _("An invitation opens up to %(number)d single products. Choose whole kinds instead.")
        raise Refused(text % {"number": MOST_GRANTS})
    for target, permissions in rights:
        check_giver(target, permissions, by)
    chosen = [team.pk for team in teams if team.organization_id == by.organization.pk]
    everything = Right.ALL_PRODUCTS in RIGHTS[role]
    grants = [] if everything else [promise(target, permissions) for target, permissions in rights]
    return actions.create(emails, role, by=by, teams=chosen, grants=grants, **fields)


@transaction.atomic(durable=True)
def resend(invitation: Invitation, *, by: Access) -> Invitation:
    """The mail leaves again, and the link is valid for another two weeks, by the word of who sends it."""
    by = hold(by)
    for target, permissions in targets(invitation):
        check_giver(target, permissions, by)
    return actions.resend(invitation, by=by)


@transaction.atomic(durable=True)
def revoke(invitation: Invitation, *, by: Access) -> Invitation:
    """The link opens nothing any more."""
    return actions.revoke(invitation, by=by)


def accept(organization: int, key: UUID, *, by: Person) -> tuple[Organization, bool]:
    """The person belongs to the organization, with the teams and rights that the invitation says.

    Also says whether they joined by it: who was a member before keeps what they have. Refused, always in the same
    words, for an invitation that is not open to this person.
    """
    with tenancy.scope(organization), transaction.atomic(durable=True):
        by, invitation, giver = taken(organization, key, by)
        joined = actions.accept(invitation, giver, by=by) is not None
        if joined:
            give(invitation, by.user, by=giver)
        return invitation.organization, joined


def decline(organization: int, key: UUID, *, by: Person) -> Organization:
    """The person does not join. Refused as `accept`."""
    with tenancy.scope(organization), transaction.atomic(durable=True):
        by, invitation, _giver = taken(organization, key, by)
        actions.decline(invitation, by=by)
        return invitation.organization


def taken(organization: int, key: UUID, by: Person) -> tuple[Person, Invitation, Access]:
    """The person as they are now, their open invitation, and the access of who invited; it and all rights are held."""
    hold_still(organization)
    found, by = invitations.opened(organization, key, lock=True), replace(by, user=User.objects.get(pk=by.user.pk))
    if found is None or not invitations.is_for(found[0], by.user):
        raise Refused(_("This link does not open an invitation to you."))
    return by, *found


def give(invitation: Invitation, user: User, *, by: Access) -> None:
    """The rights that were promised, as far as they still mean something and who invited may still give them."""
    if Right.ALL_PRODUCTS in RIGHTS[Role(invitation.role)]:
        return
    given = 0
    for target, permissions in targets(invitation):
        try:
            set_rights(user, target, permissions, by=by)
        except Refused:
            continue
        given += 1
    if missing := len(invitation.grants) - given:
        record("invitation.lapse", invitation, by=None, organization=invitation.organization, number=missing)


def promise(target: Target, permissions: Iterable[str]) -> Promise:
    what = {"product": target.pk} if isinstance(target, Product) else {"kind": target.slug}
    return what | {"permissions": sorted(permissions)}


def targets(invitation: Invitation) -> Iterator[tuple[Target, list[str]]]:
    """What the invitation gives rights on, of what is still there: whole kinds, then products by their ids.

    In the organization's scope; one query.
    """
    ids = [grant["product"] for grant in invitation.grants if "product" in grant]
    rows = Product.objects.filter(organization=invitation.organization, pk__in=ids).standing() if ids else ()
    products = {product.pk: product for product in rows}
    known = {kind.slug: kind for kind in kinds.every()}
    for grant in sorted(invitation.grants, key=lambda grant: grant.get("product", 0)):
        target = products.get(grant["product"]) if "product" in grant else known.get(grant.get("kind", ""))
        if target is not None:
            yield target, grant["permissions"]
