"""Every address of the portal. Fixed pages come before the kinds' lists, whose slug is free."""

from django.urls import include, path

handler500 = "manager.shell.errors.broken"
handler404 = "manager.shell.errors.not_found"

urlpatterns = [
    path("", include("manager.dev.gallery")),
    path("", include("manager.shell.urls")),
    path("", include("manager.help.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("organizations.urls")),
    path("", include("billing.urls")),
    path("", include("products.urls")),
]
