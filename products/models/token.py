from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from products.models.product import Product


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> "ApiTokenQuerySet":
        """tokens that open something now"""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


class ApiToken(models.Model):
    """A program acts for a person in one organization: never more than that person may, and only as far as this says.

    The token itself is shown once; only its SHA-256 is kept.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_tokens")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    # The first characters, by which people tell tokens apart.
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    # Every product that the person sees; else those of `products` only.
    all_products = models.BooleanField(_("all products"), default=False)
    products = models.ManyToManyField(Product, through="ApiTokenProduct", related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date | None:
        """It ends with this day."""
        return timezone.localdate(self.expires_at - timedelta(microseconds=1)) if self.expires_at else None

    @property
    def state(self) -> str:
        """What its badge says: active, ended or revoked."""
        if self.revoked_at:
            return "revoked"
        return "ended" if self.expires_at and self.expires_at <= timezone.now() else "active"


class ApiTokenProduct(models.Model):
    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "product"], name="api_token_product_once")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.product_id}"
