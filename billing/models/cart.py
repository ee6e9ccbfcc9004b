from uuid import uuid4

from django.db import models
from django.db.models import Q

from organizations.models import Organization
from products.models import Plan


class Cart(models.Model):
    """What a visitor has picked. It belongs to a browser session, which survives signing up and in.

    Its key is also the key of the order and of the organization it founds: a form sent twice makes one of each.
    """

    key = models.UUIDField(primary_key=True, default=uuid4)
    currency = models.CharField(max_length=3, choices=Organization.Currency, default=Organization.Currency.CHF)
    created_at = models.DateTimeField(auto_now_add=True)
    ordered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("created_at", condition=Q(ordered_at=None), name="cart_left")]

    def __str__(self) -> str:
        return str(self.key)


class CartLine(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=253)
    options = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["cart", "plan", "name"], name="cart_line_once")]

    def __str__(self) -> str:
        return f"{self.plan} {self.name}"
