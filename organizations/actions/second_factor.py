"""Second factors of an organization's members: asked for, reminded of, or left to each person."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.actions import mail
from accounts.models import Mail, User
from manager.web.refused import Refused
from organizations.access import Access
from organizations.actions.still import hold
from organizations.events import record
from organizations.models import Membership, Organization
from organizations.roles import Right

# How far ahead the day may be.
FURTHEST = timedelta(days=90)
# Who changes their mind about the day in these minutes tells the last one only.
PATIENCE = timedelta(minutes=3)


def reminder(organization: Organization, user: int) -> str:
    """Of today's reminder."""
    return f"second-factor:{organization.pk}:{user}:{timezone.localdate().isoformat()}"


def reminded_today(organization: Organization, users: Iterable[int]) -> set[int]:
    """Those who got a reminder today."""
    keys = {reminder(organization, user): user for user in users}
    return {keys[name] for name in Mail.objects.filter(key__in=keys).values_list("key", flat=True)}


@transaction.atomic(durable=True)
def require(*, start: datetime, by: Access) -> Organization:
    """From then on only people with a second factor enter. Who has none yet gets a mail that says so, once.

    Refused for more than 90 days ahead, and at once for who has none: they would lock themselves out.
    """
    by = hold(by, Right.EDIT)
    organization = by.organization
    old = organization.second_factor_from
    if old == start:
        return organization
    if timezone.localdate(start) > timezone.localdate() + FURTHEST:
        raise Refused(_("At most 90 days from now."), field="start")
    if start <= timezone.now() and not second_factor.factors().filter(user=by.user).exists():
        reason = _("You have no second factor yet, and would lock yourself out. Turn yours on first.")
        raise Refused(reason, field="start")
    organization.second_factor_from = start
    organization.save(update_fields=["second_factor_from"])
    told = [old and old.isoformat(), start.isoformat()]
    record("second_factor.require", organization, by=by, organization=organization, start=told)
    announce(organization, by)
    return organization


@transaction.atomic(durable=True)
def release(*, by: Access) -> Organization:
    """A password alone opens the organization again."""
    by = hold(by, Right.EDIT)
    organization = by.organization
    if organization.second_factor_from is None:
        return organization
    old, organization.second_factor_from = organization.second_factor_from, None
    organization.save(update_fields=["second_factor_from"])
    record("second_factor.release", organization, by=by, organization=organization, start=[old.isoformat(), None])
    return organization


def announce(organization: Organization, by: Access) -> None:
    """Every active member without a second factor is told from when on it is asked for, once a day at most."""
    start = organization.second_factor_from
    rows = Membership.objects.filter(organization=organization).active()
    for member in rows.exclude(second_factor.exists_for("user")).select_related("user").order_by("pk"):
        path = reverse("mfa_index")
        url = settings.BASE_URL + path
        context = {"person": member.user, "organization": organization, "by": by.user, "start": start, "url": url}
        name = f"second-factor-required:{organization.pk}:{member.user_id}:{timezone.localdate().isoformat()}"
        template, to = "organizations/mail/second_factor_required", member.user
        mail.write(template, context, key=name, to=to, path=path, later=PATIENCE)


@transaction.atomic(durable=True)
def remind(organization: Organization, users: Iterable[User], *, by: Access) -> int:
    """Those of them who are active members without a second factor get a mail that asks for one, once a day.

    How many mails that makes is returned.
    """
    by = hold(by, Right.MEMBERS)
    rows = Membership.objects.filter(organization=organization, user__in=list(users)).active()
    bare = rows.exclude(second_factor.exists_for("user")).select_related("user").order_by("pk")
    keys = {reminder(organization, member.user_id): member.user for member in bare}
    sent = set(Mail.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = {key: user for key, user in keys.items() if key not in sent}
    for key, user in fresh.items():
        path = reverse("mfa_index")
        url = settings.BASE_URL + path
        context = {"person": user, "organization": organization, "by": by.user, "url": url}
        mail.write("organizations/mail/second_factor", context, key=key, to=user, path=path)
    if fresh:
        names = [str(user) for user in fresh.values()]
        record("second_factor.remind", organization, by=by, organization=organization, people=names)
    return len(fresh)
