"""What an administrator says of the people they invite."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from manager.web.last_day import LastDayField
from organizations import invitations
from organizations.access import Access
from organizations.member_forms import LONGEST
from organizations.models import Team
from organizations.roles import Role
from products import kinds
from products import names as names_of
from products.actions.grant import Target
from products.kinds import Kind, Preset
from products.models import Product
from products.rights_forms import PRESETS

MOST_AT_ONCE = 20
# How many products are offered to choose from, besides the chosen ones.
OFFERED = 20
# The name of a product's field.
FIELD = re.compile(r"\Aproduct-([0-9]{1,18})\Z", re.ASCII)
SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Row:
    """One product with its level."""

    product: Product
    field: BoundField


@dataclass(frozen=True)
class Group:
    """The products of one kind, under the level on all of them."""

    kind: Kind
    field: BoundField
    rows: list[Row]
    chosen: int


class InvitationForm(forms.Form):
    """Who is invited, to which role, and what comes with it.

    Levels on single products are fields of their own, for the chosen ones and for those that `find` finds: so the form
    works with ten products and with ten thousand.
    """

    emails = forms.CharField(
        label=_("Email addresses"),
        max_length=6000,
        help_text=_("One, or several separated by commas or on lines of their own"),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false", "inputmode": "email"}),
    )
    role = forms.TypedChoiceField(
        label=_("Role"), choices=Role.choices, coerce=Role, widget=forms.RadioSelect, initial=Role.COLLABORATOR
    )
    may_order = forms.BooleanField(label=_("May order products"), required=False)
    has_billing = forms.BooleanField(label=_("May see and pay invoices"), required=False)
    wants_billing_mail = forms.BooleanField(label=_("Billing reminders"), required=False)
    wants_product_mail = forms.BooleanField(label=_("News of products"), required=False)
    ends = LastDayField(label=_("Last day of access"), required=False, help_text=_("Empty: no end"), longest=LONGEST)
    teams = forms.TypedMultipleChoiceField(
        label=_("Teams"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=500,
        required=False,
        help_text=_("Shown when they open the invitation, not in the mail"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    find = forms.CharField(label=_("Find a product"), max_length=253, required=False)

    def __init__(self, data: QueryDict | None = None, *, access: Access, **options: Any) -> None:
        self.access = access
        super().__init__(data, **options)
        self.team_rows = list(Team.objects.filter(organization=access.organization))
        names = [(team.pk, team.name) for team in self.team_rows]
        cast(forms.TypedMultipleChoiceField, self.fields["teams"]).choices = names
        sent: Any = data if data is not None else self.initial
        self.products = self.shown(sent)
        targets: list[Target] = [*kinds.every(), *self.products]
        for target in targets:
            label = names_of.shown(target.name) if isinstance(target, Product) else str(target.label)
            self.fields[self.name(target)] = forms.ChoiceField(label=label, choices=PRESETS, required=False)

    def shown(self, sent: Any) -> list[Product]:
        """The products with a level, and up to twenty others that have the text in their name."""
        chosen = {int(found[1]) for name in sent if sent.get(name) and (found := FIELD.match(name))}
        rows = Product.objects.visible_to(self.access).standing().order_by("name", "pk")
        text = str(sent.get("find") or "").strip()[:253].replace("\0", "")
        others = (rows.named_like(text) if text else rows).exclude(pk__in=chosen)[: OFFERED + 1]
        self.more = len(others) > OFFERED
        kept = list(rows.filter(pk__in=chosen)) if chosen else []
        return sorted([*kept, *others[:OFFERED]], key=lambda product: (product.name, product.pk))

    @staticmethod
    def name(target: Target) -> str:
        return f"product-{target.pk}" if isinstance(target, Product) else f"kind-{target.slug}"

    @classmethod
    def unchecked(cls, data: QueryDict, *, access: Access) -> "InvitationForm":
        """The form as it was left, without a word about what is missing: it is not sent yet."""
        fields = cls(data, access=access).fields.items()
        kept = {name: field.widget.value_from_datadict(data, {}, name) for name, field in fields if name in data}
        return cls(access=access, initial=kept)

    @property
    def groups(self) -> Iterator[Group]:
        """The kinds with their products, as the page shows them."""
        for kind in kinds.every():
            rows = [Row(each, self[self.name(each)]) for each in self.products if each.kind_slug == kind.slug]
            whole = self[self.name(kind)]
            chosen = sum(bool(row.field.value()) for row in rows)
            if rows or whole.value() or not self["find"].value():
                yield Group(kind, whole, rows, chosen)

    @property
    def roles(self) -> Iterator[dict[str, Any]]:
        """Each role, what it opens, and why it is closed to this person."""
        reason = _("Only a legal representative appoints another one.")
        for role in Role:
            closed = "" if invitations.covers(self.access, role) else reason
            yield {"value": role.value, "label": role.label, "meaning": role.meaning, "closed": closed}

    def clean_emails(self) -> list[str]:
        found = dict.fromkeys(filter(None, SEPARATORS.split(self.cleaned_data["emails"].lower())))
        if len(found) > MOST_AT_ONCE:
            text = _("Up to %(number)d addresses at once; these are %(found)d.")
            raise ValidationError(text, params={"number": MOST_AT_ONCE, "found": len(found)})
        if not found:
            raise ValidationError(_("Enter at least one address."))
        wrong = [email for email in found if not is_address(email)]
        if wrong:
            text = _("“%(email)s” is not an email address.")
            raise ValidationError([ValidationError(text, params={"email": email[:100]}) for email in wrong])
        return list(found)

    def invited(self) -> dict[str, Any]:
        """What `products.actions.invitation.invite` wants, but for who invites."""
        data = self.cleaned_data
        names = ("may_order", "has_billing", "wants_billing_mail", "wants_product_mail", "message")
        return {name: data[name] for name in ("emails", "role", *names)} | {
            "membership_expires_at": data["ends"],
            "teams": [team for team in self.team_rows if team.pk in data["teams"]],
            "rights": list(self.rights()),
        }

    def rights(self) -> Iterator[tuple[Target, Sequence[str]]]:
        for kind in kinds.every():
            if level := self.cleaned_data[self.name(kind)]:
                yield kind, sorted(kind.preset(Preset(level)))
        for product in self.products:
            if level := self.cleaned_data[self.name(product)]:
                yield product, sorted(product.kind.preset(Preset(level)))


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
