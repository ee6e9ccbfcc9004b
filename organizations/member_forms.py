"""What is asked of whoever changes members."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.web.last_day import LastDayField
from organizations.models import Membership
from organizations.roles import Role

# No access period is planned further ahead.
LONGEST = timedelta(days=366 * 20)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role, widget=forms.RadioSelect)
    may_order = forms.BooleanField(label=_("Order"), required=False)
    has_billing = forms.BooleanField(label=_("Billing"), required=False)

    @classmethod
    def of(cls, member: Membership) -> "RoleForm":
        return cls(initial={name: getattr(member, name) for name in cls.base_fields})


class ExpiryForm(forms.Form):
    until = LastDayField(
        label=_("Last day of access"),
        required=False,
        help_text=_("Empty: no end. The access ends by itself when this day does."),
        longest=LONGEST,
        error_messages={"passed": _("This day has passed. To close the access now, suspend the user.")},
    )

    @classmethod
    def of(cls, member: Membership) -> "ExpiryForm":
        return cls(initial={"until": member.expires_at})


class PreferencesForm(forms.Form):
    wants_billing_mail = forms.BooleanField(
        label=_("Billing reminders"),
        required=False,
        help_text=_("Reminders of orders to pay, and credits. For users with the billing right."),
    )
    wants_product_mail = forms.BooleanField(
        label=_("News of products"),
        required=False,
        help_text=_("Which ordered products are ready. Only of products that the user may see."),
    )

    @classmethod
    def of(cls, member: Membership) -> "PreferencesForm":
        return cls(initial={name: getattr(member, name) for name in cls.base_fields})


class BulkForm(forms.Form):
    """The same for several members."""

    action = forms.ChoiceField(
        choices=[
            ("suspend", _("Suspend")),
            ("restore", _("Restore")),
            ("team", _("Add to team")),
            ("remind", _("Remind")),
        ]
    )
    member = forms.TypedMultipleChoiceField(label=_("Users"), coerce=int)
    team = forms.TypedChoiceField(label=_("Team"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, members: Iterable[int], teams: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedMultipleChoiceField, self.fields["member"]).choices = [(pk, pk) for pk in members]
        cast(forms.TypedChoiceField, self.fields["team"]).choices = [("", ""), *((pk, pk) for pk in teams)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("action") == "team" and not data.get("team"):
            self.add_error("team", _("Choose a team."))
        return data
