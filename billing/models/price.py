from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from products.models import Plan


class NoPrice(LookupError):
    """The plan has no price in this currency today: an error, never zero."""


class PriceQuerySet(models.QuerySet["Price"]):
    def on(self, day: date) -> "PriceQuerySet":
        """prices that are in force on that day"""
        return self.filter(valid_from__lte=day).exclude(valid_until__lte=day)

    def by_plan(self, plans: "list[Plan]", currency: str, day: date) -> "dict[int, Price]":
        """The price of each plan; a plan without one is missing from the answer. The newest wins."""
        rows = self.on(day).filter(plan__in=plans, currency=currency).order_by("valid_from", "pk")
        return {price.plan_id: price for price in rows}

    def of(self, plan: Plan, currency: str, day: date) -> "Price":
        """The price of a plan on that day; NoPrice when there is none."""
        try:
            return self.by_plan([plan], currency, day)[plan.pk]
        except KeyError:
            raise NoPrice(f"{plan.kind}/{plan.code} has no price in {currency} on {day}") from None


class Price(models.Model):
    """What a plan costs for one period, without tax, from one day on."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="prices")
    currency = models.CharField(max_length=3, choices=Organization.Currency)
    amount = models.PositiveBigIntegerField(_("amount in minor units"))
    months = models.PositiveSmallIntegerField(_("period in months"), default=12)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["plan", "currency", "valid_from"], name="price_once"),
            models.CheckConstraint(condition=Q(months__gt=0), name="price_period"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.amount} {self.currency}"
