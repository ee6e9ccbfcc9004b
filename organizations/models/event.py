from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.organization import Organization


class Event(models.Model):
    """One line of the activity log. Written by `organizations.events.record` only; the database refuses changes.

    Names are copied, so that a line outlives what it speaks of.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    actor_name = models.CharField(_("who"), max_length=200)
    # Names can be changed by their owners; the address they signed in with says who it was.
    actor_email = models.CharField(_("address of who"), max_length=254, blank=True)
    # Through what, where it was not the person's own hand: an API token, by its name.
    via = models.CharField(_("through what"), max_length=120, blank=True)
    verb = models.CharField(_("what"), max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField(null=True)
    target_name = models.CharField(_("on what"), max_length=260)
    address = models.GenericIPAddressField(_("from where"), null=True)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    # What it speaks of, where `organizations.events.with_subjects` found it.
    subject: models.Model | None = None

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["target_type", "target_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.target_name}"
