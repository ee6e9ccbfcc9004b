"""The double-entry ledger. The database refuses changes, and movements that do not add up to zero."""

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization


class Account(models.TextChoices):
    """Debit is positive. What customers have left with us is `credit`: it is owed to them, so it is negative."""

    CASH = "cash", _("Cash")
    REVENUE = "revenue", _("Revenue")
    TAX = "tax", _("Tax owed")
    CREDIT = "credit", _("Customers' credit")


class Movement(models.Model):
    """Something happened with money, once: the key says what."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="movements")
    key = models.CharField(max_length=80, unique=True)
    text = models.CharField(max_length=400)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class EntryQuerySet(models.QuerySet["Entry"]):
    def credit(self, organization: Organization) -> dict[str, int]:
        """What is left for the organization to spend, in minor units by currency."""
        rows = self.filter(organization=organization, account=Account.CREDIT).order_by()
        return {row["currency"]: -row["sum"] for row in rows.values("currency").annotate(sum=Sum("amount"))}


class Entry(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(max_length=10, choices=Account)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "account", "currency"])]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"
