"""An album of pictures that are not opened yet, and what their places in a folder or an archive say of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np

from pushforward.data.raw.class_folders import class_name
from pushforward.data.raw.groups import groups_by_name
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.splits import NAMES
from pushforward.data.readers.image_file import Picture


@dataclass(frozen=True, eq=False)
class Album:
    """The pictures of a source, not yet opened, with what their places say about them.

    Args:
        name: of the folder or file.
        pictures: in order.
        suffix: native ending of the form; "" for a folder.
        labels: one a picture, or None.
        classes: names and order of the classes, where more than the labels' values is known.
        stated_parts: 0, 1 or 2 where they say they are train, validation or test.
        notes: sentences about what was chosen.
        groups: name of the group of each picture, where those of one are to stay in one part.
    """

    name: str
    pictures: tuple[Picture, ...]
    suffix: str = ""
    labels: np.ndarray | None = None
    classes: Labels | None = None
    stated_parts: np.ndarray | None = None
    notes: tuple[str, ...] = ()
    groups: np.ndarray | None = None

    def with_pictures(self, origin: Sequence[int], pictures: Iterable[Picture]) -> "Album":
        """Return an album of other pictures, each with the label and the part of one of ours.

        Args:
            origin: for each of them, which of ours it comes from.
            pictures: as many.
        """
        index = np.asarray(origin, dtype=np.int64)
        rows = lambda z: None if z is None else z[index]
        marks = rows(self.labels), rows(self.stated_parts), rows(self.groups)
        return replace(self, pictures=tuple(pictures), labels=marks[0], stated_parts=marks[1], groups=marks[2])

    def noted(self, *notes: str) -> "Album":
        """Return the same album with more sentences about what was chosen."""
        return replace(self, notes=(*self.notes, *notes))


def grouped(album: Album, root: str, pattern: str | None) -> Album:
    """Add the groups that a pattern finds in the names of pictures, below the folder or archive that was named."""
    if pattern is None:
        return album
    places = [picture.name.removeprefix(root).lstrip("/\\") for picture in album.pictures]
    groups, notes = groups_by_name(places, pattern, album.name)
    return replace(album, groups=groups).noted(*notes)


def labelled_by_folders(album: Album, places: list[tuple[str, ...]]) -> Album:
    """Add the parts and classes that the names of folders say.

    Args:
        album: whose pictures lie there.
        places: the parts of each picture's path, below the folder that was named.
    """
    first = {parts[0].lower() for parts in places}
    if "train" in first and len(first) > 1 and first <= set(NAMES):
        album = replace(album, stated_parts=np.array([NAMES[parts[0].lower()] for parts in places]))
        places = [parts[1:] for parts in places]
    classes = sorted({parts[0] for parts in places if len(parts) > 1})
    if len(classes) < 2:
        return album
    if any(len(parts) == 1 for parts in places):
        note = "Sub-folders are not taken as classes, since some images lie outside of them."
        return album.noted(note)
    note = f"The {len(classes)} sub-folders are the classes."
    class_of = _class_of(album.pictures, [parts[0] for parts in places])
    return replace(album, labels=np.array([class_of[parts[0]] for parts in places])).noted(note)


def _class_of(pictures: Sequence[Picture], folders: list[str]) -> dict[str, str]:
    """Return the class of each folder: its name, read back where this program wrote it."""
    first = dict(zip(reversed(folders), reversed(pictures), strict=True))
    return {folder: class_name(folder) if "%" in folder and first[folder].signed else folder for folder in first}


def count_endings(names: Iterable[PurePath]) -> str:
    """Count the files of each ending, in words.

    Example:
        >>> count_endings([PurePath("a.txt"), PurePath("b.TXT"), PurePath("Makefile")])
        '2 .txt, 1 no ending'
    """
    counts = Counter(name.suffix.lower() or "no ending" for name in names)
    return ", ".join(f"{count} {ending}" for ending, count in sorted(counts.items()))
