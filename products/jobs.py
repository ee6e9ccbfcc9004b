"""How a job lives: opened, claimed by one worker, driven step by step, and recorded.

No transaction is open while a provider is called. Whoever recorded last is told by the attempt number: a worker that
was too slow and lost its lease records nothing any more.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from manager.web import locks
from manager.web.broker import wake
from organizations import tenancy
from organizations.events import Actor
from products.drivers import Conflict, Outcome, Permanent, Retryable
from products.models import Job, Product
from products.models.job import OPEN, JobState, Verb

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
# With the back-off below: about a day of trying.
ATTEMPTS = 150
LONGEST_WAIT = 600
WITHDRAWN = gettext_lazy("Cancelled before it was set up.")


class Superseded(Exception):
    """Another worker has taken the job over."""


def open_job(product: Product, verb: Verb, *, by: Actor | None) -> Job:
    """One open job of this verb stands for the product, whose row the caller has locked; a worker is woken.

    A wish that changes while its job runs makes the job run once more, so the last wish wins.
    """
    job = Job.objects.open().filter(product=product, verb=verb).select_for_update().first()
    if job is None:
        user = by.user if by else None
        steps = [{"name": name, "at": None} for name in product.kind.steps] if verb == Verb.PROVISION else []
        job = Job.objects.create(
            organization_id=product.organization_id, product=product, verb=verb, actor=user, steps=steps
        )
    elif job.state == JobState.RUNNING:
        Job.objects.filter(pk=job.pk).update(again=True)
    wake_later(job)
    return job


def wake_later(job: Job) -> None:
    from products.tasks import run_job

    transaction.on_commit(lambda: wake(run_job, job.pk))


def claim(pk: int) -> Job | None:
    """The job, leased to this worker; None when it is over, not due, somebody else's, or behind an older one."""
    with tenancy.every_organization():
        job = Job.objects.due().filter(pk=pk).first()
        if job is None:
            return None
        locks.hold(f"product:{job.product_id}")
        if Job.objects.open().filter(product=job.product_id, pk__lt=pk).exists():
            return None
        now = timezone.now()
        taken = (
            Job.objects.due()
            .filter(pk=pk)
            .update(
                state=JobState.RUNNING,
                attempt=F("attempt") + 1,
                lease_until=now + LEASE,
                again=False,
                error="",
                detail="",
            )
        )
        return Job.objects.get(pk=pk) if taken else None


def run(pk: int) -> None:
    """Claim the job, drive it to the end of its steps or to the next try, and record what came of it."""
    job = claim(pk)
    if job is None:
        return
    with tenancy.scope(job.organization_id):
        product = Product.objects.select_related("organization", "plan").get(pk=job.product_id)
        if job.attempt > ATTEMPTS:
            fail(job, _("This could not be done. Our staff is looking into it."), "no attempt came to an end")
            return
        try:
            succeed(job, drive(job, product))
        except Superseded:
            logger.warning("job %s was taken over", pk)
        except Retryable as problem:
            wait(job, str(problem.reason), problem.detail, problem.after)
        except Permanent as problem:
            fail(job, str(problem.message), problem.detail)
        except Conflict as problem:
            message = _("The name is in use at our provider. Our staff is looking into it.")
            fail(job, message, problem.seen)
        except Exception as problem:
            # A fault of ours: the customer's wish stands, so it is tried again while somebody looks at the log.
            logger.exception("job %s broke", pk)
            wait(job, _("Something unexpected happened on our side."), f"{type(problem).__name__}: {problem}", None)


def drive(job: Job, product: Product) -> Outcome | None:
    """Ask the provider, recording each step as it becomes true and renewing the lease with it."""
    if product.is_gone and job.verb != Verb.CANCEL:
        # Whatever woke this job late: nothing is set up again that was taken down.
        raise Permanent(_("Nothing is left of this product."))
    driver, spec = product.kind.driver(), product.kind.spec(product)
    if job.verb == Verb.OBSERVE:
        return driver.observe(spec)
    steps = driver.absent(spec) if job.verb == Verb.CANCEL else driver.ensure(spec)
    while True:
        try:
            name = next(steps)
        except StopIteration as end:
            return end.value
        record_step(job, name)


def record_step(job: Job, name: str) -> None:
    now = timezone.now()
    known = next((step for step in job.steps if step["name"] == name), None)
    if known is None:
        job.steps.append(known := {"name": name, "at": None})
    known["at"] = known["at"] or now.isoformat()
    mine(job, steps=job.steps, lease_until=now + LEASE)


def mine(job: Job, **changes: object) -> None:
    """Record on the job, only while this attempt is the current one; else Superseded."""
    rows = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=JobState.RUNNING)
    if not rows.update(**changes):
        raise Superseded


def wait(job: Job, reason: str, detail: str, after: int | None) -> None:
    """The job is tried again later, at longer and longer intervals; after about a day it has failed."""
    if job.attempt >= ATTEMPTS:
        fail(job, reason, detail)
        return
    if job.verb == Verb.PROVISION and Job.objects.open().filter(product=job.product_id, verb=Verb.CANCEL).exists():
        fail(job, str(WITHDRAWN), detail)
        return
    seconds = after if after is not None else min(LONGEST_WAIT, 2 ** min(job.attempt, 10))
    run_after = timezone.now() + timedelta(seconds=seconds)
    try:
        mine(job, state=JobState.WAITING, run_after=run_after, error=reason[:300], detail=detail[:4000])
    except Superseded:
        return
    if seconds <= 60:
        from products.tasks import run_job

        wake(run_job, job.pk, countdown=seconds)


def succeed(job: Job, outcome: Outcome | None) -> None:
    from products.actions.outcome import delivered
    from products.actions.product import locked

    with transaction.atomic():
        # Everybody locks the product first, then its jobs.
        locked(job.product)
        again = Job.objects.select_for_update().get(pk=job.pk).again
        state = JobState.QUEUED if again else JobState.SUCCEEDED
        finished = None if again else timezone.now()
        try:
            mine(job, state=state, finished_at=finished, run_after=timezone.now(), error="", detail="")
        except Superseded:
            return
        delivered(job, outcome)
        end(job)


def fail(job: Job, message: str, detail: str) -> None:
    from products.actions.outcome import undelivered
    from products.actions.product import locked

    with transaction.atomic():
        locked(job.product)
        try:
            mine(job, state=JobState.FAILED, finished_at=timezone.now(), error=message[:300], detail=detail[:4000])
        except Superseded:
            return
        undelivered(job, message)
        end(job)


def end(job: Job) -> None:
    """Whoever wants to know is told, and the next job of the product is woken."""
    from celery import current_app

    for following in Job.objects.filter(product=job.product_id, state__in=OPEN).order_by("pk")[:1]:
        wake_later(following)
    told = current_app.signature(settings.JOB_ENDED_TASK)
    transaction.on_commit(lambda: wake(told, job.pk))


def retry(job: Job) -> Job:
    """The job is due now. For one that waits, or that failed without having been written off."""
    idle = Job.objects.filter(pk=job.pk, state__in=[JobState.WAITING, JobState.FAILED])
    idle.update(state=JobState.QUEUED, run_after=timezone.now(), finished_at=None, error="", detail="")
    wake_later(job)
    return job


def withdraw(product: Product) -> bool:
    """The set-up of the product, if nobody works on it now, will never run. True when there was one."""
    idle = Job.objects.filter(product=product, verb=Verb.PROVISION, state__in=[JobState.QUEUED, JobState.WAITING])
    return bool(idle.update(state=JobState.FAILED, finished_at=timezone.now(), error=str(WITHDRAWN)))
