"""The rule that a run lies in its folder: no links, no `..`, nothing that is neither a file nor a folder."""

import os
import re
import stat
from pathlib import Path

from pushforward.errors import Refused

_NAME = re.compile(r"[^/\\\0]{1,255}")


def inside(folder: Path, name: str) -> Path:
    """Return the path of a member of a folder, by its plain name.

    Args:
        folder: of a run.
        name: as this program or a file of the run says it.

    Raises:
        Refused: the name leads somewhere else, or a link has it.
    """
    if not _NAME.fullmatch(name) or name in (".", ".."):
        raise Refused(f"a file of run folder {folder} must have a plain name, got {name!r}; the folder is damaged.")
    check_no_link(folder / name)
    return folder / name


def check_no_link(path: Path) -> None:
    """Refuse a link, a pipe or a device; a file, a folder or nothing at all may be there.

    Raises:
        Refused: for anything else.
    """
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISLNK(mode):
        raise Refused(
            f"{path} is a link, and a run folder holds none, since they lead out of it; put what it stands for in its "
            "place (`cp -rL FOLDER COPY` does so for all), if you trust it."
        )
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise Refused(f"{path} must be a file or a folder, and is neither; remove it.")
