from typing import Any

from django import template

from accounts import security
from accounts.models import SecurityEvent

register = template.Library()


@register.filter
def told(event: SecurityEvent) -> dict[str, Any]:
    """`{% with said=event|told %}`: its text, icon and tone."""
    text, line = security.line(event)
    return {"text": text, "icon": line.icon, "tone": line.tone}
