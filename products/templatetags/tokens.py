from django import template

from products import tokens
from products.models import ApiToken

register = template.Library()


@register.filter
def token_rights(token: ApiToken) -> list[str]:
    """What the token may do, in sentences."""
    return tokens.rights(token)


@register.filter
def token_reach(token: ApiToken) -> str:
    """On which products, of a token `with_products`."""
    return tokens.reach(token)
