from django.apps import AppConfig


class DomainsConfig(AppConfig):
    name = "products.domains"
    label = "domains"
