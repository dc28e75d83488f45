"""The errors that end a command, by what caused them: the user's input, the training, or an interruption.

The command line turns `Refused` into exit code 2, `TrainingFailed` into 3 and `Interrupted` into 130 or 143.
"""

import json
from difflib import get_close_matches
from unicodedata import category

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""The categories of Unicode whose characters move a terminal's cursor, turn its text round or end its line."""


class Refused(ValueError):
    """An input, file or option cannot be used: one sentence says what was expected, what came, what to do."""


class TrainingFailed(RuntimeError):
    """The training met a loss that is not finite; the message names player, turn and the last good checkpoint."""


class Interrupted(RuntimeError):
    """The run was asked to stop by a signal; its state is in the checkpoint.

    Args:
        message: says where the checkpoint is and how to continue.
        signal: the number of the signal (2 for SIGINT, 15 for SIGTERM).
    """

    def __init__(self, message: str, signal: int):
        super().__init__(message)
        self.signal = signal


def nearest(name: str, known: list[str]) -> str:
    """Return the end of a sentence about a mistyped name: the nearest known one, or all of them.

    Example:
        >>> nearest("gramm", ["gan", "gram"])
        "did you mean 'gram'?"
    """
    close = get_close_matches(name, known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"known are: {', '.join(known)}."


def printable(text: str, *, lines: bool = False) -> str:
    r"""Return the text with every character that a terminal would obey, not show, as \uXXXX, as JSON writes it.

    Names, classes and quotations come from files, and a file from a stranger.

    Args:
        text: to be shown.
        lines: whether line breaks are the program's own, and stay.

    Example:
        >>> print(printable("cat\x1b[2J\nVerdict: perfect"))
        cat\u001b[2J\nVerdict: perfect
    """
    return "".join(json.dumps(c)[1:-1] if category(c) in UNPRINTABLE and not (lines and c == "\n") else c for c in text)
