from typing import Any

from django.db import transaction

from organizations.access import Access
from organizations.events import record
from products.actions.product import apply
from products.actions.settings import changeable
from products.hosting.driver import HostingSpec
from products.hosting.models import Hosting
from products.models import Product
from products.models.product import State


def create(product: Product, options: dict[str, Any]) -> None:
    """The website starts with the usual PHP version."""
    Hosting.objects.create(product=product, organization=product.organization)


def spec(product: Product) -> HostingSpec:
    contents = product.plan.contents
    return HostingSpec(
        key=product.key.hex,
        name=product.name,
        suspended=product.state == State.SUSPENDED,
        php_version=product.hosting.php_version,
        disk_gb=contents["disk_gb"],
        sites=contents["sites"],
        databases=contents["databases"],
    )


@transaction.atomic(durable=True)
def configure(product: Product, *, php_version: str, by: Access) -> Product:
    """The website runs on this PHP version. Refused while it is not set up."""
    product = changeable(product)
    hosting = Hosting.objects.select_for_update().get(product=product)
    if hosting.php_version == php_version:
        return product
    record(
        "hosting.configure",
        product,
        by=by,
        organization=product.organization,
        php_version=[hosting.php_version, php_version],
    )
    hosting.php_version = php_version
    hosting.save(update_fields=["php_version"])
    apply(product, by=by)
    return product
