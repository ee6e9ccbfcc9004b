from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from manager.web.lines import Line
from products import names
from products.kinds import Kind
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
    text = Line(
        label=_("Label"), max_length=80, required=False, help_text=_("Shown in the lists of your organization only.")
    )


class AskForm(forms.Form):
    """What somebody lacks and asks for: a right, or with a product one of its permissions."""

    right = forms.CharField(label=_("What you need"), max_length=60)
    product = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    message = forms.CharField(
        label=_("Message"),
        max_length=500,
        required=False,
        help_text=_("What you need it for helps to decide."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # The page to go back to.
    next = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].widget = forms.Select(choices=list(offered))
        self.fields["right"].widget.is_required = True


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=pgettext_lazy("noun", "Answer"),
        max_length=500,
        required=False,
        help_text=_("Goes to the person by mail."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
