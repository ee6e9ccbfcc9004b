"""What is asked of whoever changes members."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Membership
from organizations.roles import Role

# No access period is planned further ahead.
LONGEST = timedelta(days=366 * 20)
LAST_MOMENT = time(23, 59, 59)

ROLES = {
    Role.LEGAL_REPRESENTATIVE: _("Everything, also appointing legal representatives and deleting the organization"),
    Role.ADMINISTRATOR: _("Everything, except appointing legal representatives and deleting the organization"),
    Role.COLLABORATOR: _("Only the products given to them, and what is switched on below"),
    Role.EXTERNAL: _("Only the products given to them: for people of another company"),
}


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role, widget=forms.RadioSelect)
    may_order = forms.BooleanField(label=_("Order"), required=False)
    has_billing = forms.BooleanField(label=_("Billing"), required=False)

    @classmethod
    def of(cls, member: Membership) -> "RoleForm":
        return cls(initial={name: getattr(member, name) for name in cls.base_fields})


class ExpiryForm(forms.Form):
    until = forms.DateField(
        label=_("Last day of access"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: no end. The access ends by itself when this day does."),
    )

    @classmethod
    def of(cls, member: Membership) -> "ExpiryForm":
        return cls(initial={"until": member.expires_at and timezone.localdate(member.expires_at)})

    def clean_until(self) -> datetime | None:
        """The last moment of that day."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(
                _("This day has passed. To close the access now, suspend the member.")
                if day < today
                else _("At most 20 years from now. Without an end, leave it empty.")
            )
        return timezone.make_aware(datetime.combine(day, LAST_MOMENT))


class PreferencesForm(forms.Form):
    wants_billing_mail = forms.BooleanField(
        label=_("Billing reminders"),
        required=False,
        help_text=_("What is to be paid and what was credited, for who has the billing right."),
    )
    wants_product_mail = forms.BooleanField(
        label=_("News of products"),
        required=False,
        help_text=_("What was set up and what needs attention, for who has every product."),
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
