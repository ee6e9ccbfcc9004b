from billing.models.cart import Cart, CartLine
from billing.models.invoice import Invoice, InvoiceSeries
from billing.models.ledger import Entry, Movement
from billing.models.order import Order, OrderLine
from billing.models.payment import Payment
from billing.models.price import Price

__all__ = [
    "Cart",
    "CartLine",
    "Entry",
    "Invoice",
    "InvoiceSeries",
    "Movement",
    "Order",
    "OrderLine",
    "Payment",
    "Price",
]
