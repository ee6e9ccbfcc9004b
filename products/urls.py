"""Addresses of products."""

from django.urls import include, path

from products import converters, kinds  # noqa: F401
from products.views import grant, job, list, product

one = [
    path("", product.detail, name="product"),
    path("activity/", product.activity, name="product_activity"),
    path("access/", grant.product_access, name="product_access"),
    path("access/set/", grant.grant, name="product_grant"),
    path("label/", product.label, name="product_label"),
    path("suspend/", product.suspend, name="product_suspend"),
    path("resume/", product.resume, name="product_resume"),
    path("cancel/", product.cancel, name="product_cancel"),
    path("observe/", product.observe, name="product_observe"),
    path("jobs/<int:job>/retry/", job.retry, name="job_retry"),
]


def of_kind(kind: kinds.Kind) -> object:
    """The kind's own addresses below a product, such as /o/acme/domains/7/point/, named "domains:point"."""
    below = include((f"{kind.module}.urls", kind.slug), namespace=kind.slug)
    return path(f"o/<slug:organization>/{kind.slug}/<int:product>/", below, {"kind": kind})


urlpatterns = [
    *(of_kind(kind) for kind in kinds.every()),
    path("o/<slug:organization>/<kind:kind>/", list.products, name="product_list"),
    path("o/<slug:organization>/<kind:kind>/<int:product>/", include(one)),
]
