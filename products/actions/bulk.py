"""Runs over many products: begun by a person, worked off by a worker, one product after the other.

A worker that dies loses nothing: the run's lease ends, the next worker goes on with what still waits. What it did and
could not record is done again, which changes nothing more.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.language import spoken_by
from manager.web.broker import wake
from manager.web.refused import Refused
from organizations import tenancy
from organizations.access import Access
from organizations.actions.still import hold
from organizations.events import record
from organizations.models import Membership
from organizations.roles import Right
from products import access as rights
from products.bulk import ACTIONS
from products.kinds import Kind
from products.models import BulkItem, BulkRun
from products.models.product import ProductQuerySet

logger = logging.getLogger(__name__)
MOST = 10_000
LEASE = timedelta(minutes=2)
Item = BulkItem.State


@transaction.atomic(durable=True)
def start(kind: Kind, rows: ProductQuerySet, action: str, text: str, key: UUID, *, by: Access) -> BulkRun:
    """These products, as they are now, will have this done to them, one after the other; once for each key."""
    by = hold(by, Right.SEE)
    mine = BulkRun.objects.filter(organization=by.organization, key=key)
    if (run := mine.first()) is not None:
        return run
    chosen = list(rows.order_by("name", "pk").values_list("pk", "name")[: MOST + 1])
    if not chosen:
        raise Refused(_("Choose at least one product."))
    if len(chosen) > MOST:
        raise Refused(_("At most %(number)d products at once. Narrow the list first.") % {"number": MOST})
    run = BulkRun.objects.create(
        organization=by.organization,
        actor=by.user,
        kind_slug=kind.slug,
        action=action,
        text=text,
        key=key,
        total=len(chosen),
    )
    BulkItem.objects.bulk_create(
        (BulkItem(organization=by.organization, run=run, target=pk, name=name) for pk, name in chosen), batch_size=1000
    )
    record("product.bulk", by.organization, by=by, organization=by.organization, action=action, number=len(chosen))
    transaction.on_commit(lambda: _wake(run.pk))
    return run


@transaction.atomic(durable=True)
def retry(run: BulkRun, *, by: Access) -> None:
    """What was not possible is tried once more."""
    by = hold(by, Right.SEE)
    run = BulkRun.objects.select_for_update().get(pk=run.pk, organization=by.organization)
    if run.finished_at is None or run.actor_id != by.user.pk:
        return
    if run.items.filter(state=Item.REFUSED).update(state=Item.WAITING, message=""):
        run.finished_at = run.lease_until = None
        run.save(update_fields=["finished_at", "lease_until"])
        transaction.on_commit(lambda: _wake(run.pk))


def _wake(pk: int) -> None:
    from products.tasks import run_bulk

    wake(run_bulk, pk)


def claim(pk: int) -> BulkRun | None:
    """The run, taken by this worker; None when it is over or another worker has it."""
    now = timezone.now()
    with tenancy.every_organization():
        free = BulkRun.objects.filter(pk=pk, finished_at=None).filter(Q(lease_until=None) | Q(lease_until__lte=now))
        taken = free.update(lease_until=now + LEASE, attempt=F("attempt") + 1)
        return BulkRun.objects.select_related("organization", "actor").get(pk=pk) if taken else None


def work(pk: int) -> None:
    """Everything that waits in the run is done or refused, unless another worker takes it over."""
    run = claim(pk)
    if run is None:
        return
    with tenancy.scope(run.organization_id), spoken_by(run.actor):
        while item := run.items.filter(state=Item.WAITING).first():
            state, message = carry_out(run, item)
            if not note(run, item, state, message):
                logger.warning("bulk run %s was taken over", pk)
                return
        BulkRun.objects.filter(pk=pk, attempt=run.attempt).update(finished_at=timezone.now(), lease_until=None)


def carry_out(run: BulkRun, item: BulkItem) -> tuple[str, str]:
    """What became of one product, by the rights that the person has now."""
    action = ACTIONS[run.action]
    try:
        by = acting(run)
        product = rights.find(by, run.kind_slug, item.target)
        rights.require(by, action.permission, product)
        action.do(product, run.text, by)
    except Refused as no:
        return Item.REFUSED, str(no.message)
    except rights.Denied as no:
        return Item.REFUSED, str(no.decision.reason)
    except Http404:
        return Item.REFUSED, _("You do not see this product any more.")
    except Exception:
        logger.exception("bulk run %s broke at product %s", run.pk, item.target)
        return Item.REFUSED, _("Something unexpected happened on our side.")
    return Item.DONE, ""


def acting(run: BulkRun) -> Access:
    """Who began the run, with what they may do now. Refused for who may not enter the organization any more."""
    organization, user = run.organization, run.actor
    member = Membership.objects.filter(organization=organization, user=user).first() if user else None
    if user is None or member is None or not user.is_active or not member.is_active:
        raise Refused(_("Who wanted this has no access to %(organization)s any more.") % {"organization": organization})
    start = organization.second_factor_from
    if start is not None and start <= timezone.now() and not second_factor.has_one(user):
        raise Refused(_("%(organization)s asks for a second factor.") % {"organization": organization})
    member.organization, member.user = organization, user
    return Access(user, organization, member)


def note(run: BulkRun, item: BulkItem, state: str, message: str) -> bool:
    """The outcome stands and the lease is longer; False, and nothing changed, when another worker has the run."""
    with transaction.atomic():
        mine = BulkRun.objects.filter(pk=run.pk, attempt=run.attempt, finished_at=None)
        if not mine.update(lease_until=timezone.now() + LEASE):
            return False
        BulkItem.objects.filter(pk=item.pk).update(state=state, message=message[:300])
    return True


def sweep() -> None:
    """A worker is woken for every run that nobody has: its message was lost, or its worker died."""
    now = timezone.now()
    with tenancy.every_organization():
        rows = BulkRun.objects.filter(finished_at=None).filter(Q(lease_until=None) | Q(lease_until__lte=now))
        due = list(rows.order_by("pk").values_list("pk", flat=True)[:200])
    for pk in due:
        _wake(pk)
