"""`python -m pushforward` and the installed program."""

import sys

from pushforward.cli import main


def run() -> None:
    """Answer this process's arguments and exit."""
    sys.exit(main())


if __name__ == "__main__":
    run()
