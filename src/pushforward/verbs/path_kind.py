"""The kind of a path: a run, or something to read; a folder that could be either is not guessed at."""

import os
from pathlib import Path
from typing import Any

from pushforward.data.load import PICTURES
from pushforward.data.raw.png_signature import has_signature
from pushforward.data.readers.image_folders import is_image
from pushforward.errors import Refused
from pushforward.runs.layout import DRAWN, RUN, marked

OWN = ("checkpoint", "tensorboard", "samples", "more", *DRAWN)
"""What a run makes in its folder that holds pictures, or no data."""


def is_run(given: Any) -> bool:
    """Return whether it is the path of a run folder.

    A folder of pictures that came by a call.yaml, or a few files more of a run, is none.

    Args:
        given: a path, with "run:" or "pictures:" before it where somebody said which; anything else is no run.

    Raises:
        Refused: it holds a whole run and pictures that are not the run's, and nobody said which is meant.
    """
    if not isinstance(given, str | Path):
        return False
    if str(given).startswith(RUN):
        return True
    path = Path(given)
    if str(given).startswith(PICTURES) or not (path / "call.yaml").is_file():
        return False
    stray = _stray(path)
    if stray is not None and marked(path):
        raise Refused(
            f"{path} holds both a run and pictures ({stray.relative_to(path)}); write {RUN}{path} for the run, or "
            f"{PICTURES}{path} for the pictures."
        )
    return stray is None


def _stray(folder: Path) -> Path | None:
    """A picture in the folder of a run that the run did not make, if there is one."""
    for place, below, files in os.walk(folder):
        own = OWN if Path(place) == folder else ()
        below[:] = sorted(name for name in below if name not in own and not name.startswith("."))
        for name in sorted(files):
            path = Path(place) / name
            if name in own or name.startswith(".") or not path.is_file():
                continue
            if is_image(path) and not has_signature(path):
                return path
    return None
