from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from manager.dev import demo


class Command(BaseCommand):
    help = "Make the demo data, once, and print the demo logins."

    def handle(self, **options: Any) -> None:
        call_command("catalogue", verbosity=0)
        if not demo.exists():
            demo.make()
        self.stdout.write("Demo logins, all with the password " + demo.PASSWORD)
        for person in demo.PEOPLE:
            self.stdout.write(f"  {person.email:28} {person.what}")
