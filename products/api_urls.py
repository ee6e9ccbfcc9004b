"""Addresses of the API. They stay as they are for the programs that know them."""

from django.urls import path

from products.views import api

urlpatterns = [
    path("api/v1/o/<slug:organization>/products/", api.products, name="api_products"),
    path("api/v1/o/<slug:organization>/products/<int:product>/", api.product, name="api_product"),
]
