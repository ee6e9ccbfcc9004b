from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from manager.web.lines import Line
from manager.web.tones import TONES
from organizations.models import Membership, Team
from organizations.sentences import COLOURS


class TeamForm(forms.Form):
    """What a team is called, and its colour."""

    name = Line(
        label=_("Name"),
        max_length=60,
        help_text=_("For example “Web” or “Accounting”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tone = forms.ChoiceField(
        label=_("Colour"), choices=[(tone, COLOURS[tone]) for tone in TONES], initial=TONES[0], widget=forms.RadioSelect
    )


class TeamEditForm(TeamForm):
    leader = forms.ModelChoiceField(
        label=_("Leader"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Whom to ask about the team. No right comes with it."),
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = team.group.user_set.order_by("first_name", "last_name", "pk")
        cast(forms.ModelChoiceField, self.fields["leader"]).queryset = inside

    @classmethod
    def of(cls, team: Team) -> "TeamEditForm":
        return cls(initial={"name": team.name, "tone": team.tone, "leader": team.leader_id}, team=team)


class PeopleForm(forms.Form):
    """Members of the organization who come into a team or leave it, by the ids of their memberships."""

    member = forms.ModelMultipleChoiceField(
        label=_("Users"),
        queryset=Membership.objects.none(),
        error_messages={"required": _("Choose at least one user.")},
    )

    def __init__(self, data: Any, *, team: Team) -> None:
        super().__init__(data)
        members = Membership.objects.filter(organization=team.organization_id).select_related("user")
        cast(forms.ModelMultipleChoiceField, self.fields["member"]).queryset = members

    @property
    def users(self) -> list[User]:
        return [member.user for member in self.cleaned_data["member"]]
