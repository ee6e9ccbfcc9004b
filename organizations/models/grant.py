"""Rights on a whole kind of an organization's products, as guardian rows with direct foreign keys."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from organizations.models.organization import Organization


class Origin(models.Model):
    """Who gave a grant, when, and until when it holds. The database shows no grant that has ended."""

    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)

    class Meta:
        abstract = True


def ending(name: str) -> models.Index:
    """Finds the grants that end, which are few."""
    return models.Index(fields=["expires_at"], name=name, condition=models.Q(expires_at__isnull=False))


class OrganizationUserGrant(Origin, UserObjectPermissionBase):
    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE, db_column="organization_id")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [ending("organization_user_grant_ends")]


class OrganizationGroupGrant(Origin, GroupObjectPermissionBase):
    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE, db_column="organization_id")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [ending("organization_group_grant_ends")]
