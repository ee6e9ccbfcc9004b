from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manager.web.pages import done
from manager.web.refused import Refused
from organizations.access import Access
from products.access import find, on_product
from products.actions.job import retry as retry_job
from products.kinds import Permission
from products.models import Product
from products.views.product import detail_with


@require_POST
@on_product(Permission.CONFIGURE)
def retry(request: HttpRequest, access: Access, product: Product, job: int) -> HttpResponse:
    try:
        retry_job(product, job, by=access)
    except Refused as refused:
        fresh = find(access, product.kind_slug, product.pk)
        return detail_with(request, access, fresh, refusal=str(refused.message))
    return done(request, product, _("We are trying again."))
