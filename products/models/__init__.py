from products.models.grant import ProductGroupGrant, ProductUserGrant
from products.models.heartbeat import Heartbeat
from products.models.job import Job
from products.models.plan import Plan
from products.models.product import Product

__all__ = ["Heartbeat", "Job", "Plan", "Product", "ProductGroupGrant", "ProductUserGrant"]
