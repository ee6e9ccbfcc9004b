from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanQuerySet(models.QuerySet["Plan"]):
    def on_sale(self) -> "PlanQuerySet":
        """plans that can be ordered"""
        return self.filter(is_on_sale=True)


class Plan(models.Model):
    """What can be ordered of a kind. Its prices are billing's; what it contains is data for the kind."""

    kind = models.CharField(_("kind"), max_length=30)
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    summary = models.CharField(_("summary"), max_length=160, blank=True)
    contents = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_on_sale = models.BooleanField(default=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["kind", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="plan_code")]

    def __str__(self) -> str:
        return self.name
