from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpConfig(AppConfig):
    name = "manager.help"
    label = "help"
    verbose_name = _("Help centre")

    def ready(self) -> None:
        from manager.help import checks  # noqa: F401
