from django.urls import path

from billing.views import checkout, invoice, order, product, shop
from products import converters  # noqa: F401

urlpatterns = [
    path("order/", shop.order, name="order"),
    path("order/<kind:kind>/", shop.order_kind, name="order_kind"),
    path("cart/", shop.cart, name="cart"),
    path("cart/<int:line>/remove/", shop.remove, name="cart_remove"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("o/<slug:organization>/orders/", order.orders, name="orders"),
    path("o/<slug:organization>/orders/<int:number>/", order.detail, name="order_detail"),
    path("o/<slug:organization>/orders/<int:number>/pay/", order.pay, name="pay"),
    path("o/<slug:organization>/orders/<int:number>/cancel/", order.cancel, name="order_cancel"),
    path("o/<slug:organization>/<kind:kind>/<int:product>/billing/", product.billing, name="product_billing"),
    path("o/<slug:organization>/invoices/", order.invoices, name="invoices"),
    path("o/<slug:organization>/invoices/<slug:number>/", invoice.detail, name="invoice"),
]
