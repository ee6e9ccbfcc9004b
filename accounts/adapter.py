from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts.actions import mail
from accounts.models import User


class Adapter(DefaultAccountAdapter):
    """allauth's hooks: names at sign-up, and mails that leave through our queue."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.first_name = form.cleaned_data["first_name"]
        user.last_name = form.cleaned_data["last_name"]
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # The site is the configured one: a forged Host header never reaches a mail.
        site = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(settings.BASE_URL).netloc)
        context = {"request": self.request, "email": email, "current_site": site} | context
        message = self.render_mail(template_prefix, email, context)
        html = next((part.content for part in getattr(message, "alternatives", [])), "")
        key = f"{template_prefix}:{uuid4()}"
        mail.queue(key=key, to=email, subject=message.subject, text=message.body, html=html)
