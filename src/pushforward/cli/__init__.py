"""The command line: from the shell's words to a verb, and from its end to an exit code.

Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 a score beyond --fail-above or
--fail-below; 2 refused input, files or disk; 3 failed training, or a bug and then, and only then, a traceback; 130 and
143 interrupted.
"""

import os
import sys
import traceback

from pushforward.errors import Interrupted, Refused, TrainingFailed
from pushforward.progress import tell


def main(argv: list[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Args:
        argv: the arguments after the program's name; None takes the process's own.
    """
    try:
        return _answer(sys.argv[1:] if argv is None else argv)
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Refused, OSError) as error:
        return _tell(error, 2)
    except TrainingFailed as error:
        return _tell(error, 3)
    except Interrupted as error:
        return _tell(error, 128 + error.signal)
    except KeyboardInterrupt:
        return _tell("interrupted.", 130)
    except Exception:  # a bug of ours: the one place where a traceback is the answer
        traceback.print_exc()
        return 3


def _answer(argv: list[str]) -> int:
    from pushforward.cli.commands import run

    try:
        code = run(argv)
    except SystemExit as end:  # the parser's own pages, such as --print_config, end the program
        return int(end.code or 0)
    sys.stdout.flush()
    return code


def _tell(error: BaseException | str, code: int) -> int:
    sentence = f"{error.strerror}: {error.filename}." if isinstance(error, OSError) and error.filename else str(error)
    tell(f"pushforward: {' '.join(sentence.split())}")
    return code
