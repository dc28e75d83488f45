"""The program, as installed and as `python -m pushforward`."""

import sys

from pushforward.cli import main


def run() -> None:
    """Answer this process's arguments and exit with the code."""
    sys.exit(main())


if __name__ == "__main__":
    run()
