"""What people read of an event. Each app says it of the verbs that it records, in a module `sentences`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from manager.web.dates import exact
from organizations.event_labels import LABELS as LABELS
from organizations.models import Organization
from organizations.roles import Role

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


# What was or is empty.
NONE = "—"


def _word(value: Any) -> str:
    return NONE if value in (None, "") else str(value)


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
    "phone": _("Phone"),
    "vat_number": _("VAT number"),
}

COLOURS: dict[str, Text] = {
    "blue": _("Blue"),
    "teal": _("Teal"),
    "amber": _("Amber"),
    "violet": _("Violet"),
    "green": _("Green"),
    "pink": _("Pink"),
}

MEMBER: dict[str, Text] = {
    "role": _("Role"),
    "may_order": pgettext_lazy("right", "Order products"),
    "has_billing": pgettext_lazy("right", "Billing"),
    "wants_billing_mail": _("Billing reminders"),
    "wants_product_mail": _("News of products"),
}
YES: dict[str, Text] = {"True": _("yes"), "False": _("no")}
MEMBER_WORDS: dict[str, dict[str, Text]] = dict.fromkeys(MEMBER, YES) | {"role": dict(Role.choices)}


def access_period(details: Details) -> str:
    """From which end to which."""
    old, new = pair(details.get("expires_at", ["", ""]))
    moments = [exact(datetime.fromisoformat(part)) if part != NONE else gettext("no end") for part in (old, new)]
    return f"{moments[0]} → {moments[1]}" if "expires_at" in details else ""


def invited_as(details: Details) -> Text:
    """With which role, or that the person was there before."""
    if details.get("member"):
        return gettext("Was a member already, and keeps what they had")
    return dict(Role.choices).get(details.get("role", ""), "")


def second_factor_start(details: Details) -> str:
    """From which day on, of what was announced before."""
    start = pair(details.get("start", ["", ""]))[1]
    return gettext("From %(day)s") % {"day": exact(datetime.fromisoformat(start))} if start != NONE else ""


SENTENCES: Sentences = {
    "organization.create": Sentence(_("%(actor)s created the organization %(target)s"), icon="building-2"),
    "organization.edit": Sentence(
        _("%(actor)s edited the organization %(target)s"),
        icon="pencil",
        note=changes(FIELDS, form=dict(Organization.Form.choices)),
    ),
    "organization.logo.set": Sentence(_("%(actor)s gave %(target)s a new logo"), icon="image"),
    "organization.logo.remove": Sentence(_("%(actor)s removed the logo of %(target)s"), icon="image-off"),
    "organization.delete": Sentence(_("%(actor)s deleted the organization %(target)s"), icon="trash-2", tone="danger"),
    "log.export": Sentence(_("%(actor)s took the activity log of %(target)s away as a file"), icon="download"),
    "member.role": Sentence(
        _("%(actor)s changed the role of %(target)s"), icon="user-round-cog", note=changes(MEMBER, **MEMBER_WORDS)
    ),
    "member.expiry": Sentence(
        _("%(actor)s changed until when %(target)s has access"), icon="calendar-clock", note=access_period
    ),
    "member.suspend": Sentence(_("%(actor)s suspended the access of %(target)s"), icon="pause"),
    "member.restore": Sentence(_("%(actor)s opened the access of %(target)s again"), icon="play"),
    "member.end": Sentence(_("The access of %(target)s ended, as it was set"), icon="hourglass"),
    "member.remove": Sentence(_("%(actor)s removed %(target)s from the organization"), icon="user-round-minus"),
    "member.leave": Sentence(_("%(target)s left the organization"), icon="log-out"),
    "member.prefer": Sentence(
        _("%(actor)s changed which mails %(target)s gets"), icon="mail", note=changes(MEMBER, **MEMBER_WORDS)
    ),
    "second_factor.require": Sentence(
        _("%(actor)s asked everybody in %(target)s for a second factor"), icon="shield-check", note=second_factor_start
    ),
    "second_factor.release": Sentence(
        _("%(actor)s no longer asks for a second factor in %(target)s"), icon="shield-off", tone="warning"
    ),
    "second_factor.remind": Sentence(
        _("%(actor)s reminded people of %(target)s of a second factor"),
        icon="shield-alert",
        note=lambda details: ", ".join(details.get("people", [])),
    ),
    "team.create": Sentence(_("%(actor)s created the team %(target)s"), icon="users-round"),
    "team.edit": Sentence(
        _("%(actor)s edited the team %(target)s"),
        icon="pencil",
        note=changes({"name": _("Name"), "tone": _("Colour"), "leader": _("Leader")}, tone=COLOURS),
    ),
    "team.delete": Sentence(
        _("%(actor)s deleted the team %(target)s and its rights"),
        icon="trash-2",
        tone="danger",
        note=lambda details: ", ".join(details.get("members", [])),
    ),
    "team.add": Sentence(_("%(actor)s added %(person)s to the team %(target)s"), icon="user-round-plus"),
    "team.remove": Sentence(_("%(actor)s removed %(person)s from the team %(target)s"), icon="user-round-minus"),
    "member.view_as": Sentence(_("%(actor)s began to view the organization as %(target)s"), icon="eye"),
    "member.view_as_stop": Sentence(_("%(actor)s stopped viewing the organization as %(target)s"), icon="eye-off"),
    "invitation.create": Sentence(_("%(actor)s invited %(target)s"), icon="send", note=invited_as),
    "invitation.resend": Sentence(_("%(actor)s sent the invitation of %(target)s again"), icon="send"),
    "invitation.revoke": Sentence(_("%(actor)s withdrew the invitation of %(target)s"), icon="ban"),
    "invitation.accept": Sentence(
        _("%(actor)s accepted the invitation of %(target)s"), icon="user-round-plus", note=invited_as
    ),
    "invitation.decline": Sentence(_("%(actor)s declined the invitation of %(target)s"), icon="ban"),
}
