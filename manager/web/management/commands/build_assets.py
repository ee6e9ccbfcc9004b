from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from manager.web import assets


class Command(BaseCommand):
    help = "Write the style sheet and the icon sprite into the folder of generated static files."
    # Runs before collectstatic, also where there is no database.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        changed = assets.build(Path(settings.ROOT) / "static", Path(settings.STATE_DIR) / "static")
        if options["verbosity"]:
            for path in changed:
                self.stdout.write(f"wrote {path}")
