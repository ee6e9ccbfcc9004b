from typing import Any

from django.conf import settings
from django.db import transaction

from organizations.access import Access
from organizations.events import record
from products.actions.product import apply
from products.actions.settings import changeable
from products.domains.driver import DomainSpec
from products.domains.models import Domain
from products.models import Product
from products.models.product import State


def create(product: Product, options: dict[str, Any]) -> None:
    """The domain starts with the addresses of our own web servers."""
    ipv4 = next((address for address in settings.WEB_ADDRESSES if ":" not in address), None)
    ipv6 = next((address for address in settings.WEB_ADDRESSES if ":" in address), None)
    Domain.objects.create(product=product, organization=product.organization, ipv4=ipv4, ipv6=ipv6)


def spec(product: Product) -> DomainSpec:
    domain = product.domain
    return DomainSpec(
        key=product.key.hex,
        name=product.name,
        suspended=product.state == State.SUSPENDED,
        ipv4=domain.ipv4,
        ipv6=domain.ipv6,
    )


@transaction.atomic(durable=True)
def point(product: Product, *, ipv4: str | None, ipv6: str | None, by: Access) -> Product:
    """The website of the domain is at these addresses; None takes the record away. Refused while it is not set up."""
    product = changeable(product)
    domain = Domain.objects.select_for_update().get(product=product)
    if (domain.ipv4, domain.ipv6) == (ipv4, ipv6):
        return product
    record(
        "domain.point",
        product,
        by=by,
        organization=product.organization,
        ipv4=[domain.ipv4, ipv4],
        ipv6=[domain.ipv6, ipv6],
    )
    domain.ipv4, domain.ipv6 = ipv4, ipv6
    domain.save(update_fields=["ipv4", "ipv6"])
    apply(product, by=by)
    return product
