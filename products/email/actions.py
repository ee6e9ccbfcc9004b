from typing import Any

from django.db import transaction

from organizations.access import Access
from organizations.events import record
from products.actions.product import apply
from products.actions.settings import changeable
from products.email.driver import EmailSpec
from products.email.models import EmailService
from products.models import Product
from products.models.product import State


def create(product: Product, options: dict[str, Any]) -> None:
    """The mail starts with the usual spam filter."""
    EmailService.objects.create(product=product, organization=product.organization)


def spec(product: Product) -> EmailSpec:
    contents = product.plan.contents
    return EmailSpec(
        key=product.key.hex,
        name=product.name,
        suspended=product.state == State.SUSPENDED,
        spam_filter=product.email_service.spam_filter,
        addresses=contents["addresses"],
        gb_per_address=contents["gb_per_address"],
    )


@transaction.atomic(durable=True)
def configure(product: Product, *, spam_filter: str, by: Access) -> Product:
    """The mail that arrives is filtered this strictly. Refused while the service is not set up."""
    product = changeable(product)
    service = EmailService.objects.select_for_update().get(product=product)
    if service.spam_filter == spam_filter:
        return product
    record(
        "email.configure",
        product,
        by=by,
        organization=product.organization,
        spam_filter=[service.spam_filter, spam_filter],
    )
    service.spam_filter = spam_filter
    service.save(update_fields=["spam_filter"])
    apply(product, by=by)
    return product
