from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.order import Order
from organizations.models import Organization


class PaymentState(models.TextChoices):
    PENDING = "pending", _("Waiting for the answer")
    CAPTURED = "captured", _("Paid")
    REFUSED = "refused", _("Refused")


class Payment(models.Model):
    """One attempt to pay an order. The gateway gets its key: asked twice, it charges once."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="payments")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    key = models.CharField(max_length=60, unique=True)
    method = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.PENDING)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=["pending", "captured"]), name="payment_one_at_a_time"
            )
        ]
        indexes = [models.Index("created_at", condition=Q(state="pending"), name="payment_pending")]

    def __str__(self) -> str:
        return self.key
