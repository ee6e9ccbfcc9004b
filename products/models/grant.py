"""Rights on one product, as guardian rows with direct foreign keys.

The organization is filled in by the database from the product, so that guardian's own helpers keep working.
"""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from organizations.models import Organization
from organizations.models.grant import Origin, ending
from products.models.product import Product


class ProductGrant(Origin):
    content_object = models.ForeignKey(Product, on_delete=models.CASCADE, db_column="product_id")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, editable=False, related_name="+")

    class Meta:
        abstract = True


class ProductUserGrant(ProductGrant, UserObjectPermissionBase):
    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["user", "organization", "permission"]), ending("product_user_grant_ends")]


class ProductGroupGrant(ProductGrant, GroupObjectPermissionBase):
    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["group", "organization", "permission"]), ending("product_group_grant_ends")]
