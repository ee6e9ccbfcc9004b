"""The commands behind `./portal`."""

import sys

from manager.dev import interruption
from manager.dev.manage import manage
from manager.dev.messages import messages
from manager.dev.processes import Failed
from manager.dev.stages import lint, test
from manager.dev.up import up

USAGE = """\
./portal up [--port N] [--real]   run the whole portal; --real starts a real name server too
./portal test [pytest arguments]  everything that must be green, or only the tests named
./portal lint                     the checks that need no server
./portal messages                 brings the catalogues of every language in line with the texts of the code
./portal manage ...               Django's command line, beside the running portal or without it
"""
COMMANDS = {"up": up, "test": test, "lint": lint, "messages": messages, "manage": manage}


def main(words: list[str]) -> int:
    if not words or words[0] in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0
    command = COMMANDS.get(words[0])
    if command is None:
        print(f"There is no command {words[0]!r}.\n{USAGE}", end="", file=sys.stderr)
        return 2
    interruption.listen()
    try:
        return command(words[1:])
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
