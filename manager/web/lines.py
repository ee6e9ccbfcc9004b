"""One line of text that a person types: a name, a street, a label. It is repeated in mails and lists as it stands."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# What joins letters of other scripts, and the parts of an emoji; between Latin letters it only hides.
JOINERS = "\u200c\u200d"
LATIN = 0x2FF
# Blank, though Unicode counts them among letters, marks and signs.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def one_line(text: str) -> str:
    """The text with one space where it had spaces, tabs or line breaks."""
    return " ".join(text.split())


def hidden(text: str) -> bool:
    """Something in it is not seen: a control character, one that turns the direction of the text, or a blank one."""
    for before, sign in zip(" " + text, text, strict=False):
        if sign in JOINERS and ord(before) > LATIN and before not in JOINERS:
            continue
        if sign in BLANK or unicodedata.category(sign) in ("Cc", "Cf", "Cs"):
            return True
    return False


def quoted(text: str) -> str:
    """Each line marked as somebody's words, for a mail that says more than they do."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


class Line(forms.CharField):
    """One line of text: nobody adds a paragraph to a mail by their name."""

    default_error_messages = {
        "hidden": _("This text contains characters that are not seen. Type it anew instead of pasting it."),
    }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return one_line(text) if isinstance(text, str) else text

    def validate(self, value: Any) -> None:
        super().validate(value)
        if hidden(value):
            raise forms.ValidationError(self.error_messages["hidden"], code="hidden")
