"""What people read of their security log: a sentence for each verb that is noted."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import SecurityEvent

Text = str | Promise


@dataclass(frozen=True)
class Line:
    """`%(name)s` in the text stands for a detail of the event."""

    text: Text
    icon: str
    tone: str = "neutral"


LINES: dict[str, Line] = {
    "account.create": Line(_("You created this account"), icon="user-round-plus", tone="good"),
    "login": Line(_("Signed in with %(methods)s"), icon="log-in", tone="good"),
    "login.failed": Line(_("Somebody tried to sign in with a wrong password"), icon="circle-x", tone="warning"),
    "login.locked": Line(
        _("Signing in was stopped for some minutes, after too many tries"), icon="hourglass", tone="warning"
    ),
    "password.change": Line(_("The password was changed"), icon="key-round"),
    "password.set": Line(_("A password was set"), icon="key-round"),
    "password.reset": Line(_("A new password was chosen, with a code sent by mail"), icon="key-round", tone="warning"),
    "email.ask": Line(_("A code to confirm the address %(email)s was sent"), icon="mail"),
    "email.confirm": Line(_("The address %(email)s was confirmed"), icon="mail-check", tone="good"),
    "email.change": Line(
        _("The address to sign in with was changed from %(old)s to %(new)s"), icon="mail", tone="warning"
    ),
    "email.remove": Line(_("The address %(email)s was removed"), icon="mail"),
    "factor.add": Line(_("The second factor was turned on: %(factor)s"), icon="shield-check", tone="good"),
    "factor.remove": Line(_("The second factor was turned off: %(factor)s"), icon="shield-alert", tone="warning"),
    "factor.failed": Line(_("A wrong code was given as second factor"), icon="circle-x", tone="warning"),
    "recovery.make": Line(_("Recovery codes were made; older ones open nothing any more"), icon="refresh-cw"),
    "recovery.remove": Line(_("The recovery codes were removed, with the last second factor"), icon="shield-alert"),
    "recovery.use": Line(_("A recovery code was used; %(left)s are left"), icon="shield-alert", tone="warning"),
    "session.end": Line(_("Signed out from afar: %(device)s"), icon="log-out"),
    "token.create": Line(_("The API token %(name)s was made in %(organization)s"), icon="key-round"),
    "token.revoke": Line(_("The API token %(name)s of %(organization)s was revoked"), icon="ban"),
}
METHODS: dict[str, Text] = {
    "password": _("password"),
    "password_reset": _("a new password by mail"),
    "code": _("a code by mail"),
    "totp": _("authenticator app"),
    "recovery_codes": _("recovery code"),
    "webauthn": _("passkey"),
}


def line(event: SecurityEvent) -> tuple[str, Line]:
    """The sentence of the event, and what draws it. A verb nobody knows is shown as it is."""
    found = LINES.get(event.verb) or Line(event.verb.replace("%", "%%"), icon="info")
    values = defaultdict(lambda: "…", event.details)
    if isinstance(factor := values.get("factor"), str):
        values["factor"] = words(factor)
    if methods := values.get("methods"):
        values["methods"] = ", ".join(words(method) for method in methods)
    elif event.verb == "login":
        values["methods"] = gettext("a confirmed address")
    return str(found.text) % values, found


def words(method: str) -> str:
    return str(METHODS.get(method, method))
