from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "manager.web"
    label = "web"
