from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization


class BulkRun(models.Model):
    """One thing that a person wanted done to many products. The row is the truth; a Celery message wakes a worker."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="bulk_runs")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    kind_slug = models.CharField(max_length=30)
    # The name of one of `products.bulk.ACTIONS`, and what it needs to know.
    action = models.CharField(max_length=20)
    text = models.CharField(max_length=80, blank=True)
    # From the form: the same form sent twice is one run.
    key = models.UUIDField()
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    # Which worker has it: only the present attempt records anything.
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="bulk_run_once")]
        indexes = [models.Index("lease_until", condition=models.Q(finished_at=None), name="bulk_run_open")]

    def __str__(self) -> str:
        return f"{self.action}: {self.total}"

    def get_absolute_url(self) -> str:
        return reverse("bulk_run", args=[self.organization.slug, self.pk])


class BulkItem(models.Model):
    """One of the products of a run, by its number: it may go to another organization while the run stays."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Not possible")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items")
    target = models.BigIntegerField()
    name = models.CharField(max_length=253)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "target"], name="bulk_item_once")]
        indexes = [models.Index(fields=["run", "state", "id"])]

    def __str__(self) -> str:
        return self.name
