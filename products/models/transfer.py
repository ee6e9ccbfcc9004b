from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.access import Access
from organizations.models import Organization
from organizations.roles import Right
from products.models.product import Product

# How long the other side may take, and how long it may be given back.
LIFETIME = timedelta(days=7)
UNDO = timedelta(hours=72)


class TransferState(models.TextChoices):
    OPEN = "open", _("Waiting for the other side")
    ACCEPTED = "accepted", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDONE = "undone", _("Given back")


def in_a_week() -> object:
    return timezone.now() + LIFETIME


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, access: Access) -> "TransferQuerySet":
        """transfers that this organization sent or received, and whose products this person may see in it

        Who sent or accepted one for it knows what is in it, wherever that is now.
        """
        here = access.organization
        rows = self.filter(models.Q(organization=here) | models.Q(target=here))
        if Right.ALL_PRODUCTS in access.rights and access.narrowing is None:
            return rows
        items = TransferItem.objects.filter(transfer=models.OuterRef("pk")).order_by()
        unseen = items.exclude(product__in=Product.objects.visible_to(access).order_by())
        shown = models.Q(models.Exists(items), ~models.Exists(unseen))
        if Right.ORDER in access.rights:
            shown |= models.Q(organization=here, created_by=access.user)
            shown |= models.Q(target=here, accepted_by=access.user)
        return rows.filter(shown)

    def open(self) -> "TransferQuerySet":
        """transfers that can be accepted now"""
        return self.filter(state=TransferState.OPEN, expires_at__gt=timezone.now())


class Transfer(models.Model):
    """Products go from one organization to another, when both sides have agreed."""

    # The side that gives.
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="transfers")
    # The side that takes: known from the start, or the one that a link's holder accepts for.
    target = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="incoming_transfers"
    )
    # What the link carries, signed.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    # Only this address may accept; empty for a link that whoever holds it may use.
    email = models.EmailField(_("email address"), max_length=254, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=TransferState, default=TransferState.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), default=in_a_week)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["organization", "-id"]), models.Index(fields=["target", "-id"])]

    def __str__(self) -> str:
        return _("Transfer %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        """Its page on the side that gives."""
        return reverse("transfer", args=[self.organization.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == TransferState.OPEN and self.expires_at > timezone.now()

    @property
    def undo_until(self) -> datetime | None:
        return self.accepted_at + UNDO if self.accepted_at else None

    @property
    def can_be_undone(self) -> bool:
        """Those 72 hours have not passed."""
        until = self.undo_until
        return self.state == TransferState.ACCEPTED and until is not None and until > timezone.now()


class TransferItem(models.Model):
    """One product of a transfer."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="items")
    # As the transfer's two sides, so that each row stands behind the wall by itself.
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="transfer_items")
    name = models.CharField(max_length=253)
    kind_slug = models.CharField(max_length=30)
    # The rights on it that ended with the transfer, to be given again when it is undone.
    grants = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["transfer", "product"], name="transfer_item_once")]

    def __str__(self) -> str:
        return self.name
