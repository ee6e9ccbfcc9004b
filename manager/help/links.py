"""From a guide to the screen it speaks of: `portal:members`, `portal:product_list?kind=hosting#rows`, `guide:teams`.

A screen of an organization opens in the one that the reader used last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import get_resolver, resolve, reverse

from manager.help import guides
from products import kinds

SCREEN, GUIDE = "portal:", "guide:"
ORGANIZATION = "organization"


class Unknown(Exception):
    """No such screen, or not without naming a thing on it."""


@dataclass(frozen=True)
class Screen:
    name: str
    arguments: dict[str, Any]
    in_organization: bool
    query: str = ""
    anchor: str = ""

    def path(self, organization: str = "") -> str:
        """In this organization; without one, where it is asked for: the one used last then."""
        if self.in_organization and not organization:
            given = urlencode({name: getattr(value, "slug", value) for name, value in self.arguments.items()})
            return reverse("help_go", args=[self.name]) + self._after(given)
        here = {ORGANIZATION: organization} if self.in_organization else {}
        return reverse(self.name, kwargs=self.arguments | here) + self._after("")

    def _after(self, given: str) -> str:
        query = "&".join(filter(None, [given, self.query]))
        return (f"?{query}" if query else "") + (f"#{self.anchor}" if self.anchor else "")

    @property
    def is_public(self) -> bool:
        if self.in_organization:
            return False
        view = resolve(reverse(self.name, kwargs=self.arguments)).func
        return getattr(view, "declared_access", "") == "public" or not getattr(view, "login_required", True)


@cache
def screen(address: str) -> Screen:
    """What a link names; Unknown when there is no such screen, or it is one of a single thing."""
    rest, _sharp, anchor = address.removeprefix(SCREEN).partition("#")
    name, _mark, query = rest.partition("?")
    # With the parameters of each way to write it.
    ways = [set(names) for forms, *_more in get_resolver().reverse_dict.getlist(name) for _text, names in forms]
    if not ways:
        raise Unknown(f"{address}: there is no screen {name}")
    given = dict(parse_qsl(query))
    wanted = ways[0] - {ORGANIZATION}
    if not wanted <= given.keys():
        raise Unknown(f"{address}: the screen {name} needs {', '.join(sorted(wanted - given.keys()))}")
    try:
        arguments = {each: kinds.get(given[each]) if each == "kind" else given[each] for each in wanted}
    except KeyError:
        raise Unknown(f"{address}: there is no such kind of product") from None
    more = urlencode({each: value for each, value in given.items() if each not in wanted})
    return Screen(name, arguments, ORGANIZATION in ways[0], more, anchor)


@cache
def linked() -> frozenset[str]:
    """The screens of an organization that some guide leads to."""
    bodies = [body for guide in guides.every() for body in guide.bodies.values()]
    screens = [screen(link) for body in bodies for link in body.links if link.startswith(SCREEN)]
    return frozenset(each.name for each in screens if each.in_organization)


@dataclass(frozen=True)
class Reader:
    """Who follows the links. `organization`: the slug of the one used last, if there is any."""

    signed_in: bool
    organization: str = ""

    def address(self, link: str) -> str:
        if link.startswith(GUIDE):
            slug, _sharp, anchor = link.removeprefix(GUIDE).partition("#")
            return guides.get(slug).url + (f"#{anchor}" if anchor else "")
        there = screen(link)
        path = there.path(self.organization)
        if self.signed_in or there.is_public:
            return path
        return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': path})}"
