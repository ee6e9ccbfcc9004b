from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from manager.web.tones import TONES
from organizations.models.organization import Organization


class Team(models.Model):
    """Members who get rights together. Its group is what guardian's rows point to, and holds its members."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=60)
    tone = models.CharField(_("colour"), max_length=10, choices=[(tone, tone) for tone in TONES], default=TONES[0])
    # Whom to ask about the team; no right comes with it.
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="team")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("name"),
                name="team_name",
                violation_error_message=_("There is a team with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("team", args=[self.organization.slug, self.pk])
