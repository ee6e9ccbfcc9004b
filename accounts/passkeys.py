"""Passkeys: how the sign-in library names them, and what it asks when one is added."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.http.request import split_domain_port
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from manager.web.lines import Line


class Adapter(DefaultMFAAdapter):
    """The sign-in library's hook for second factors."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # The host that the browser sees, which is one of ours: a passkey is of one host (WebAuthn 3, 5.1.2).
        return {"id": split_domain_port(context.request.get_host())[0], "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %(number)d") % {"number": number}


def name_field() -> Line:
    return Line(
        label=_("Name"),
        max_length=60,
        help_text=_("What it is stored on, for example “Phone”"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddForm(AddWebAuthnForm):
    # Without a name it gets one: the device has made the passkey already when the form arrives.
    name = name_field()
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_("Needs a fingerprint, a face or a PIN on the device. Without it, it stands beside the password."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False


class EditForm(EditWebAuthnForm):
    name = name_field()
