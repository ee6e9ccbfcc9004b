from django.http import HttpRequest

from accounts.models import User


class SignedIn(HttpRequest):
    """What a view receives that is not public: the gate has seen to it that there is a user."""

    user: User
