from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    """What one reader said of one guide: a person, or a visitor's browser as long as its session lasts."""

    slug = models.CharField(_("guide"), max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    # Made up for the session, and known to nobody else; empty for who is signed in.
    visitor = models.CharField(max_length=32, blank=True)
    helpful = models.BooleanField(_("helpful"))
    words = models.TextField(_("words"), blank=True, max_length=1000)
    # Of the text that was read.
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("answer about a guide")
        verbose_name_plural = _("answers about guides")
        constraints = [
            models.UniqueConstraint(fields=["slug", "user"], condition=~Q(user=None), name="feedback_of_person"),
            models.UniqueConstraint(fields=["slug", "visitor"], condition=~Q(visitor=""), name="feedback_of_visitor"),
            models.CheckConstraint(
                condition=Q(user=None, visitor__gt="") | Q(user__isnull=False, visitor=""), name="feedback_of_somebody"
            ),
        ]
        indexes = [models.Index(fields=["-id"], condition=~Q(words=""), name="feedback_with_words")]

    def __str__(self) -> str:
        return f"{self.slug}: {self.helpful}"
