from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from products.models.product import Product


class RequestState(models.TextChoices):
    OPEN = "open", _("Waiting")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AccessRequest(models.Model):
    """A member asks for what they lack: a right in the organization, or a permission on one product."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="access_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # A right of the organization, or with a product one of its kind's permissions.
    right = models.CharField(max_length=60)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="access_requests"
    )
    message = models.CharField(_("message"), max_length=500, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(_("answer"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user", "right", "product"],
                condition=models.Q(state=RequestState.OPEN),
                nulls_distinct=False,
                name="access_request_once",
            )
        ]
        indexes = [models.Index(fields=["organization", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.right}"
