"""Memberships that end by themselves. Everybody is kept out at that moment; here it is logged and told, once."""

import logging

from django.db import transaction
from django.utils import timezone

from organizations import lasting, tenancy
from organizations.actions.member import keep_reminded
from organizations.actions.still import hold_still
from organizations.events import record
from organizations.models import Membership, Organization

logger = logging.getLogger(__name__)


def end_memberships() -> None:
    """Of every membership whose end has passed the log says so, and the person is told. One that breaks stops no other.

    The member stays, with role, rights and teams, for an administrator to give a new end. API tokens need no hand: with
    each use they are asked what the person may.
    """
    with tenancy.every_organization():
        due = list(Membership.objects.ending().order_by("expires_at").values_list("organization", "pk"))
    for organization, pk in due:
        try:
            with tenancy.scope(organization), transaction.atomic():
                _end(hold_still(organization)[organization], pk)
        except Exception:
            logger.exception("the end of membership %s was not told", pk)


def _end(organization: Organization, pk: int) -> None:
    rows = Membership.objects.filter(organization=organization).ending()
    member = rows.select_related("user").filter(pk=pk).first()
    # Gone, with a new end, or told by another worker since.
    if member is None:
        return
    member.organization, member.ended_at = organization, timezone.now()
    member.save(update_fields=["ended_at"])
    record("member.end", member, by=None, organization=organization)
    keep_reminded(organization, None)
    lasting.match(organization, member.user, by=None)
