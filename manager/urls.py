"""Every address of the portal. Fixed pages come before the kinds' lists, whose slug is free."""

from django.urls import include, path

handler404 = "manager.shell.errors.not_found"

urlpatterns = [
    path("", include("manager.shell.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("organizations.urls")),
    path("", include("billing.urls")),
    path("", include("products.urls")),
]
