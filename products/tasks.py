from celery import shared_task
from django.utils import timezone

from manager.web.broker import wake
from organizations import tenancy
from products import jobs
from products.actions import bulk, expiry
from products.models import Heartbeat, Job


@shared_task
def run_job(pk: int) -> None:
    jobs.run(pk)


@shared_task
def sweep_jobs() -> None:
    """Every job that is due is woken: those whose message was lost, the repeats, and those whose worker died."""
    with tenancy.every_organization():
        due = list(Job.objects.due().order_by("run_after").values_list("pk", flat=True)[:1000])
    for pk in due:
        wake(run_job, pk)


@shared_task
def run_bulk(pk: int) -> None:
    bulk.work(pk)


@shared_task
def sweep_bulk() -> None:
    bulk.sweep()


@shared_task
def heartbeat() -> None:
    """Sent by beat, run by a worker: proof that both live."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"at": timezone.now()})


@shared_task
def end_grants() -> None:
    expiry.end_grants()
