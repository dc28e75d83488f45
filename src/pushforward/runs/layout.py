"""The names of a run's files, the version of that layout, and how a run folder is told from any other."""

from pathlib import Path

from pushforward.errors import Refused, nearest
from pushforward.runs.atomic import PARTIAL
from pushforward.runs.plain import read_yaml

FORMAT = 2
"""Version of the layout below; a folder of a newer one is refused, an older one is read."""

FILES = (
    "environment.json",
    "space.json",
    "codec.json",
    "log.jsonl",
    "scores.jsonl",
    "diagnostics.jsonl",
    "panels.npz",
    "verdict.json",
    "report.html",
    "picture.png",
    "call.yaml",  # removed last: while it is there, the folder is known to be a run
)


def check_version(call: Path) -> None:
    """Refuses a run whose call does not say its format, or says one newer than this program reads."""
    content = read_yaml(call)
    version = content.get("version") if isinstance(content, dict) else None
    if not isinstance(version, int):
        raise Refused(f"{call} must state its format version, but does not; restore it or make the run again.")
    if version > FORMAT:
        raise Refused(f"{call.parent} has format {version}, this program reads up to {FORMAT}; update pushforward.")


def foreign(path: Path) -> bool:
    """Whether a folder holds anything that a run does not make."""
    own = {*FILES, "checkpoint", "samples"}
    return any(not (e.name in own or e.name.startswith("samples.") or e.name.endswith(PARTIAL)) for e in path.iterdir())


def occupied(path: Path) -> bool:
    """Whether a folder holds more than half-written files."""
    return any(not entry.name.endswith(PARTIAL) for entry in path.iterdir())


def sibling(path: Path) -> str:
    """The end of a sentence about a missing run: the runs that are beside it."""
    runs = sorted(str(found.parent) for found in path.parent.glob("*/call.yaml"))
    return nearest(str(path), runs) if runs else "give the folder that `pushforward fit` made."
