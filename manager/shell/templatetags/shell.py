"""What pages add to the frame around them: `{% load shell %}`."""

from typing import Any

from django import template

from manager.shell.trail import Crumb

register = template.Library()


@register.inclusion_tag("components/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: template.Context, *more: Any) -> dict[str, Any]:
    """`{% breadcrumbs %}`: the way to this page. `{% breadcrumbs order order.get_absolute_url label %}` goes on from
    where the address leads: label and address in turn, and last the label of the page itself.
    """
    shell = context.get("shell")
    found = list(getattr(shell, "trail", ()))
    found += [Crumb(label, url) for label, url in zip(more[::2], [*more[1::2], ""], strict=False)]
    return {"trail": found[:-1], "here": found[-1].label if len(found) > 1 else ""}
