"""What members hold that other apps know of: products, tokens. Each app says it in a module `holdings`."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from organizations.models import Membership, Organization


@cache
def known() -> tuple[ModuleType, ...]:
    found = [config for config in apps.get_app_configs() if module_has_submodule(config.module, "holdings")]
    return tuple(import_module(f"{config.name}.holdings") for config in found if config.name != "organizations")


def brief(organization: Organization, members: Iterable[Membership]) -> dict[int, list[str]]:
    """By user, in a few words each, what is given to members beyond their role. The same queries for any number."""
    members = list(members)
    found: dict[int, list[str]] = defaultdict(list)
    for module in known():
        for user, words in module.brief(organization, members).items():
            found[user] += words
    return dict(found)


def lines(organization: Organization, member: Membership) -> list[str]:
    """What the member may do now, by role and by grants, line by line."""
    return [line for module in known() for line in module.lines(organization, member)]


def losses(organization: Organization, member: Membership) -> list[str]:
    """What ends when the membership does, in sentences."""
    return [line for module in known() for line in module.losses(organization, member)]
