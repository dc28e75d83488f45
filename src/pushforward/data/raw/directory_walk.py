"""A walk over every file below a folder: links are followed, circles are cut, and what is passed over is counted."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pushforward.errors import Refused
from pushforward.notes import skipped

LINKED = 100_000
"""Folders that are entered by way of links, at most; links to links could lead to any number."""

NAMED = 3
"""Of what is passed over, so many are named."""

NOISE = (".DS_Store",)
"""Hidden files that a system leaves in every folder; nothing is said of them."""

Inode = tuple[int, int]


@dataclass
class Walk:
    """The files and other things that were met on a walk below a folder.

    Args:
        root: where it began.
        files: below it, also through links.
        hidden: files and folders whose name begins with a point.
        entered: links to folders that were followed.
        circles: links to a folder that holds them.
        broken: links to nothing.
        special: pipes, sockets and devices.
    """

    root: Path
    files: list[Path] = field(default_factory=list)
    hidden: list[Path] = field(default_factory=list)
    entered: int = 0
    circles: list[Path] = field(default_factory=list)
    broken: list[Path] = field(default_factory=list)
    special: list[Path] = field(default_factory=list)

    def notes(self) -> tuple[str, ...]:
        """Say in sentences what was passed over, and what was reached through links."""
        passed_over = {
            "Links that lead nowhere are skipped": self.broken,
            "Links back to a folder that holds them are skipped": self.circles,
            "Pipes, sockets and devices are skipped": self.special,
            "Hidden files and folders are skipped": self.hidden,
        }
        sentences = [
            skipped(f"{words}: {len(paths)} ({self._named(paths)}).") for words, paths in passed_over.items() if paths
        ]
        return (*([f"Links to folders are followed: {self.entered}."] if self.entered else []), *sentences)

    def _named(self, paths: Sequence[Path]) -> str:
        first = ", ".join(str(path.relative_to(self.root)) for path in sorted(paths)[:NAMED])
        return first if len(paths) <= NAMED else f"{first}, …"


def walk_folder(root: Path) -> Walk:
    """Find all files below a folder, sorted by their place in it.

    Raises:
        Refused: for a folder that cannot be listed, and for links that lead to ever more folders.
    """
    walk, ahead = Walk(root), [(root, frozenset({_inode(root)}))]
    while ahead:
        place, above = ahead.pop()
        for entry in _listed(place):
            path = Path(entry.path)
            if entry.name.startswith("."):
                walk.hidden += [] if entry.name in NOISE else [path]
            elif not _is_folder(entry):
                _file(entry, path, walk)
            elif (inode := _inode(path)) in above:
                walk.circles.append(path)
            else:
                walk.entered += entry.is_symlink()
                ahead.append((path, above | {inode}))
        if walk.entered > LINKED:
            raise Refused(
                f"links below {root} lead to more than {LINKED:,} folders; take out those that link to links."
            )
    walk.files.sort(key=lambda path: path.parts)
    return walk


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _file(entry: "os.DirEntry[str]", path: Path, walk: Walk) -> None:
    kind = walk.files if path.is_file() else walk.broken if entry.is_symlink() else walk.special
    kind.append(path)


def _listed(place: Path) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(place) as entries:
            yield from entries
    except OSError as error:
        raise Refused(f"folder {place} cannot be listed: {error.strerror}; change its permissions.") from error


def _inode(path: Path) -> Inode:
    try:
        status = path.stat()
    except OSError as error:
        raise Refused(f"folder {path} cannot be listed: {error.strerror}; change its permissions.") from error
    return status.st_dev, status.st_ino
