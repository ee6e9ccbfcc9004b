"""What an organization asks of whoever signs in."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.actions.second_factor import FURTHEST
from organizations.models import Organization

NOTICE = timedelta(days=14)


class SecondFactorForm(forms.Form):
    start = forms.DateField(
        label=_("From this day on"),
        help_text=_("Within 90 days. Today means at once."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def of(cls, organization: Organization) -> "SecondFactorForm":
        """With the day that was announced, or one that gives people two weeks."""
        start = organization.second_factor_from
        waiting = start is not None and start > timezone.now()
        return cls(initial={"start": timezone.localdate(start) if waiting else timezone.localdate() + NOTICE})

    def clean_start(self) -> datetime:
        """The beginning of that day; now where it has begun."""
        day: date = self.cleaned_data["start"]
        today = timezone.localdate()
        if not today <= day <= today + FURTHEST:
            raise forms.ValidationError(_("This day has passed.") if day < today else _("At most 90 days from now."))
        return timezone.now() if day == today else timezone.make_aware(datetime.combine(day, time.min))
