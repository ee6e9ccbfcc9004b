from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manager.web.pages import done
from manager.web.refused import Refused
from organizations.access import Access
from products.access import on_product
from products.actions.settings import refusal
from products.hosting import actions
from products.hosting.forms import SettingsForm
from products.kinds import Permission
from products.models import Product
from products.views.product import detail_with


def panel(product: Product) -> dict[str, Any]:
    """What the page of a hosting shows besides what every product has."""
    hosting = product.hosting
    form = SettingsForm(initial={"php_version": hosting.php_version})
    return {"hosting": hosting, "settings_form": form, "closed": refusal(product)}


@require_POST
@on_product(Permission.CONFIGURE)
def configure(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    form = SettingsForm(request.POST)
    if form.is_valid():
        try:
            actions.configure(product, by=access, **form.cleaned_data)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, product, _("The settings are saved."))
    return detail_with(request, access, product, settings_form=form)
