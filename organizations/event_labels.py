"""What the filter of the log calls the verbs: each app says it beside its sentences, as LABELS. Here: organizations."""

from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "organization.create": _("Organization created"),
    "organization.edit": _("Organization edited"),
    "organization.logo.set": _("Logo changed"),
    "organization.logo.remove": _("Logo removed"),
    "organization.delete": _("Organization deleted"),
    "log.export": _("Activity log downloaded"),
    "member.role": _("Role changed"),
    "member.expiry": _("Access period changed"),
    "member.suspend": _("Access suspended"),
    "member.restore": _("Access restored"),
    "member.remove": _("Member removed"),
    "member.end": _("Access ended by itself"),
    "member.leave": _("Member left"),
    "member.prefer": _("Mail preferences changed"),
    "second_factor.require": _("Second factor required"),
    "second_factor.release": _("Second factor no longer required"),
    "second_factor.remind": _("Reminded of the second factor"),
    "team.create": _("Team created"),
    "team.edit": _("Team edited"),
    "team.delete": _("Team deleted"),
    "team.add": _("Added to a team"),
    "team.remove": _("Removed from a team"),
    "member.view_as": _("View as a member begun"),
    "member.view_as_stop": _("View as a member ended"),
    "invitation.create": _("Invitation sent"),
    "invitation.resend": _("Invitation sent again"),
    "invitation.revoke": _("Invitation withdrawn"),
    "invitation.accept": _("Invitation accepted"),
    "invitation.decline": _("Invitation declined"),
}


@cache
def known() -> dict[str, str | Promise]:
    """By the verbs of all apps."""
    found: dict[str, str | Promise] = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "sentences"):
            found |= import_module(f"{config.name}.sentences").LABELS
    return found
