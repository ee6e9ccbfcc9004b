"""The one lock on an organization's people and rights. Whoever changes any of them takes it, before every other row.

So two changes at the same moment happen one after the other, the second sees what the first left, and none of them
waits for one that waits for it. After it come invitations, requests, transfers and tokens; last, products in the order
of their ids.
"""

from dataclasses import replace

from django.http import Http404
from django.utils.translation import gettext as _

from manager.web.refused import Refused
from organizations.access import Access
from organizations.models import Membership, Organization
from organizations.roles import Right


class Gone(Refused, Http404):
    """What somebody acts in, or on, is there no more. Where no form says so, the answer is the gate's: not found."""


def hold(access: Access, right: Right | None = None) -> Access:
    """The organization held still until the transaction ends; whoever acts, with the rights they have now.

    Denied without `right`, Gone for who no longer belongs to it.
    """
    found = current(access, hold_still(access.organization.pk))
    if right is not None:
        found.require(right)
    return found


def hold_still(*organizations: int, alone: bool = False) -> dict[int, Organization]:
    """The organizations, by id, with their people and rights as they are until the transaction ends.

    Others may go on to refer to them, by a lock of their own on the key, unless `alone`.
    """
    rows = Organization.objects.select_for_update(no_key=not alone).filter(pk__in=organizations)
    return {organization.pk: organization for organization in rows.order_by("pk")}


def current(access: Access, held: dict[int, Organization]) -> Access:
    """The person with the rights they have now in one of the organizations that are held."""
    organization = held[access.organization.pk]
    mine = Membership.objects.filter(organization=organization, pk=access.membership.pk).first()
    if mine is None or organization.deleted_at:
        raise Gone(_("You no longer belong to %(organization)s.") % {"organization": organization})
    mine.organization = organization
    return replace(access, organization=organization, membership=mine)
