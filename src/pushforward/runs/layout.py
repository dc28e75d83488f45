"""The names of a run's files, the version of that layout, and how a run folder is told from any other."""

import os
from pathlib import Path

from pushforward.errors import Refused, nearest
from pushforward.runs.confined import check_no_link
from pushforward.runs.lock import LOCK
from pushforward.runs.partial_files import PARTIAL
from pushforward.runs.plain_values import read_yaml

FORMAT = 5
"""The version of the layout below; a folder of a newer one is refused, an older one is read.

Since 2 the batch size is the recipe's; since 3 a checkpoint's `average` holds all that a game keeps, by name; since 4
the player that is learnt in front of a discrepancy is the critic, in the log and among the optimisers' tensors,
and a table's `space.json` has `columns` in place of `names`, its `codec.json` `levels`; since 5 whether
labels are taken is the recipe's `conditional`, not the networks', and `clusters` may stand in for them.
"""

RUN = "run:"
"""The prefix of a path that says that it is a run's, where the folder could be taken for something else."""

DRAWN = ("now.png", "picture.png")
"""The pictures that a run draws of itself in its folder, which are no data where a folder holds both."""

FILES = (
    *DRAWN,
    "environment.json",
    "space.json",
    "codec.json",
    "columns.json",
    "log.jsonl",
    "scores.jsonl",
    "diagnostics.jsonl",
    "kept.json",
    "speeds.json",
    "plane.json",
    "progress.npz",
    "panels.npz",
    "verdict.json",
    "report.html",
    "call.yaml",  # removed last: while it is there, the folder is known to be a run
)

FOLDERS = ("checkpoint", "tensorboard")


def check_version(call: Path) -> None:
    """Refuse a run whose call does not say its format, or says one newer than this program reads."""
    content = read_yaml(call)
    version = content.get("version") if isinstance(content, dict) else None
    if not isinstance(version, int):
        raise Refused(f"{call} must state its format version, but does not; restore it or make the run again.")
    if version > FORMAT:
        raise Refused(f"{call.parent} has format {version}, this program reads up to {FORMAT}; update pushforward.")


def marked(path: Path) -> bool:
    """Return whether a folder is a run beyond doubt: it has call.yaml, space.json, codec.json and a checkpoint."""
    files = all((path / name).is_file() for name in ("call.yaml", "space.json", "codec.json"))
    return files and any((path / "checkpoint" / pointer).is_file() for pointer in ("last", "best"))


def confine(path: Path) -> None:
    """Refuse a run folder with a file that lies elsewhere.

    Raises:
        Refused: one of its files is a link, or no file at all.
    """
    for name in (*FILES, *FOLDERS):
        check_no_link(path / name)
    for place, folders, files in os.walk(path / "checkpoint"):
        for name in (*folders, *files):
            check_no_link(Path(place) / name)


def foreign(path: Path) -> bool:
    """Return whether a folder holds anything that a run does not make."""
    own = {*FILES, LOCK, "checkpoint", "samples"}
    return any(not (e.name in own or e.name.startswith("samples.") or e.name.endswith(PARTIAL)) for e in path.iterdir())


def occupied(path: Path) -> bool:
    """Return whether a folder holds more than half-written files and the lock of whoever writes."""
    return any(not (entry.name.endswith(PARTIAL) or entry.name == LOCK) for entry in path.iterdir())


def sibling(path: Path) -> str:
    """Return the end of a sentence about a missing run, which names the runs that are beside it."""
    runs = sorted(str(call.parent) for call in path.parent.glob("*/call.yaml"))
    return nearest(str(path), runs) if runs else "give the folder that `pushforward fit` made."
