"""What people read of an event. Each app says it of the verbs that it records, in a module `sentences`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization

Text = str | Promise
Details = dict[str, Any]


@dataclass(frozen=True)
class Sentence:
    """One line of the log: `%(actor)s` and `%(target)s` stand in the text, and what `values` makes of the details."""

    text: Text
    # Drawn when nobody's name leads the line.
    icon: str = "info"
    tone: str = "neutral"
    values: Callable[[Details], Details] = dict
    # What stands below: what changed, or why.
    note: Callable[[Details], Text] = lambda details: ""


# A verb whose sentence depends on what happened has a function of its details.
Sentences = dict[str, Sentence | Callable[[Details], Sentence]]


@cache
def known() -> Sentences:
    """The sentences of all apps."""
    found: Sentences = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "sentences"):
            found |= import_module(f"{config.name}.sentences").SENTENCES
    return found


def of(verb: str, details: Details) -> Sentence:
    """The sentence of this verb. A verb nobody knows, perhaps of a kind that is gone, is shown as it is."""
    found = known().get(verb) or Sentence(_("%(actor)s: %(verb)s, %(target)s"), values=lambda details: {"verb": verb})
    return found if isinstance(found, Sentence) else found(details)


def pair(value: Any) -> tuple[str, str]:
    """Old and new of a recorded change; what was or is empty is a dash."""
    old, new = value if isinstance(value, list) and len(value) == 2 else ("", value)
    return _word(old), _word(new)


def _word(value: Any) -> str:
    return "—" if value in (None, "") else str(value)


def changes(names: dict[str, Text], **choices: dict[str, Text]) -> Callable[[Details], str]:
    """A note of what changed: "Town: Bern → Basel; …", of the details with these names.

    `choices` gives the words for the values of a detail: `changes({"form": …}, form=dict(Form.choices))`.
    """

    def note(details: Details) -> str:
        lines = []
        for name in (name for name in names if name in details):
            words = choices.get(name, {})
            old, new = (words.get(part, part) for part in pair(details[name]))
            lines.append(gettext("%(name)s: %(old)s → %(new)s") % {"name": names[name], "old": old, "new": new})
        return "; ".join(lines)

    return note


FIELDS: dict[str, Text] = {
    "name": _("Name"),
    "form": _("Kind of organization"),
    "street": _("Street and number"),
    "postcode": _("Postcode"),
    "city": _("Town"),
    "country": _("Country"),
}


SENTENCES: Sentences = {
    "organization.create": Sentence(_("%(actor)s created the organization %(target)s"), icon="building-2"),
    "organization.edit": Sentence(
        _("%(actor)s edited the organization %(target)s"),
        icon="pencil",
        note=changes(FIELDS, form=dict(Organization.Form.choices)),
    ),
}
