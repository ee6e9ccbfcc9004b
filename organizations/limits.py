"""How much is made and sent in a day: by one person over all organizations, so that a new one is no way around."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Mail, User
from manager.web import locks
from manager.web.refused import Refused
from organizations import tenancy
from organizations.models import Event, Invitation, Organization

DAY = timedelta(days=1)
MOST_ORGANIZATIONS = 10
MOST_INVITATIONS = 50
# Of one organization: open at once, and in a day.
MOST_OPEN = 100
MOST_A_DAY = 200
# To one address, whoever writes to it.
MOST_TO_ADDRESS = 5
# The mails with the link of an invitation or of a transfer, by their keys.
LINKS = r"^(invitation:[0-9]+:[0-9]+|transfer:[0-9]+:offer)$"


def check_founding(user: User) -> None:
    """Refused to who created enough organizations today. Held until the transaction ends."""
    locks.hold(f"founding:{user.pk}")
    if done_today(user, "organization.create") >= MOST_ORGANIZATIONS:
        text = _("You created %(number)d organizations today. Try again tomorrow, or use one that you have.")
        raise Refused(text % {"number": MOST_ORGANIZATIONS})


def check_inviting(user: User, emails: Iterable[str], field: str | None = None) -> None:
    """Refused to who invited enough people today, and for an address that got enough. Held until the transaction ends.

    A mail counts each time that it is sent.
    """
    addresses = {email.lower() for email in emails}
    locks.hold(f"inviting:{user.pk}")
    if done_today(user, "invitation.create", "invitation.resend") + len(addresses) > MOST_INVITATIONS:
        text = _("You send up to %(number)d invitations a day, in all organizations together. Try again tomorrow.")
        raise Refused(text % {"number": MOST_INVITATIONS}, field=field)
    check_addresses(addresses, field)


def check_addresses(emails: Iterable[str], field: str | None = None) -> None:
    """Refused for an address that got enough mails with a link today. Held until the transaction ends."""
    addresses = sorted({email.lower() for email in emails})
    for address in addresses:
        locks.hold(f"invited:{address}")
    got = mailed_today(addresses)
    if full := [address for address in addresses if got.get(address, 0) >= MOST_TO_ADDRESS]:
        text = _("%(email)s got several mails with a link today. Try again tomorrow.")
        raise Refused(" ".join(text % {"email": address} for address in full), field=field)


def check_room(organization: Organization, more: int) -> None:
    """Refused where the organization has enough invitations. The caller holds them."""
    rows = Invitation.objects.filter(organization=organization)
    waiting = rows.open().count()
    if waiting + more > MOST_OPEN:
        text = _("%(number)d invitations may be open at once, and %(open)d are. Withdraw some first.")
        raise Refused(text % {"number": MOST_OPEN, "open": waiting}, field="emails")
    if rows.filter(created_at__gt=timezone.now() - DAY).count() + more > MOST_A_DAY:
        text = _("An organization invites up to %(number)d people a day. Try again tomorrow.")
        raise Refused(text % {"number": MOST_A_DAY}, field="emails")


def done_today(user: User, *verbs: str) -> int:
    """How often the person did this in the last 24 hours. The log knows, also of organizations that are gone."""
    since = timezone.now() - DAY
    with tenancy.every_organization():
        return Event.objects.filter(actor=user, verb__in=verbs, created_at__gt=since).count()


def mailed_today(addresses: Iterable[str]) -> dict[str, int]:
    """How many mails with a link each of these addresses got in the last 24 hours."""
    rows = Mail.objects.filter(key__regex=LINKS, created_at__gt=timezone.now() - DAY)
    rows = rows.annotate(address=Lower("to")).filter(address__in=list(addresses)).order_by()
    return dict(rows.values_list("address").annotate(Count("pk")))
