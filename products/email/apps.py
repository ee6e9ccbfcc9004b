from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "products.email"
    label = "email"
