"""Who is signed in, with what every page shows of them: one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Notification, User


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The person, with `unread`: how many notifications wait for them."""
        waiting = Notification.objects.filter(user=OuterRef("pk"), read_at=None).order_by().values("user")
        number = Subquery(waiting.annotate(number=Count("pk")).values("number"))
        user = User.objects.annotate(unread=Coalesce(number, 0)).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
