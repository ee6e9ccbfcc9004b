"""Email addresses that people have proved to be theirs."""

from allauth.account.models import EmailAddress

from accounts.models import User


def is_proved(user: User, email: str) -> bool:
    """The person signs in with this address and has proved that it is theirs.

    An address that they want to change to is not theirs yet.
    """
    rows = EmailAddress.objects.filter(user=user, email__iexact=email, primary=True, verified=True)
    return user.email.lower() == email.lower() and rows.exists()
