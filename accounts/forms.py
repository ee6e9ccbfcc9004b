from typing import Any

from allauth.account.forms import ChangePasswordForm as BaseChangePasswordForm
from allauth.account.forms import ResetPasswordKeyForm
from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from manager.web.lines import Line

GIVEN_NAME = forms.TextInput(attrs={"autocomplete": "given-name"})
FAMILY_NAME = forms.TextInput(attrs={"autocomplete": "family-name"})


class SignupForm(BaseSignupForm):
    first_name = Line(label=_("First name"), max_length=80, widget=GIVEN_NAME)
    last_name = Line(label=_("Last name"), max_length=80, widget=FAMILY_NAME)

    field_order = ["first_name", "last_name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever follows a link that is bound to an address, such as an invitation, keeps that address.
        if self.initial.get("email"):
            self.fields["email"].widget.attrs["readonly"] = True
            self.fields["email"].help_text = _("The link that brought you here is for this address.")


# What the library says with a capital in every word.
PASSWORDS = {
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, again"),
}


def relabel(fields: dict[str, forms.Field]) -> None:
    """With the placeholder that repeats the label."""
    for name in PASSWORDS.keys() & fields.keys():
        fields[name].label = PASSWORDS[name]
        fields[name].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(BaseChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self.fields)


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self.fields)


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name"]
        field_classes = {"first_name": Line, "last_name": Line}
        widgets = {"first_name": GIVEN_NAME, "last_name": FAMILY_NAME}


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False)


class PreferencesForm(LanguageForm):
    theme = forms.ChoiceField(choices=User.Theme.choices, required=False)
    sidebar = forms.ChoiceField(choices=[("", ""), ("collapsed", "")], required=False)

    def chosen(self) -> dict[str, Any]:
        """Only what the request carried: an absent key leaves the preference as it is."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}
