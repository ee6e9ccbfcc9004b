"""What outlives a request and was made for one person: grants, API tokens, logins on servers.

When a membership ends, is suspended or changes its role, or when a grant ends, each app that made such things brings
them in line with what the person may now. It says how in a module `lasting`, as sentences are said in `sentences`.
"""

from functools import cache
from importlib import import_module
from typing import Protocol

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from accounts.models import User
from organizations.events import Actor
from organizations.models import Organization


class Match(Protocol):
    """Bring what lasts in line with what `user` may in `organization` now. Called in the transaction of the change."""

    def __call__(self, organization: Organization, user: User, *, by: Actor | None) -> None: ...


@cache
def known() -> tuple[Match, ...]:
    found = [config for config in apps.get_app_configs() if module_has_submodule(config.module, "lasting")]
    return tuple(import_module(f"{config.name}.lasting").match for config in found if config.name != "organizations")


def match(organization: Organization, user: User, *, by: Actor | None) -> None:
    """Nothing that was made for this person reaches further than their rights."""
    for each in known():
        each(organization, user, by=by)
