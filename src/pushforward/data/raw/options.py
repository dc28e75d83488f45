"""The choices a user may make about data, as one value handed from `load` to the readers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pushforward.errors import Refused


@dataclass(frozen=True)
class Options:
    """The choices that `load` was asked for besides the data; None leaves one to the reader, which notes what it chose.

    Args:
        size: side of square images in pixels, at least 1, or height and width as 48x64.
        crop: cut the largest box of that shape out of an image's centre instead of squeezing it.
        gray: one channel (True), three (False), or what the images have (None).
        threshold: pixels above this share of the way from black to white become white, the others black.
        binarise: each pixel becomes white with its grey value as the probability, the same at every sight.
        labels: name of the column or array that holds the class of each row.
        split: three shares such as "80/10/10", or a column (tables) or split (hub) that says which rows are which part.
        seed: of the split, and of the draws of a toy.
        skip_corrupt: leave out images that cannot be read, instead of refusing all.
        native: the data as they came, for judges: numbers keep their units and double precision, in all coordinates;
            images keep the size that they have, which must be one for all, unless `size` says another.
        frames: "all" takes every picture of an animation, "first" the first one; pages of TIFF are all taken.
        likely_labels: a column that holds the class of each row where a table has one of that name; `labels` comes
            before it.
        columns: what columns of a table are said to be, by name.
        sep: what separates the cells of a table that is a text.
        decimal: what stands before its decimals.
        encoding: of the text.
        missing: what stands in its missing cells, commas between.
        groups: column, array or pattern in names of pictures that says which rows stay in one part.
    """

    size: int | str | None = None
    crop: bool = False
    gray: bool | None = None
    threshold: float | None = None
    binarise: bool = False
    labels: str | None = None
    split: str | None = None
    seed: int = 0
    skip_corrupt: bool = False
    native: bool = False
    frames: Literal["first", "all"] = "first"
    likely_labels: str | None = None
    columns: Mapping[str, Any] | None = None
    sep: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    missing: str | None = None
    groups: str | None = None

    def __post_init__(self) -> None:
        if self.size is not None and min(self.sides or (0, 0)) < 1:
            raise Refused(f"size of load must be a side of at least 1 pixel, or height and width such as 48x64, got "
                          f"{self.size}.")  # fmt: skip
        if self.threshold is not None and not 0 <= self.threshold < 1:
            raise Refused(f"threshold of load must lie in [0, 1), got {self.threshold}; 0.5 is halfway to white.")
        if self.threshold is not None and self.binarise:
            raise Refused("threshold and binarise of load both make pictures black and white; give one of them.")
        if self.frames not in ("first", "all"):
            raise Refused(f"frames of load must be first or all, got {self.frames!r}.")

    @property
    def sides(self) -> tuple[int, int] | None:
        """The height and width in pixels that `size` asks for; None without, and for what reads as neither form."""
        found = re.fullmatch(r" *(-?\d+) *(?:[x×X] *(\d+) *)?", str(self.size), re.ASCII)
        return None if found is None else (int(found[1]), int(found[2] or found[1]))

    def no_columns(self, name: str) -> None:
        """Refuse to be told of columns where there are none."""
        if self.columns is not None:
            raise Refused(f"columns of load is for tables, and {name} has no names of columns; leave it out.")
        self.no_text(name)

    def no_text(self, name: str) -> None:
        """Refuse to be told of separators and the like where nothing is read from a text."""
        told = [word for word in ("sep", "decimal", "encoding", "missing") if getattr(self, word) is not None]
        if told:
            raise Refused(
                f"{told[0]} of load is for tables that are texts, such as .csv, and {name} is none; leave it out."
            )

    def no_pictures(self, name: str) -> None:
        """Refuse the options of images for data that are none."""
        options: dict[str, Any] = {"size": self.size, "crop": self.crop or None, "gray": self.gray}
        options |= {"threshold": self.threshold, "binarise": self.binarise or None}
        options |= {"frames": None if self.frames == "first" else self.frames}
        chosen = [option for option, value in options.items() if value is not None]
        if chosen:
            raise Refused(f"{chosen[0]} of load is for images, and {name} holds none; leave it out.")

    def no_groups(self, name: str) -> None:
        """Refuse groups where nothing says which row belongs to which."""
        if self.groups is not None:
            raise Refused(
                f"groups of load names a column of a table, an array beside the points of a .npz, or a pattern in "
                f"names of pictures, and {name} has none of these; leave it out."
            )

    def no_labels(self, name: str) -> None:
        """Refuse a label name where nothing has a name."""
        if self.labels is not None:
            raise Refused(f"labels of load names a column or array, and {name} has only one; leave it out.")

    def no_named_split(self, name: str) -> None:
        """Refuse a split that names a column where there are no columns."""
        if self.split is not None and self.shares is None:
            raise Refused(f"split of load must be three shares such as 80/10/10 for {name}, got {self.split!r}.")

    @property
    def shares(self) -> tuple[float, float] | None:
        """The shares of validation and test where `split` reads as "80/10/10", train/validation/test; else None."""
        pieces = (self.split or "").split("/")
        if len(pieces) != 3 or not all(p.strip().replace(".", "", 1).isdigit() for p in pieces):
            return None
        train, validation, test = (float(p) for p in pieces)
        if min(train, validation, test) <= 0:
            raise Refused(f"split of load must leave rows to train, validation and test, got {self.split!r}.")
        total = train + validation + test
        return validation / total, test / total
