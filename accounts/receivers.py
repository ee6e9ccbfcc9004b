"""What the sign-in library says happened to an account goes to the person's security log."""

from typing import Any

from allauth.account import signals
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from accounts.actions.security import note, note_login, note_rarely
from accounts.models import User

CODES = Authenticator.Type.RECOVERY_CODES


def signed_up(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(user, "account.create", request)


def signed_in(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    records = get_authentication_records(request, user)
    note_login(user, request, methods=[record.get("type") or record["method"] for record in records])


def not_signed_in(*, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    for user in filter_users_by_email(credentials.get("email") or "", prefer_verified=True)[:1]:
        note_rarely(user, "login.failed", request)


def password_changed(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(user, "password.change", request)


def password_set(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(user, "password.set", request)


def password_reset(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(user, "password.reset", request)


def code_sent(*, request: HttpRequest, confirmation: Any, signup: bool, **kwargs: Any) -> None:
    """Who is signed in and gets a code wants another address: it counts only when the code comes back."""
    if not signup and isinstance(request.user, User):
        note(request.user, "email.ask", request, email=confirmation.email)


def email_confirmed(*, request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    note(owner(email_address), "email.confirm", request, email=email_address.email)


def email_changed(
    *,
    request: HttpRequest,
    user: User,
    from_email_address: EmailAddress | None,
    to_email_address: EmailAddress,
    **kwargs: Any,
) -> None:
    # The first address of all was confirmed, and replaces none.
    if from_email_address:
        note(user, "email.change", request, old=from_email_address.email, new=to_email_address.email)


def email_removed(*, request: HttpRequest, user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    note(user, "email.remove", request, email=email_address.email)


def factor_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == CODES:
        note(user, "recovery.make", request)
    else:
        note(user, "factor.add", request, factor=authenticator.type)


def factor_removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == CODES:
        note(user, "recovery.remove", request)
    else:
        note(user, "factor.remove", request, factor=authenticator.type)


def codes_made(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note(user, "recovery.make", request)


def factor_used(*, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == CODES:
        # The row that was checked is a copy, read anew under its lock.
        authenticator.refresh_from_db()
        note(user, "recovery.use", request, left=len(authenticator.wrap().get_unused_codes()))


def factor_failed(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    note_rarely(user, "factor.failed", request)


def owner(address: EmailAddress) -> User:
    return User.objects.get(pk=address.user_id)


RECEIVERS: tuple[tuple[Signal, Any], ...] = (
    (signals.user_signed_up, signed_up),
    (signals.user_logged_in, signed_in),
    (user_login_failed, not_signed_in),
    (signals.password_changed, password_changed),
    (signals.password_set, password_set),
    (signals.password_reset, password_reset),
    (signals.email_confirmation_sent, code_sent),
    (signals.email_confirmed, email_confirmed),
    (signals.email_changed, email_changed),
    (signals.email_removed, email_removed),
    (factors.authenticator_added, factor_added),
    (factors.authenticator_removed, factor_removed),
    (factors.authenticator_reset, codes_made),
    (factors.authenticator_used, factor_used),
    (factors.authentication_failed, factor_failed),
)


def connect() -> None:
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"{__name__}.{receiver.__name__}")
