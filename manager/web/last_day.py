"""The last day of what ends by itself: somebody's access, rights, a token."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manager.web.dates import exact


def last_moment(day: date) -> datetime:
    """Until when something holds whose last day this is."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class LastDayField(forms.DateField):
    """A day from today on, at most `longest` ahead. What comes of it is its last moment, or None where it is empty.

    Its initial value may be such a moment.
    """

    default_error_messages = {
        "passed": _("This day has passed."),
        "late": _("The last day that can be chosen is %(day)s."),
    }

    def __init__(self, *, longest: timedelta | None = None, **options: Any) -> None:
        self.longest = longest
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget} | options)

    def prepare_value(self, value: Any) -> Any:
        return timezone.localdate(value) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        today = timezone.localdate()
        if day < today:
            raise ValidationError(self.error_messages["passed"], code="passed")
        if self.longest is not None and day > today + self.longest:
            last = exact(today + self.longest)
            raise ValidationError(self.error_messages["late"], code="late", params={"day": last})
        return last_moment(day)
