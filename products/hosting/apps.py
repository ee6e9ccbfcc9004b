from django.apps import AppConfig


class HostingConfig(AppConfig):
    name = "products.hosting"
    label = "hosting"
