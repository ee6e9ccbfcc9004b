from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from billing import paper
from billing.models import Invoice
from manager.web.pages import page
from organizations.access import Access
from organizations.gate import in_organization
from organizations.roles import Right


def find(access: Access, number: str) -> Invoice:
    rows = Invoice.objects.filter(organization=access.organization, number=number)
    invoice = rows.select_related("order", "corrects").first()
    if invoice is None:
        raise Http404
    return invoice


@require_GET
@in_organization(Right.BILLING)
def detail(request: HttpRequest, access: Access, number: str) -> HttpResponse:
    invoice = find(access, number)
    context = {
        "access": access,
        "invoice": invoice,
        "seller": paper.seller(invoice),
        "support": settings.SUPPORT_EMAIL,
        "buyer": paper.buyer(invoice),
        "vat_number": invoice.document["buyer"].get("vat_number", ""),
        "lines": paper.lines(invoice),
        "taxes": paper.taxes(invoice),
        "paid_at": paper.paid_at(invoice),
        "credits": Invoice.objects.filter(organization=access.organization, corrects=invoice).order_by("pk"),
    }
    return page(request, "billing/invoice.html", context)
