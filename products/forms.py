from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from products import names
from products.kinds import Kind, Preset
from products.models import Plan


class OrderForm(forms.Form):
    """What every order asks: a plan and a name. A kind's own form adds fields; they become the order's options."""

    name_help: str | Promise = _("For example “atelier-nordwind.ch”.")

    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=Plan.objects.none(), widget=forms.RadioSelect, empty_label=None, to_field_name="code"
    )
    name = forms.CharField(
        max_length=260,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["plan"]).queryset = Plan.objects.on_sale().filter(kind=kind.slug)
        self.fields["name"].label = str(kind.name_label)
        self.fields["name"].help_text = str(self.name_help)

    def full_name(self, text: str, plan: Plan) -> str:
        """The domain name that was meant."""
        return text

    def check_name(self, name: str, plan: Plan) -> None:
        """Raises ValidationError when this plan cannot have this name."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        plan, text = data.get("plan"), data.get("name")
        if plan and text:
            try:
                data["name"] = names.normal(self.full_name(text, plan))
                self.check_name(data["name"], plan)
            except ValueError as error:
                self.add_error("name", str(error))
            except forms.ValidationError as error:
                self.add_error("name", error)
        return data

    def options(self) -> dict[str, Any]:
        """What the kind's own fields say."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("plan", "name")}


class LabelForm(forms.Form):
    text = forms.CharField(
        label=_("Label"), max_length=80, required=False, help_text=_("Shown in the lists of your organization only.")
    )


class LevelForm(forms.Form):
    """A member's level on one product."""

    member = forms.TypedChoiceField(label=_("User"), coerce=int)
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("None")), *((level, level.label) for level in Preset)]
    )

    def __init__(self, *args: Any, members: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["member"]).choices = list(members)
