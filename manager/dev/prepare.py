"""Everything Django does before the portal runs, in one process: starting Django is the dear part.

    python -m manager.dev.prepare migrate assets demo=FILE

`demo=FILE` makes the demo data and writes what it says, the logins, to FILE.
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main(steps: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings")
    django.setup()
    for step in steps:
        match step.partition("="):
            case "migrate", _, _:
                call_command("migrate", interactive=False, verbosity=1)
            case "assets", _, _:
                call_command("build_messages")
                call_command("build_assets")
                call_command("collectstatic", interactive=False, verbosity=0)
            case "demo", _, file:
                with Path(file).open("w") as words:
                    call_command("demo", stdout=words)
            case _:
                raise SystemExit(f"unknown step: {step}")


if __name__ == "__main__":
    main(sys.argv[1:])
