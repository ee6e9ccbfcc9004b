from django import template
from django.utils.functional import Promise

from organizations.access import Access, Decision
from organizations.roles import Right
from products import access as gate
from products import names
from products.models import Product

register = template.Library()


@register.simple_tag
def decide(access: Access, permission: str, product: Product | None = None) -> Decision:
    """The decision that the view would take: `{% decide access "lifecycle" product as decision %}`."""
    if product is None:
        return access.decide(Right(permission))
    return gate.decide(access, permission, product)


@register.filter
def shown(name: str) -> str:
    """A domain name as people read it."""
    return names.shown(name)


@register.filter
def step_label(product: Product, name: str) -> str | Promise:
    return product.kind.step_label(name)
