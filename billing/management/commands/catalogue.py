import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from billing.models import Price
from products import kinds
from products.models import Plan

DEFAULT = Path(__file__).resolve().parent.parent.parent / "catalogue.json"


class Command(BaseCommand):
    help = "Load plans and prices from a JSON file. Plans that exist keep their prices; nothing is removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
        parser.add_argument("--from", dest="start", type=date.fromisoformat, default=date(2026, 1, 1))

    @transaction.atomic
    def handle(self, *, file: Path, start: date, **options: Any) -> None:
        known = {kind.slug for kind in kinds.every()}
        made = 0
        for position, item in enumerate(json.loads(file.read_text())):
            if item["kind"] not in known:
                raise CommandError(f"{file}: there is no kind {item['kind']!r}")
            texts = {name: item[name] for name in ("name", "summary", "contents")}
            plan, _created = Plan.objects.get_or_create(
                kind=item["kind"], code=item["code"], defaults=texts | {"position": position}
            )
            for currency, amount in item["prices"].items():
                if not Price.objects.filter(plan=plan, currency=currency).exists():
                    terms = {"amount": amount, "months": item["months"], "valid_from": start}
                    Price.objects.create(plan=plan, currency=currency, **terms)
                    made += 1
        if options["verbosity"]:
            self.stdout.write(f"{made} prices are new.")
