from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedbackForm(forms.Form):
    """Was the guide helpful? The words are not asked of who only presses yes or no."""

    helpful = forms.TypedChoiceField(
        label=_("Was this guide helpful?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What was missing, or wrong?"),
        help_text=_("Our staff reads it and cannot answer. Leave out passwords and names."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.add_prefix("words") not in self.data:
            said["words"] = None
        return said
