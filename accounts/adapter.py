from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.actions import mail, security
from accounts.models import User
from manager.web.user_agents import recognized

# How soon another mail of its sort leaves for the same address, in seconds.
CODE_SPACING = 10
TAKEN_SPACING = 600


class Adapter(DefaultAccountAdapter):
    """allauth's hooks: names at sign-up, and mails that leave through our queue, spaced and with our addresses."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": gettext_lazy("This is not your current password."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.first_name = form.cleaned_data["first_name"]
        user.last_name = form.cleaned_data["last_name"]
        user.language = get_language() or ""
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # The site is the configured one: a forged Host header never reaches a mail.
        site = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(settings.BASE_URL).netloc)
        ours = {name: at_home(value) for name, value in context.items() if name.endswith("_url")}
        if "user_agent" in context:
            # Never in the words of whoever acts.
            ours["user_agent"] = recognized(context["user_agent"]) or _("Unknown device")
        context = {"email": email, "current_site": site, "home_url": settings.BASE_URL} | context | ours
        message = self.render_mail(template_prefix, email, context)
        html = next((part.content for part in getattr(message, "alternatives", [])), "")
        key = f"{template_prefix}:{uuid4()}"
        mail.queue(key=key, to=email, subject=message.subject, text=message.body, html=html)

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """The code leaves. When one has just left, no second mail does, and the code on its way stays the right one."""
        process = emailconfirmation
        sent = cache.get_or_set(spacing("code", process.user.pk, process.email), process.code, CODE_SPACING)
        if sent == process.code:
            super().send_confirmation_mail(request, process, signup)
        process.state["code"] = sent

    def send_account_already_exists_mail(self, email: str) -> None:
        """The owner is told, unless they just were: who tries an address sends no mail after mail."""
        if cache.add(spacing("taken", email), True, TAKEN_SPACING):
            super().send_account_already_exists_mail(email)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            # Too many tries: whose account it is reads so.
            for user in filter_users_by_email(credentials.get("email", ""), prefer_verified=True)[:1]:
                security.note_rarely(user, "login.locked", request)
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted per address: another port in the Host header begins no other count."""
        return str(credentials.get("email", "")).lower()


def spacing(*what: object) -> str:
    """The key in the cache of what left not long ago."""
    return "mail:" + sha256(repr(what).lower().encode()).hexdigest()


def at_home(address: str) -> str:
    """The same page of ours at the configured address."""
    return settings.BASE_URL + urlsplit(address)._replace(scheme="", netloc="").geturl()
