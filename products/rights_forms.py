"""What is posted when rights are given: a level or single permissions, until when, and on what."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from manager.web.last_day import LastDayField
from organizations.access import Access
from organizations.models import Membership, Team
from products import effective, kinds
from products.actions.grant import Subject, Target
from products.effective import Holding
from products.kinds import Kind, Permission, Preset
from products.models import Product
from products.models.product import ProductQuerySet

CUSTOM = "custom"
PRESETS: list[tuple[str, str | Promise]] = [
    ("", gettext_lazy("None")),
    *((level.value, level.label) for level in Preset),
]
LEVELS = [*PRESETS, (CUSTOM, gettext_lazy("Custom"))]
# For grants that end by themselves.
LONGEST = timedelta(days=3660)


class RightsForm(forms.Form):
    """A level, or single permissions of a kind, perhaps until a day."""

    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False, choices=LEVELS)
    permissions = forms.MultipleChoiceField(label=gettext_lazy("Rights"), required=False)
    until = LastDayField(label=gettext_lazy("Last day"), required=False, longest=LONGEST)

    def __init__(self, *args: Any, kind: Kind | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        named = kind.all_permissions if kind else {}
        cast(forms.MultipleChoiceField, self.fields["permissions"]).choices = list(named.items())

    @classmethod
    def of(cls, holding: Holding, place: str) -> "RightsForm":
        """As it stands; `place` is the id of the part of the page that it is in."""
        until = holding.given.until if holding.given else None
        level = holding.level or (CUSTOM if holding.direct else "")
        initial = {"level": level, "permissions": list(holding.direct), "until": until}
        return RightsForm(initial=initial, kind=holding.kind, auto_id=f"{place}-%s")

    @classmethod
    def for_all(cls, place: str, level: str) -> "RightsForm":
        """On every kind: levels only."""
        return RightsForm(initial={"level": level}, kind=None, auto_id=f"{place}-%s")

    def clean_level(self) -> str:
        """What was not chosen is not “None”."""
        if self["level"].html_name not in self.data:
            raise forms.ValidationError(_("Choose a level."))
        return str(self.cleaned_data["level"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kind and data.get("level") == CUSTOM and "permissions" in data and not data["permissions"]:
            self.add_error("permissions", _("Tick at least one right."))
        return data

    def wanted(self) -> frozenset[str]:
        """The permissions of the level, or those that were chosen: with each of them comes seeing the product."""
        level = self.cleaned_data["level"]
        if level == CUSTOM:
            return frozenset({*self.cleaned_data["permissions"], Permission.VIEW.value})
        contents = [kind.preset(Preset(level)) for kind in self.kinds] if level else []
        return frozenset().union(*contents)

    @property
    def kinds(self) -> list[Kind]:
        return [self.kind] if self.kind else []


def single_of(subject: Subject, access: Access) -> ProductQuerySet:
    """The products on which something was given to the subject itself."""
    rows = Product.objects.visible_to(access).with_rights(access)
    return rows.filter(pk__in=effective.direct_on_products(subject).values("content_object"))


class OnTargetsForm(RightsForm):
    """What one member or team may do on some products, on a whole kind, or on everything."""

    EACH, WHOLE, PRESENT, EVERYTHING = "", "all", "present", "everything"
    kind_slug = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=lambda: [(k.slug, k.label) for k in kinds.every()]
    )
    target = forms.ChoiceField(required=False, choices=[(name, name) for name in (EACH, WHOLE, PRESENT, EVERYTHING)])
    product = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Products"), queryset=Product.objects.none(), required=False
    )
    # That everything goes was read and confirmed.
    confirmed = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict, *, access: Access, subject: Subject) -> None:
        self.access, self.subject = access, subject
        self.chosen = data.getlist("product")
        found = next((kind for kind in kinds.every() if kind.slug == data.get("kind_slug")), None)
        super().__init__(data, kind=found)
        rows = Product.objects.visible_to(access).with_rights(access).standing()
        self.present = rows.of(found) if found else rows.none()
        cast(forms.ModelMultipleChoiceField, self.fields["product"]).queryset = self.present
        self.place = self._place()
        self.auto_id = f"{self.place}-%s"

    def _place(self) -> str:
        """The id of the part of the page that it came from."""
        target, slug = self.data.get("target"), self.kind.slug if self.kind else ""
        if target == self.EVERYTHING:
            return self.EVERYTHING
        if target in (self.WHOLE, self.PRESENT):
            return f"{target}-{slug}"
        one = self.chosen[0] if len(self.chosen) == 1 else ""
        return f"product-{one}" if one.isdecimal() else "several"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("target") == self.EACH and "product" in data and not data["product"]:
            self.add_error("product", _("Choose at least one product."))
        if data.get("target") == self.EVERYTHING and data.get("level") == CUSTOM:
            self.add_error("level", _("Choose a level: single rights differ from kind to kind."))
        if self.takes_everything and not data.get("confirmed"):
            self.add_error("level", _("Nothing was taken away yet. Read what goes, and confirm it."))
        return data

    @property
    def takes_everything(self) -> bool:
        """None, on everything: also what was given on single products goes."""
        return self.data.get("target") == self.EVERYTHING and self.data.get("level") == ""

    @property
    def ticked(self) -> list[int]:
        """The products that were chosen together."""
        several = self.place == "several"
        return [int(pk) for pk in self.chosen if pk.isdecimal() and len(pk) < 20] if several else []

    @property
    def kinds(self) -> list[Kind]:
        return kinds.every() if self.cleaned_data["target"] == self.EVERYTHING else super().kinds

    def targets(self) -> list[Target]:
        target = self.cleaned_data["target"]
        if target in (self.EVERYTHING, self.WHOLE):
            return [*self.kinds, *(single_of(self.subject, self.access) if self.takes_everything else ())]
        return list(self.present if target == self.PRESENT else self.cleaned_data["product"])


class OnProductForm(RightsForm):
    """What a member or a team may do on one product."""

    member = forms.ModelChoiceField(
        label=gettext_lazy("User"), queryset=Membership.objects.none(), required=False, to_field_name="user"
    )
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.none(), required=False)

    def __init__(self, data: Any, *, access: Access, kind: Kind) -> None:
        super().__init__(data, kind=kind)
        members = Membership.objects.filter(organization=access.organization).select_related("user")
        cast(forms.ModelChoiceField, self.fields["member"]).queryset = members
        teams = Team.objects.filter(organization=access.organization).select_related("group")
        cast(forms.ModelChoiceField, self.fields["team"]).queryset = teams
        named = [(name, data.get(name, "")) for name in ("member", "team")]
        self.place = next((f"{name}-{value}" for name, value in named if value.isdecimal()), "nobody")
        self.auto_id = f"{self.place}-%s"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"member", "team"} <= data.keys() and not bool(data["member"]) ^ bool(data["team"]):
            self.add_error("member", _("Choose a user or a team."))
        return data

    @property
    def subject(self) -> Subject:
        member = self.cleaned_data["member"]
        return member.user if member else self.cleaned_data["team"]
