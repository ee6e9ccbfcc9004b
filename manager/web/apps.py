from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "manager.web"
    label = "web"

    def ready(self) -> None:
        # Tasks are sent through our application from the first one on.
        from manager import celery  # noqa: F401
        from manager.web import forms

        forms.in_our_words()
