from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "manager.shell"
    label = "shell"

    def ready(self) -> None:
        from manager import checks  # noqa: F401
