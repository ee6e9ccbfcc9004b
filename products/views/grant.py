from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manager.web.pages import done, invalid, page
from manager.web.refused import Refused
from organizations.access import Access
from organizations.models import Membership
from organizations.roles import Right
from products.access import on_product
from products.actions.grant import set_level
from products.forms import LevelForm
from products.kinds import Permission, Preset
from products.models import Product, ProductUserGrant


def shown(access: Access, product: Product) -> dict[str, object]:
    """Every member with what they may do on the product, and from where."""
    members = Membership.objects.filter(organization=access.organization).select_related("user")
    held: dict[int, set[str]] = {}
    grants = ProductUserGrant.objects.filter(content_object=product).values_list("user_id", "permission__codename")
    for user, permission in grants:
        held.setdefault(user, set()).add(permission)
    levels = {product.kind.preset(level): level for level in Preset}
    sentences = product.kind.all_permissions
    rows = []
    for member in members.order_by("user__first_name", "user__last_name", "pk"):
        by_role = Right.ALL_PRODUCTS in member.rights
        direct = frozenset(held.get(member.user_id, ()))
        level = levels.get(direct) if direct else None
        custom = [] if level else [sentences.get(name, name) for name in sorted(direct)]
        rows.append({"member": member, "by_role": by_role, "custom": custom, "level": level})
    rights = [
        (text, [(level, name in contents) for contents, level in levels.items()]) for name, text in sentences.items()
    ]
    context = {"access": access, "product": product, "kind": product.kind}
    return context | {"rows": rows, "levels": list(Preset), "rights": rights}


@require_GET
@on_product(Permission.VIEW, Right.MEMBERS)
def product_access(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    return page(request, "products/access.html", shown(access, product))


@require_POST
@on_product(Permission.VIEW, Right.MEMBERS)
def grant(request: HttpRequest, access: Access, product: Product) -> HttpResponse:
    members = Membership.objects.filter(organization=access.organization).select_related("user")
    people = {member.user_id: member.user for member in members}
    form = LevelForm(request.POST, members=[(pk, str(user)) for pk, user in people.items()])
    if form.is_valid():
        level = form.cleaned_data["level"]
        try:
            set_level(product, people[form.cleaned_data["member"]], Preset(level) if level else None, by=access)
        except Refused as refused:
            refused.into(form)
        else:
            return done(request, request.path.removesuffix("set/"), _("The rights are saved."))
    return invalid(request, "products/access.html", shown(access, product) | {"form": form})
