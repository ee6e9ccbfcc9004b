"""The language between jobs and providers. Drivers import no model: they get a frozen spec and return an outcome."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise


@dataclass(frozen=True)
class Spec:
    """What the customer wants to be true. Kinds add their own fields.

    `key` names the product for ever, 32 hexadecimal digits. The provider keeps it beside what it made: asked again it
    does nothing twice, and nobody's things are mistaken for another's.
    """

    key: str
    name: str
    suspended: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the provider made: its reference there, who the provider is, and facts worth showing."""

    ref: str
    provider: str
    facts: dict[str, Any] = field(default_factory=dict)


class Retryable(Exception):
    """Not now. `reason` is for the customer; `after` is in seconds, None leaves it to the usual back-off."""

    def __init__(self, reason: str | Promise, *, detail: str = "", after: int | None = None) -> None:
        super().__init__(str(reason))
        self.reason, self.detail, self.after = reason, detail, after


class Conflict(Exception):
    """The provider holds something of this name that is not ours. `seen` says what, for staff."""

    def __init__(self, seen: str) -> None:
        super().__init__(seen)
        self.seen = seen


class Permanent(Exception):
    """Never, however often it is tried. `message` is for the customer."""

    def __init__(self, message: str | Promise, *, detail: str = "") -> None:
        super().__init__(str(message))
        self.message, self.detail = message, detail


# Yields the name of each step as it becomes true, and returns the outcome.
Steps = Iterator[str]


class Driver(Protocol):
    """Wishes, not commands: asked twice with one key, each has one effect."""

    # What staff calls it, with where it is.
    name: str
    # What is simulated here, as sentences for people; empty when everything is real.
    sandboxes: tuple[str | Promise, ...]

    def ensure(self, spec: Any) -> Any:
        """The world matches the spec. A generator of step names that returns an `Outcome`."""

    def absent(self, spec: Any) -> Any:
        """Nothing of this product is left at the provider. A generator that returns an `Outcome`."""

    def observe(self, spec: Any) -> Outcome | None:
        """What the provider says now; None when it has nothing of this name."""
