"""The one way an action says no."""

from __future__ import annotations

from django.forms import BaseForm
from django.utils.functional import Promise


class Refused(Exception):
    """A rule was broken by the person's input; the message is written for that person.

    Raised by actions, caught by the view that called them::

        try:
            order = place(cart, by=access)
        except Refused as refused:
            refused.into(form)
            return invalid(request, "order.html", {"form": form})
    """

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def into(self, form: BaseForm) -> None:
        """Put the message under its field, or above the form when the form has no such field."""
        field = self.field if self.field in form.fields else None
        form.add_error(field, str(self.message))
