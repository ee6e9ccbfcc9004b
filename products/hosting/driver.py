"""What a hosting asks of a web server. Imports no model."""

from dataclasses import dataclass

from products.drivers import Driver, Spec
from products.hosting import php
from products.hosting.sandbox import Sandbox


@dataclass(frozen=True)
class HostingSpec(Spec):
    """A website with its PHP version, and how much the plan holds."""

    php_version: str = php.USUAL.value
    disk_gb: int = 0
    sites: int = 0
    databases: int = 0


def choose() -> Driver:
    """The web server of this installation: the sandbox, the only one there is a driver for."""
    return Sandbox()
