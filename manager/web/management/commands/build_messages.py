from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from manager.web import catalogues


class Command(BaseCommand):
    help = "Write what translators wrote in the form that a running portal reads. Needs no GNU gettext."
    # Runs where there is no database.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in map(Path, settings.LOCALE_PATHS):
            for path in catalogues.build(folder):
                if options["verbosity"]:
                    self.stdout.write(f"wrote {path}")
