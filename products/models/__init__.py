from products.models.bulk import BulkItem, BulkRun
from products.models.grant import ProductGroupGrant, ProductUserGrant
from products.models.heartbeat import Heartbeat
from products.models.job import Job
from products.models.plan import Plan
from products.models.product import Product
from products.models.request import AccessRequest
from products.models.token import ApiToken, ApiTokenProduct
from products.models.transfer import Transfer, TransferItem

__all__ = [
    "AccessRequest",
    "ApiToken",
    "ApiTokenProduct",
    "BulkItem",
    "BulkRun",
    "Heartbeat",
    "Job",
    "Plan",
    "Product",
    "ProductGroupGrant",
    "ProductUserGrant",
    "Transfer",
    "TransferItem",
]
