from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models.organization import Organization
from organizations.roles import Role

LIFETIME = timedelta(days=14)


def in_two_weeks() -> datetime:
    return timezone.now() + LIFETIME


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self) -> "InvitationQuerySet":
        """invitations that were neither accepted nor withdrawn; some of them may have expired"""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> "InvitationQuerySet":
        """invitations that can be accepted now"""
        return self.standing().filter(expires_at__gt=timezone.now())

    def ended(self, since: datetime) -> "InvitationQuerySet":
        """invitations that were accepted, declined or withdrawn since then"""
        return self.filter(models.Q(accepted_at__gt=since) | models.Q(revoked_at__gt=since))


class Invitation(models.Model):
    """Somebody is asked into the organization, with a role and what comes with it. Bound to one email address."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    # What the link carries, signed.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(_("email address"), max_length=254)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.COLLABORATOR)
    may_order = models.BooleanField(_("may order products"), default=False)
    has_billing = models.BooleanField(_("has the billing right"), default=False)
    wants_billing_mail = models.BooleanField(_("billing reminders"), default=False)
    wants_product_mail = models.BooleanField(_("news of products"), default=False)
    # When the membership that comes of it ends.
    membership_expires_at = models.DateTimeField(null=True, blank=True)
    # Ids of teams, and rights: [{"product": id or "kind": slug, "permissions": [...]}]. Checked again when accepted.
    teams = models.JSONField(default=list)
    grants = models.JSONField(default=list)
    message = models.CharField(_("message"), max_length=500, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # How many mails it got: part of each mail's key.
    sent = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(_("expires"), default=in_two_weeks)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_once",
                violation_error_message=_("This address is invited already."),
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()
