from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from products import kinds
from products.models import Plan, Product


class OrderState(models.TextChoices):
    OPEN = "open", _("To pay")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


def reminder_after() -> timedelta:
    """How old an unpaid order is when one is reminded of it."""
    lifetime: timedelta = settings.ORDER_LIFETIME
    return lifetime / 2 if lifetime < timedelta(days=3) else lifetime - timedelta(days=2)


class Order(models.Model):
    """What an organization bought at once. Prices and taxes are frozen on its lines."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="orders")
    # The cart it came from.
    key = models.UUIDField(unique=True)
    state = models.CharField(_("status"), max_length=10, choices=OrderState, default=OrderState.OPEN)
    currency = models.CharField(max_length=3, choices=Organization.Currency)
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Name and address as they were: what the tax was decided by is what the invoice shows.
    buyer = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    # Everything of it was set up or credited, and the buyer was told.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(total=models.F("net") + models.F("tax")), name="order_sum"),
            models.CheckConstraint(condition=models.Q(total__gte=0), name="order_not_negative"),
        ]
        indexes = [models.Index(fields=["organization", "-id"]), models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return _("Order %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("order_detail", args=[self.organization.slug, self.pk])

    @property
    def held_until(self) -> datetime:
        """Until then it waits for its payment, and holds its names."""
        return self.created_at + settings.ORDER_LIFETIME

    @property
    def reminded_from(self) -> datetime:
        """From then on those who can pay it are reminded, once: two days before its end, or halfway in a short life."""
        return self.created_at + reminder_after()


class OrderLine(models.Model):
    """One product of an order: what it costs, and why, as of the day it was ordered."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="order_line")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=253)
    months = models.PositiveSmallIntegerField()
    net = models.BigIntegerField()
    tax_rate = models.PositiveSmallIntegerField(_("tax rate in thousandths"))
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    # {"price": which price, from when; "tax": by which rule}
    reasons = models.JSONField(default=dict)
    refunded_at = models.DateTimeField(null=True, blank=True)

    # From `billing.lines.of`: its product belongs to another organization now.
    moved = False

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(total=models.F("net") + models.F("tax")), name="order_line_sum"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.name}"

    @property
    def kind(self) -> kinds.Kind:
        return kinds.get(self.plan.kind)
