"""What a person says of a program that acts for them."""

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manager.web.last_day import LastDayField, last_moment
from manager.web.lines import Line
from organizations.access import Access
from products import names, tokens
from products.actions.token import LONGEST
from products.models import Product

# How many products are offered to choose from, besides the chosen ones.
OFFERED = 20
MOST_PRODUCTS = 200
# The largest id.
LAST = 2**63 - 1


class TokenForm(forms.Form):
    """What a token may do, on which products, and until when.

    Products are offered twenty at a time, and found by name: so the form works with ten thousand.
    """

    name = Line(
        label=_("Name"),
        max_length=80,
        help_text=_("What will use it, for example “Backup script”"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    permissions = forms.MultipleChoiceField(
        label=_("What it may do"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reach = forms.ChoiceField(
        label=_("It opens"),
        choices=[("some", _("The products chosen below")), ("all", _("All products I see, also future ones"))],
        widget=forms.RadioSelect,
        initial="some",
    )
    products = forms.TypedMultipleChoiceField(
        label=_("Products"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    find = forms.CharField(label=_("Find a product"), max_length=253, required=False)
    lasts = forms.ChoiceField(
        label=_("Valid for"),
        choices=[
            ("7", _("7 days")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("One year")),
            ("day", _("Until a day I choose")),
        ],
        initial="90",
    )
    until = LastDayField(
        label=_("Last day"),
        required=False,
        help_text=_("Only for “Until a day I choose”, within a year"),
        longest=LONGEST - timedelta(days=1),
        error_messages={"late": _("A token is valid for a year at most.")},
    )

    def __init__(self, data: QueryDict | None = None, *, access: Access, **options: Any) -> None:
        self.access = access
        super().__init__(data, **options)
        sent: Any = data if data is not None else self.initial
        held = tokens.held_anywhere(access)
        # What one lacks is not offered: a program has no use for it.
        self.groups = [
            tokens.Group(group.label, {name: text for name, text in group.permissions.items() if name in held})
            for group in tokens.groups()
        ]
        choices = [(name, text) for group in self.groups for name, text in group.permissions.items()]
        cast(forms.MultipleChoiceField, self.fields["permissions"]).choices = choices
        self.offered = self.shown(sent)
        products = [(product.pk, names.shown(product.name)) for product in self.offered]
        cast(forms.TypedMultipleChoiceField, self.fields["products"]).choices = products

    def shown(self, sent: Any) -> list[Product]:
        """The chosen products, and up to twenty others that have the text in their name."""
        values = sent.getlist("products") if hasattr(sent, "getlist") else sent.get("products", ())
        chosen = {int(value) for value in values[:MOST_PRODUCTS] if value.isascii() and value.isdecimal()}
        chosen = {number for number in chosen if number <= LAST}
        rows = Product.objects.visible_to(self.access).standing().with_rights(self.access).order_by("name", "pk")
        text = str(sent.get("find") or "").strip()[:253].replace("\0", "")
        others = (rows.named_like(text) if text else rows).exclude(pk__in=chosen)[: OFFERED + 1]
        self.more = len(others) > OFFERED
        kept = list(rows.filter(pk__in=chosen)) if chosen else []
        return [*kept, *others[:OFFERED]]

    @classmethod
    def unchecked(cls, data: QueryDict, *, access: Access) -> "TokenForm":
        """The form as it was left, without a word about what is missing: it is not sent yet."""
        fields = cls(data, access=access).fields.items()
        kept = {name: field.widget.value_from_datadict(data, {}, name) for name, field in fields if name in data}
        return cls(access=access, initial=kept)

    @property
    def permission_groups(self) -> list[tuple[Any, list[Any]]]:
        """The boxes of the permissions, by kind, as the page shows them."""
        boxes = {box.data["value"]: box for box in self["permissions"]}
        return [
            (group.label, [boxes[name] for name in group.permissions]) for group in self.groups if group.permissions
        ]

    @property
    def product_boxes(self) -> list[tuple[Any, Product]]:
        return list(zip(self["products"], self.offered, strict=True))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("lasts") != "day":
            # Then the day says nothing, also where it makes no sense.
            self.errors.pop("until", None)
        elif not data.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose the last day."))
        return data

    def wanted(self) -> dict[str, Any]:
        """What `products.actions.token.create` wants, but for who creates."""
        data = self.cleaned_data
        chosen = set(data["products"])
        some = [product for product in self.offered if product.pk in chosen]
        return {
            "name": data["name"],
            "permissions": data["permissions"],
            "products": None if data["reach"] == "all" else some,
            "until": self.end(),
        }

    def end(self) -> datetime:
        """The last moment of the last day."""
        lasts = self.cleaned_data["lasts"]
        if lasts == "day":
            return cast(datetime, self.cleaned_data["until"])
        return last_moment(timezone.localdate() + timedelta(days=int(lasts)))
