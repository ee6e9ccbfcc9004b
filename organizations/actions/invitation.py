"""Somebody is asked into an organization, and joins it. Each function is a part of its caller's transaction.

Everybody holds the organization first, then the invitation.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import mail
from accounts.models import User
from manager.web.refused import Refused
from organizations import invitations, lasting, limits
from organizations.access import Access
from organizations.actions.still import hold
from organizations.actions.team import add_members
from organizations.events import Person, record
from organizations.models import Invitation, Membership, Organization, Team
from organizations.models.invitation import in_two_weeks
from organizations.roles import FLAGS, Right, Role

MOST_MAILS = 10
# In a day, in one organization: withdrawing and inviting anew is no way to send mail after mail.
MOST_TO_ONE = 5
SPACING = timedelta(minutes=1)


def create(emails: Iterable[str], role: Role, *, by: Access, **fields: Any) -> list[Invitation]:
    """Each of these people has an open invitation, and a mail with its link; all of them, or none.

    An invitation that expired makes room for a new one. Refused for who is a member, or has an open invitation.
    """
    by = hold(by)
    organization, emails = by.organization, list(emails)
    check_role(role, by)
    if reasons := [reason for email in emails if (reason := refusal(organization, email))]:
        raise Refused(" ".join(reasons), field="emails")
    limits.check_room(organization, len(emails))
    limits.check_inviting(by.user, emails, field="emails")
    if role not in FLAGS:
        fields |= {"may_order": False, "has_billing": False}
    made = []
    for email in emails:
        for old in Invitation.objects.standing().filter(organization=organization, email__iexact=email):
            withdraw(locked(old), by)
        invitation = Invitation(organization=organization, email=email, role=role, invited_by=by.user, **fields)
        invitation.save(force_insert=True)
        record("invitation.create", invitation, by=by, organization=organization, role=role)
        send(invitation, by)
        made.append(invitation)
    return made


def resend(invitation: Invitation, *, by: Access) -> Invitation:
    """The mail leaves again, and the link is valid for another two weeks, by the word of who sends it."""
    by = hold(by)
    limits.check_inviting(by.user, [invitation.email])
    invitation = locked(invitation)
    if reason := over(invitation):
        raise Refused(reason)
    check_role(invitation.role, by)
    if invitation.sent >= MOST_MAILS:
        raise Refused(
            _("%(email)s got this invitation %(number)d times. Copy the link and send it yourself.")
            % {"email": invitation.email, "number": MOST_MAILS}
        )
    if invitation.sent_at and invitation.sent_at > timezone.now() - SPACING:
        raise Refused(_("A mail to %(email)s has just left. Wait a minute.") % {"email": invitation.email})
    if not invitation.is_open:
        limits.check_room(by.organization, 1)
    invitation.expires_at, invitation.invited_by = in_two_weeks(), by.user
    record("invitation.resend", invitation, by=by, organization=by.organization)
    send(invitation, by)
    return invitation


def revoke(invitation: Invitation, *, by: Access) -> Invitation:
    """The link opens nothing any more. Refused to who could not have invited to this role."""
    by = hold(by)
    check_role(invitation.role, by)
    invitation = locked(invitation)
    if invitation.revoked_at:
        return invitation
    if reason := over(invitation):
        raise Refused(reason)
    return withdraw(invitation, by)


def withdraw(invitation: Invitation, by: Access) -> Invitation:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record("invitation.revoke", invitation, by=by, organization=by.organization)
    return invitation


def accept(invitation: Invitation, giver: Access, *, by: Person) -> Membership | None:
    """The person is a member with what the invitation says, and it is used up. None for who was a member before.

    It is open and locked, and `giver` invited. Whoever joined another way meanwhile keeps what they have.
    """
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by.user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    organization = invitation.organization
    copied = ("role", "may_order", "has_billing", "wants_billing_mail", "wants_product_mail")
    member = Membership(organization=organization, user=by.user, expires_at=invitation.membership_expires_at)
    for name in copied:
        setattr(member, name, getattr(invitation, name))
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        record("invitation.accept", invitation, by=by, organization=organization, member=True)
        return None
    record("invitation.accept", invitation, by=by, organization=organization, role=invitation.role)
    lasting.match(organization, by.user, by=by)
    for team in Team.objects.filter(organization=organization, pk__in=invitation.teams).order_by("pk"):
        with suppress(Refused):
            add_members(team, [by.user], by=giver)
    tell("accepted", invitation, by)
    return member


def decline(invitation: Invitation, *, by: Person) -> None:
    """The person does not want to join; the link opens nothing any more. Open and locked."""
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record("invitation.decline", invitation, by=by, organization=invitation.organization)
    tell("declined", invitation, by)


def locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    return rows.get(pk=invitation.pk)


def over(invitation: Invitation) -> str:
    """Why nothing can be done to it any more; empty while something can."""
    if invitation.accepted_at:
        return _("%(email)s has accepted this invitation.") % {"email": invitation.email}
    if invitation.revoked_at:
        return _("This invitation is no longer open. Invite %(email)s anew.") % {"email": invitation.email}
    return ""


def refusal(organization: Organization, email: str) -> str:
    """Why this address cannot be invited; empty when it can. Says nothing of who has a login."""
    if Membership.objects.filter(organization=organization, user__email__iexact=email).exists():
        text = _("%(email)s is a user of %(organization)s already.")
    elif (rows := Invitation.objects.filter(organization=organization, email__iexact=email)).open().exists():
        text = _("%(email)s is invited already. Send that invitation again, or withdraw it first.")
    elif rows.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_TO_ONE:
        text = _("%(email)s was invited often today. Try again tomorrow.")
    else:
        return ""
    return text % {"email": email, "organization": organization}


def check_role(role: str, by: Access) -> None:
    """Refused to who may not appoint to this role, Denied to who may not invite at all."""
    by.require(Right.MEMBERS)
    if not invitations.covers(by, role):
        raise Refused(_("Only a legal representative appoints another one."), field="role")


def send(invitation: Invitation, by: Access) -> None:
    """The mail with the link leaves once for each time that it is sent."""
    invitation.sent, invitation.sent_at = invitation.sent + 1, timezone.now()
    invitation.save(update_fields=["sent", "sent_at", "expires_at", "invited_by"])
    path = invitations.path(invitation)
    context = {
        "invitation": invitation,
        "organization": invitation.organization,
        "by": by.user,
        "url": settings.BASE_URL + path,
    }
    key, to = f"invitation:{invitation.pk}:{invitation.sent}", User.objects.known(invitation.email)
    mail.write("organizations/mail/invitation", context, key=key, to=to, path=path)


def tell(what: str, invitation: Invitation, by: Person) -> None:
    """Who invited hears how it went."""
    inviter = invitation.invited_by
    if inviter is None:
        return
    context = {"invitation": invitation, "organization": invitation.organization, "person": by.user, "inviter": inviter}
    key, page = f"invitation:{invitation.pk}:{what}", "members" if what == "accepted" else "invitations"
    path = reverse(page, args=[invitation.organization.slug])
    mail.write(f"organizations/mail/invitation_{what}", context, key=key, to=inviter, path=path)
