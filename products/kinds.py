"""The registry of product kinds. The core reaches a kind only through here, by dotted path."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from products.drivers import Driver, Spec
    from products.forms import OrderForm
    from products.models import Product

Text = str | Promise


class Section(TextChoices):
    WEB = "web", _("Web & Domain")
    TOOLS = "tools", _("Collaborative tools")


class Permission(TextChoices):
    """What every kind knows. A kind names further ones in its own enum."""

    VIEW = "view", _("See it and its settings")
    CONFIGURE = "configure", _("Change its settings")
    STATISTICS = "statistics", _("See its statistics")
    LIFECYCLE = "lifecycle", _("Renew, suspend, resume and cancel it: this may cost money")


class Preset(StrEnum):
    """Levels people choose from when they give rights on a product."""

    VIEWER = "viewer"
    TECHNICAL = "technical"
    FULL = "full"

    @property
    def label(self) -> Text:
        return PRESET_LABELS[self]


PRESET_LABELS = {Preset.VIEWER: _("Viewer"), Preset.TECHNICAL: _("Technical"), Preset.FULL: _("Full")}


@dataclass(frozen=True)
class Tab:
    """A further page of a kind for each of its products: its URL name takes the organization and the product."""

    name: str
    label: Text


@dataclass(frozen=True)
class Kind:
    """What the core must know of a product kind. The attributes that end in `_path` are dotted paths."""

    slug: str
    label: Text
    label_one: Text
    description: Text
    name_label: Text
    icon: str
    tone: str
    section: Section
    module: str
    # Further permissions of this kind, apart from the common ones; all belong to the level Technical.
    permissions: type[TextChoices] | None = None
    # The names of the steps that its driver yields, in order, with what the customer reads.
    steps: dict[str, Text] = field(default_factory=dict)
    # Between the overview and the access.
    tabs: tuple[Tab, ...] = ()

    @property
    def order_form(self) -> "type[OrderForm]":
        """The form of its order page."""
        return import_string(f"{self.module}.forms.OrderForm")

    def create(self, product: "Product", options: dict[str, Any]) -> None:
        """The kind's own row for a new product exists."""
        import_string(f"{self.module}.actions.create")(product, options)

    def spec(self, product: "Product") -> "Spec":
        """What the customer wants of this product now, for the driver."""
        return import_string(f"{self.module}.actions.spec")(product)

    def panel(self, product: "Product") -> dict[str, Any]:
        """The context of `templates/<kind>/panel.html`: the kind's part of a product's page."""
        return import_string(f"{self.module}.views.panel")(product)

    @property
    def panel_template(self) -> str:
        return f"{self.slug}/panel.html"

    def driver(self) -> "Driver":
        """The provider: the installation's choice, or the kind's own."""
        return import_string(settings.PRODUCT_DRIVERS.get(self.slug, f"{self.module}.driver.choose"))()

    @property
    def all_permissions(self) -> Mapping[str, Text]:
        """Every permission on a product of this kind, with the sentence that explains it."""
        own = dict(self.permissions.choices) if self.permissions else {}
        return dict(Permission.choices) | own

    def preset(self, preset: Preset) -> frozenset[str]:
        """The permissions of a level."""
        viewer = {Permission.VIEW.value, Permission.STATISTICS.value}
        full = set(self.all_permissions)
        sets = {Preset.VIEWER: viewer, Preset.TECHNICAL: full - {Permission.LIFECYCLE.value}, Preset.FULL: full}
        return frozenset(sets[preset])

    def level_of(self, permissions: Iterable[str]) -> Preset | None:
        """The level with exactly these permissions; None when there is none."""
        held = frozenset(permissions)
        return next((preset for preset in Preset if self.preset(preset) == held), None)

    def step_label(self, name: str) -> Text:
        return self.steps.get(name, name)


def every() -> list[Kind]:
    """All kinds, in the order of the settings."""
    return [import_string(f"{module}.kind.KIND") for module in settings.PRODUCT_KINDS]


def get(slug: str) -> Kind:
    """The kind with this slug; KeyError when there is none."""
    return {kind.slug: kind for kind in every()}[slug]


def sections(kinds: Iterable[Kind] | None = None) -> list[tuple[Section, list[Kind]]]:
    """The kinds by section, both in their order; sections without a kind are left out."""
    kinds = list(every() if kinds is None else kinds)
    grouped = [(section, [kind for kind in kinds if kind.section == section]) for section in Section]
    return [(section, members) for section, members in grouped if members]
