from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models.organization import Organization
from organizations.roles import Right, Role, rights


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """memberships that give access today"""
        return self.filter(suspended_at=None).exclude(expires_at__lte=timezone.now())

    def ending(self) -> "MembershipQuerySet":
        """memberships whose end has passed, and of which nobody was told yet"""
        return self.filter(expires_at__lte=timezone.now(), ended_at=None)

    def representing(self) -> "MembershipQuerySet":
        """memberships of legal representatives who are there to stay: neither suspended nor bound to end"""
        return self.filter(role=Role.LEGAL_REPRESENTATIVE, suspended_at=None, expires_at=None)

    def of_people_like(self, text: str) -> "MembershipQuerySet":
        """memberships of people whose name or email address contains the text"""
        name = Concat("user__first_name", Value(" "), "user__last_name", output_field=models.TextField())
        found = self.annotate(called=name)
        return found.filter(Q(called__icontains=text) | Q(user__email__icontains=text))

    def by_name(self) -> "MembershipQuerySet":
        """memberships with their people, in the order of names"""
        return self.select_related("user").order_by("user__first_name", "user__last_name", "pk")


class Membership(models.Model):
    """A user in an organization, with a role."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.COLLABORATOR)
    may_order = models.BooleanField(_("may order products"), default=False)
    has_billing = models.BooleanField(_("has the billing right"), default=False)
    # What this person wants to be told about the organization by mail.
    wants_billing_mail = models.BooleanField(_("billing reminders"), default=False)
    wants_product_mail = models.BooleanField(_("news of products"), default=False)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    # That it ended by itself was logged and told then; None before, and where it has a new end since.
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                name="membership_once",
                violation_error_message=_("This person is a member already."),
            )
        ]
        indexes = [
            models.Index(fields=["user", "organization"]),
            models.Index(
                fields=["expires_at"], name="membership_ending", condition=Q(expires_at__isnull=False, ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.organization.slug, self.pk])

    @property
    def has_ended(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None and not self.has_ended

    @property
    def rights(self) -> frozenset[Right]:
        return rights(Role(self.role), may_order=self.may_order, has_billing=self.has_billing)
