"""What people are told inside the portal, beside or instead of a mail. Nobody is told twice."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Notification, User

# How long what was read stays, and how long anything does.
KEPT_READ, KEPT = timedelta(days=90), timedelta(days=365)


def tell(user: User, *, key: str, title: str, text: str, path: str = "", changing: bool = False) -> None:
    """The person has this notification, once, however often it is asked. A part of its caller's transaction.

    One that is `changing` says what was last asked of it until it is read.
    """
    words = {"title": " ".join(title.split())[:300], "text": text, "path": path[:500]}
    _row, created = Notification.objects.get_or_create(user=user, key=key, defaults=words)
    if changing and not created:
        Notification.objects.filter(user=user, key=key, read_at=None).update(**words)


@transaction.atomic(durable=True)
def read(notification: Notification) -> None:
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=timezone.now())


@transaction.atomic(durable=True)
def read_all(user: User, *, until: int) -> None:
    """Nothing is unread up to the one with this key: what came while the person looked stays new."""
    user.notifications.filter(read_at=None, pk__lte=until).update(read_at=timezone.now())


def purge() -> None:
    now = timezone.now()
    Notification.objects.filter(Q(read_at__lt=now - KEPT_READ) | Q(created_at__lt=now - KEPT)).delete()
