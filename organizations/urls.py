from django.urls import path

from organizations.views import member, organization

urlpatterns = [
    path("organizations/", organization.organizations, name="organizations"),
    path("organizations/new/", organization.create, name="organization_create"),
    path("o/<slug:organization>/members/", member.members, name="members"),
    path("o/<slug:organization>/settings/", organization.settings, name="organization_settings"),
]
