from django.db import transaction
from django.utils.translation import gettext as _

from manager.web.refused import Refused
from organizations.access import Access
from organizations.events import record
from products import jobs
from products.access import require
from products.actions.product import is_becoming, locked
from products.models import Job, Product
from products.models.job import JobState, Verb


def refusal(job: Job) -> str:
    """Why this job cannot be retried by a customer; empty when it can."""
    if job.state not in (JobState.WAITING, JobState.FAILED):
        return _("This is not waiting for anything.")
    if job.product.is_gone and job.verb != Verb.CANCEL:
        return _("Nothing is left of this product.")
    if job.state == JobState.FAILED and job.verb != Verb.CANCEL and is_becoming(job.product, Verb.CANCEL):
        return _("This product is being cancelled.")
    if job.state == JobState.FAILED and not Job.objects.filter(pk=job.pk).unresolved().exists():
        return _("Something newer was done to this product since.")
    if job.state == JobState.FAILED and job.verb == Verb.PROVISION:
        return _("This could not be set up and was refunded. Order it again when you like.")
    return ""


@transaction.atomic(durable=True)
def retry(product: Product, pk: int, *, by: Access) -> Job | None:
    """The job of this product is tried again now. One that is running or queued already stays as it is.

    Denied to who may not do what the job does.
    """
    visible, product = product, locked(product)
    job = Job.objects.filter(pk=pk, product=product).select_related("product").first()
    if job is not None:
        require(by, job.permission, visible)
    if job is None or job.state in (JobState.QUEUED, JobState.RUNNING):
        return job
    if reason := refusal(job):
        raise Refused(reason)
    if job.state == JobState.FAILED and is_becoming(product, Verb(job.verb)):
        return job
    record("job.retry", product, by=by, organization=product.organization, verb=job.verb)
    return jobs.retry(job)
