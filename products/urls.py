"""Addresses of products."""

from django.urls import include, path

from products import converters, kinds  # noqa: F401
from products.views import (
    bulk,
    everywhere,
    grant,
    invitation,
    invited,
    job,
    list,
    product,
    request,
    rights,
    token,
    transfer,
    transfer_create,
    transferred,
)

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


requests = [
    path("", request.access_requests, name="access_requests"),
    path("new/", request.create, name="access_request_create"),
    path("<int:number>/grant/", request.grant, name="access_request_grant"),
    path("<int:number>/decline/", request.decline, name="access_request_decline"),
    path("<int:number>/withdraw/", request.withdraw, name="access_request_withdraw"),
]

inviting = [
    path("", invitation.invitations, name="invitations"),
    path("new/", invitation.invite, name="invite"),
    path("<int:invitation>/resend/", invitation.resend, name="invitation_resend"),
    path("<int:invitation>/revoke/", invitation.revoke, name="invitation_revoke"),
]
invited_people = [
    path("", invited.invitation, name="invitation"),
    path("accept/", invited.accept, name="invitation_accept"),
    path("decline/", invited.decline, name="invitation_decline"),
]

tokens = [
    path("", token.api_tokens, name="api_tokens"),
    path("new/", token.api_token_create, name="api_token_create"),
    path("<int:token>/revoke/", token.api_token_revoke, name="api_token_revoke"),
]

moving = [
    path("", transfer.all_transfers, name="transfers"),
    path("new/", transfer_create.create, name="transfer_create"),
    path("<int:number>/", transfer.detail, name="transfer"),
    path("<int:number>/withdraw/", transfer.withdraw, name="transfer_withdraw"),
    path("<int:number>/undo/", transfer.undo, name="transfer_undo"),
]
offered = [
    path("", transferred.link, name="transfer_link"),
    path("accept/", transferred.accept, name="transfer_accept"),
    path("decline/", transferred.decline, name="transfer_decline"),
]

urlpatterns = [
    path("o/<slug:organization>/transfers/", include(moving)),
    path("transfers/<str:token>/", include(offered)),
    path("o/<slug:organization>/members/<int:member>/rights/", rights.member_rights, name="member_rights"),
    path("o/<slug:organization>/teams/<int:team>/rights/", rights.team_rights, name="team_rights"),
    path("", include("products.api_urls")),
    path("o/<slug:organization>/tokens/", include(tokens)),
    path("invitations/<str:token>/", include(invited_people)),
    path("o/<slug:organization>/invitations/", include(inviting)),
    path("everywhere/", everywhere.everywhere, name="everywhere"),
    path("o/<slug:organization>/requests/", include(requests)),
    *(of_kind(kind) for kind in kinds.every()),
    path("o/<slug:organization>/bulk/<int:run>/", bulk.run, name="bulk_run"),
    path("o/<slug:organization>/bulk/<int:run>/retry/", bulk.retry, name="bulk_retry"),
    path("o/<slug:organization>/<kind:kind>/bulk/", bulk.start, name="bulk_start"),
    path("o/<slug:organization>/<kind:kind>/", list.products, name="product_list"),
    path("o/<slug:organization>/<kind:kind>/<int:product>/", include(one)),
]
