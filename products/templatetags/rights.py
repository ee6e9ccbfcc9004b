from django import template

from organizations.access import Access
from organizations.decisions import Decision
from organizations.roles import Right
from products import access as gate
from products import names
from products.actions import product as actions
from products.kinds import Kind, Preset, Text
from products.models import Product
from products.models.job import Verb

register = template.Library()


@register.simple_tag
def decide(access: Access, permission: str, product: Product | None = None) -> Decision:
    """The decision that the view would take: `{% decide access "lifecycle" product as decision %}`."""
    if product is None:
        return access.decide(Right(permission))
    return gate.decide(access, permission, product)


@register.filter
def refusal(product: Product, verb: str) -> str:
    """`{{ product|refusal:"suspend" }}`: why its state does not allow this now; empty when it does."""
    return actions.refusal(product, Verb(verb))


@register.filter
def contents(kind: Kind) -> list[tuple[Text, list[tuple[Preset, bool]]]]:
    """`{% for sentence, levels in kind|contents %}`: each right of the kind, and the levels, with whether it is in."""
    named = kind.all_permissions.items()
    return [(text, [(level, name in kind.preset(level)) for level in Preset]) for name, text in named]


@register.filter
def shown(name: str) -> str:
    """A domain name as people read it."""
    return names.shown(name)
