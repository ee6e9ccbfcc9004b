"""What stands in the way of deleting an organization. Each app says it of its own things, in a module `obstacles`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Membership, Organization

Text = str | Promise


@dataclass(frozen=True)
class Obstacle:
    """One line of the checklist: what must be so, and what is in its way, if anything is."""

    wanted: Text
    # Empty where nothing is.
    found: Text = ""
    # Where it is put right, and what the link there says; empty where only we can help.
    url: str = ""
    link: Text = ""

    @property
    def stands(self) -> bool:
        return bool(self.found)


@cache
def known() -> tuple[Callable[[Organization], list[Obstacle]], ...]:
    found = [config for config in apps.get_app_configs() if module_has_submodule(config.module, "obstacles")]
    return tuple(import_module(f"{config.name}.obstacles").obstacles for config in found)


def checklist(organization: Organization) -> list[Obstacle]:
    """What every app has to say, whether it stands in the way or not; in the organization's scope."""
    return [obstacle for each in known() for obstacle in each(organization)]


def obstacles(organization: Organization) -> list[Obstacle]:
    others = Membership.objects.filter(organization=organization).count() - 1
    text = ngettext(
        "%(number)d other user has access, or had it", "%(number)d other users have access, or had it", others
    )
    found = text % {"number": others} if others > 0 else ""
    return [Obstacle(_("No other users"), found, reverse("members", args=[organization.slug]), _("Go to users"))]
