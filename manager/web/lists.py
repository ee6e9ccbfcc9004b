"""Several names as one reads them in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(names: Iterable[object]) -> str:
    """Anna, Ben and Carla."""
    return _joined(names, pgettext("the end of a list", "%(others)s and %(last)s"))


def either(names: Iterable[object]) -> str:
    """Anna, Ben or Carla."""
    return _joined(names, pgettext("the end of a list", "%(others)s or %(last)s"))


def _joined(names: Iterable[object], end: str) -> str:
    *others, last = [*map(str, names)] or [""]
    return end % {"others": ", ".join(others), "last": last} if others else last
