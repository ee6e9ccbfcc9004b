from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization
from products.kinds import Permission
from products.models.product import Product


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    WAITING = "waiting", _("Waiting")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")


# How long the end of a job is news.
MOMENT = timedelta(minutes=5)
OPEN = (JobState.QUEUED, JobState.RUNNING, JobState.WAITING)


class Verb(models.TextChoices):
    PROVISION = "provision", _("Set up")
    APPLY = "apply", _("Apply the settings")
    SUSPEND = "suspend", _("Suspend")
    RESUME = "resume", _("Resume")
    CANCEL = "cancel", pgettext_lazy("product", "Cancel")
    OBSERVE = "observe", pgettext_lazy("product", "Check")


# Verbs that decide about the product's life.
LIFECYCLE = (Verb.SUSPEND, Verb.RESUME, Verb.CANCEL)


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> "JobQuerySet":
        """jobs that are not over"""
        return self.filter(state__in=OPEN)

    def due(self) -> "JobQuerySet":
        """jobs that a worker should take now: waiting long enough, or left behind by a worker that died"""
        now = timezone.now()
        ready = Q(state__in=[JobState.QUEUED, JobState.WAITING], run_after__lte=now)
        return self.filter(ready | Q(state=JobState.RUNNING, lease_until__lte=now))

    def unresolved(self) -> "JobQuerySet":
        """jobs that failed and were not made good since"""
        return self.filter(~Exists(Job.objects.later()), state=JobState.FAILED)

    def worth_showing(self) -> "JobQuerySet":
        """jobs that are open, that failed for now, or that ended a moment ago"""
        ended = Q(state=JobState.SUCCEEDED, finished_at__gte=timezone.now() - MOMENT)
        return self.filter(Q(state__in=OPEN) | ended | Q(~Exists(Job.objects.later()), state=JobState.FAILED))

    def later(self) -> "JobQuerySet":
        """jobs after the one of the outer query that take its place; a check takes that of a check only"""
        same = Q(verb=OuterRef("verb")) | ~Q(verb=Verb.OBSERVE)
        return self.filter(same, product=OuterRef("product"), pk__gt=OuterRef("pk"))

    def latest_first(self) -> "JobQuerySet":
        return self.order_by("-pk")


class Job(models.Model):
    """One piece of work on a product. This row is the truth; a Celery message only wakes a worker."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="jobs")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="jobs")
    verb = models.CharField(max_length=10, choices=Verb)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    run_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    # The wish changed while the job ran: it runs once more.
    again = models.BooleanField(default=False)
    # [{"name": ..., "at": ISO 8601 time it became true or null}], in order.
    steps = models.JSONField(default=list)
    # For the customer, and for staff.
    error = models.CharField(max_length=300, blank=True)
    detail = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["product", "verb"], condition=Q(state__in=OPEN), name="job_open_once")
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state__in=OPEN), name="job_due"),
            models.Index(fields=["product", "-id"]),
            models.Index(fields=["organization", "state"], name="job_of_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.product_id}"

    @property
    def permission(self) -> Permission:
        """What one must hold on the product to have this done, or done again."""
        return Permission.LIFECYCLE if self.verb in LIFECYCLE else Permission.CONFIGURE

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def done_steps(self) -> int:
        return sum(1 for step in self.steps if step["at"])

    @property
    def mark(self) -> str:
        """Changes with everything a page shows of the job."""
        return f"{self.pk}-{self.state}-{self.attempt}-{self.done_steps}"
