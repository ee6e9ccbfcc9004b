"""How a form field is drawn: label, control, hint, error, in this order (templates/components/field.html)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

# Widgets whose options are controls of their own, under a legend.
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


# What a field says that stays empty, by how it is answered.
MISSING = {
    forms.Field: _("Fill this in."),
    forms.ChoiceField: _("Choose one."),
    forms.ModelChoiceField: _("Choose one."),
    forms.MultipleChoiceField: _("Choose at least one."),
    forms.ModelMultipleChoiceField: _("Choose at least one."),
    forms.BooleanField: _("Tick this."),
}


def in_our_words() -> None:
    """Fields of every form, also of the libraries, say what to do."""
    for field, text in MISSING.items():
        # Not into the dictionary of a parent.
        own = vars(field).get("default_error_messages", {})
        setattr(field, "default_error_messages", own | {"required": text})  # noqa: B010, the stubs do not know it


def kind_of(widget: forms.Widget) -> str:
    """How the component draws a widget: check, choices, checks, select, password or input."""
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    return "select" if isinstance(widget, forms.Select) and not widget.allow_multiple_selected else "input"


def field_context(field: BoundField, **options: Any) -> dict[str, Any]:
    """What templates/components/field.html needs for one field.

    Options: label, hint, optional (False for what another answer makes required), icon and suffix (inside the control),
    autofocus, placeholder (False takes the widget's away).
    """
    widget = field.field.widget
    kind = kind_of(widget)
    hint = options.get("hint", field.help_text)
    identifier = field.id_for_label or field.auto_id or field.html_name
    context = {
        "id": identifier,
        "kind": kind,
        "label": options.get("label", field.label),
        "hint": hint,
        "errors": field.errors,
        # Required is the rule; what may stay empty says so.
        "optional": options.get("optional", not (field.field.required or field.field.disabled or kind == "check")),
        "icon": options.get("icon", ""),
        "suffix": options.get("suffix", ""),
        "field": field,
    }
    described = [f"{identifier}-hint"] * bool(hint) + [f"{identifier}-error"] * bool(field.errors)
    context["describedby"] = " ".join(described)
    if not isinstance(widget, GROUPS):
        context["control"] = _control(field, kind, context["describedby"], options)
    return context


def _control(field: BoundField, kind: str, describedby: str, options: dict[str, Any]) -> SafeString:
    widget = field.field.widget
    look = {"check": "", "select": "select"}.get(kind, "input")
    attrs: dict[str, Any] = {}
    if names := " ".join(filter(None, [look, widget.attrs.get("class", "")])):
        attrs["class"] = names
    if describedby:
        attrs["aria-describedby"] = describedby
    for name in ("autofocus", "placeholder"):
        if name in options:
            attrs[name] = options[name]
    return field.as_widget(attrs=attrs)


def error_links(form: forms.BaseForm) -> list[dict[str, str]]:
    """One line per error, with the address of the control it belongs to: what the summary above a form lists."""
    links = []
    # What concerns the whole form first, then in the order of the page.
    for name in sorted(form.errors, key=[NON_FIELD_ERRORS, *form.fields].index):
        errors = form.errors[name]
        bound = form[name] if name in form.fields else None
        target = _target(bound) if bound else ""
        label = str(bound.label) if bound else ""
        links += [{"target": target, "label": label, "message": str(error)} for error in errors]
    return links


def _target(bound: BoundField) -> str:
    # A group has no control of its own: its first option takes the focus.
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, GROUPS) else bound.id_for_label or bound.auto_id
