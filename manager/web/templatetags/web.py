"""Template tags every page may use: `{% load web %}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from manager.web import amounts, dates, lines, lists, states, user_agents
from manager.web.forms import error_links, field_context

register = template.Library()


@register.simple_tag
def icon(name: str, *looks: str) -> SafeString:
    """`{% icon "globe" %}`, `{% icon "check" "small" %}`, `{% icon "loader-circle" "turning" %}`: for the eye only."""
    names = {"small": " icon-small", "turning": " is-turning"}
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        "".join(names[look] for look in looks),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def money(minor: int, currency: str) -> str:
    """`{% money line.amount line.currency %}`: minor units and a currency as people read them."""
    return amounts.money(minor, currency)


@register.filter
def rate(thousandths: int) -> str:
    """`{{ line.tax_rate|rate }}`: thousandths as people read them."""
    return amounts.rate(thousandths)


@register.filter
def quoted(text: str) -> str:
    """`{{ request.message|quoted }}`: what somebody wrote, marked line by line, in a mail."""
    return lines.quoted(text)


@register.simple_tag
def status(state: Any) -> SafeString:
    """`{% status product.status %}`: the badge of a state, always with icon and word."""
    label, symbol, tone = states.look(state)
    drawing = icon(symbol, "turning") if symbol == states.TURNING else icon(symbol)
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, drawing, label)


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """`{% field form.email hint="..." %}`: label, control, hint and error of one field."""
    if bound.is_hidden:
        return bound.as_widget()
    return render_to_string("components/field.html", field_context(bound, **options))


@register.simple_tag
def fields(form: BaseForm, autofocus: bool = False, **options: Any) -> SafeString:
    """`{% fields form %}`: every field in the form's order, hidden ones last; autofocus marks the first to fill in."""
    shown = form.visible_fields()
    focus = next((name for name in shown if name.errors), shown[0] if shown else None) if autofocus else None
    parts = [field(name, autofocus=name is focus, **options) for name in shown]
    parts += [hidden.as_widget() for hidden in form.hidden_fields()]
    return SafeString("".join(parts))


@register.simple_tag
def error_summary(form: BaseForm | None) -> SafeString | str:
    """`{% error_summary form %}`: what needs another look, above a form that was refused; nothing otherwise."""
    if form is None or not form.errors:
        return ""
    return render_to_string("components/error_summary.html", {"links": error_links(form), "id": form.prefix or "form"})


@register.simple_tag
def relative_date(value: date | None, tone: str = "") -> SafeString | str:
    """`{% relative_date product.expires_on %}`: the exact date, and below how far away it is."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time><span class="row-note{}">{}</span>',
        value.isoformat(),
        dates.exact(value),
        f" tone-{tone}" if tone else "",
        dates.relative(value),
    )


@register.filter
def exact_date(value: date | None) -> str:
    """`{{ invoice.issued_on|exact_date }}`: 9 December 2026."""
    return dates.exact(value) if value else ""


@register.filter
def exact_day(value: datetime | None) -> str:
    """`{{ organization.second_factor_from|exact_day }}`: the day of a moment, 9 December 2026."""
    return dates.exact(timezone.localdate(value)) if value else ""


@register.filter
def ago(value: date | None) -> str:
    """`{{ event.at|ago }}`: 25 minutes ago, in 3 weeks."""
    return dates.relative(value) if value else ""


@register.filter
def listed(names: Iterable[Any]) -> str:
    """`{{ teams|listed }}`: Web, Sales and Support."""
    return lists.listed(names)


@register.simple_tag
def slice_address(request: HttpRequest, prefix: str = "", **place: int) -> str:
    """`{% slice_address request "work-" before=slice.older %}`: this page, with another part of a list that grows."""
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(f"{prefix}{name}", None)
    for name, key in place.items():
        query[f"{prefix}{name}"] = str(key)
    return f"?{query.urlencode()}"


@register.filter
def initials(name: Any) -> str:
    """Atelier Nordwind is AN, marie@example.com is MA."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    letters = words[0][0] + words[-1][0] if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


@register.filter
def device(user_agent: str) -> str:
    """`{{ session.user_agent|device }}`: Firefox on Windows."""
    return user_agents.device(user_agent)


@register.simple_tag
def offline_page() -> bool:
    """`{% offline_page as wanted %}`: a worker in the browser answers when there is no network."""
    return bool(settings.OFFLINE_PAGE)


@register.simple_tag
def site_name() -> str:
    """The name of the hosting company."""
    return str(settings.SITE_NAME)
