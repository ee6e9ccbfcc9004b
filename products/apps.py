from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProductsConfig(AppConfig):
    name = "products"
    verbose_name = _("Products")

    def ready(self) -> None:
        post_migrate.connect(permissions_exist, sender=self)


def permissions_exist(using: str, **kwargs: Any) -> None:
    """guardian needs a row for every permission that the kinds name."""
    from products.permissions import create_rows

    create_rows(using)
