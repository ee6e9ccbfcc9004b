"""What the end of a job means for its product. Called by `products.jobs`, in its transaction."""

from datetime import datetime

from django.utils import timezone

from organizations.events import record
from products.actions.product import is_becoming, locked
from products.drivers import Outcome
from products.jobs import open_job
from products.models import Job
from products.models.job import Verb
from products.models.product import State


def delivered(job: Job, outcome: Outcome | None) -> None:
    """The product is what the job was to make it, and shows what the provider said."""
    product, now = locked(job.product), timezone.now()
    if outcome is not None:
        product.remote_ref, product.provider = outcome.ref, outcome.provider
        product.facts, product.observed_at = outcome.facts, now
    elif job.verb == Verb.OBSERVE:
        # The provider has nothing: worth showing, and for a person to decide.
        product.facts, product.observed_at = {"missing": True}, now
    # What was cancelled meanwhile is taken down next: it never was the customer's.
    wanted = not is_becoming(product, Verb.CANCEL)
    if job.verb == Verb.PROVISION and product.state == State.PENDING and wanted:
        product.state, product.activated_at = State.ACTIVE, now
        product.expires_at = after_months(now, product.period)
    elif job.verb == Verb.CANCEL:
        product.state = State.CANCELLED
    product.save()
    if job.verb != Verb.OBSERVE and product.activated_at:
        record(f"product.{job.verb}.done", product, by=None, organization=product.organization)


def undelivered(job: Job, message: str) -> None:
    """The product says that it could not be set up; a change that failed leaves it as it was."""
    product = locked(job.product)
    if job.verb == Verb.PROVISION and product.state == State.PENDING:
        product.state = State.FAILED
        product.save(update_fields=["state"])
        # What was made before the failure is taken down; until then the name is held.
        open_job(product, Verb.CANCEL, by=None)
    elif job.verb == Verb.CANCEL and product.state == State.PENDING:
        # It never worked and cannot be taken down: it is paid back, and somebody must look at what is left.
        product.state = State.FAILED
        product.save(update_fields=["state"])
    record(f"product.{job.verb}.failed", product, by=None, organization=product.organization, error=message)


def after_months(start: datetime, months: int) -> datetime:
    """The same day that many months later, or the last of that month."""
    year, month = divmod(start.month - 1 + months, 12)
    for day in range(start.day, start.day - 4, -1):
        try:
            return start.replace(year=start.year + year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(f"no such day: {start} + {months} months")
