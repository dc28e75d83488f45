"""The codec between encoded points and the form the data came in; it travels in the run folder as JSON."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float
from torch import Tensor

from pushforward.data.codecs.validation import validated
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.npy import release_pages
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import Album
from pushforward.data.readers.tables import Table
from pushforward.errors import Refused
from pushforward.permission import demand_call
from pushforward.runs.typed_values import arguments, shown
from pushforward.spaces import Batch, Space


class Codec(ABC):
    """A codec gives back what it takes: `decode(encode(data))` is the data, up to the precision of float32.

    Members are frozen dataclasses of plain values; `kind` names the member in JSON.
    """

    kind: ClassVar[str]
    labels: Labels | None
    suffix: str

    @property
    @abstractmethod
    def space(self) -> Space:
        """The space of the encoded points."""

    @property
    def axes(self) -> int:
        """The number of axes of one row in the form the data came in: 1 for a vector."""
        return 1

    @abstractmethod
    def encode(self, obj: Any) -> Batch:
        """Return points in the form the data came in, or (points, labels), as a batch.

        Raises:
            Refused: if shape, columns, channels or values are not those of the data.
        """

    @abstractmethod
    def taken(self, raw: Source | Table | Album, notes: list[str]) -> Any:
        """Return what a reader gave in the form that `encode` takes: columns by name where both sides have names.

        Args:
            raw: as `objects.raw_data_of` or a reader gives it.
            notes: takes a sentence for everything that is left out, or taken by position.

        Raises:
            Refused: if it is not of the data's kind.
        """

    @abstractmethod
    def decode(self, batch: Batch) -> Any:
        """Return a batch in the form the data came in: an array, images as they were, or a DataFrame."""

    def given_back(self, batch: Batch) -> Any:
        """Return what `decode` does, in the library that the data came in; the same, unless stated."""
        return self.decode(batch)

    @abstractmethod
    def units(self, x: Tensor) -> Tensor:
        """Return encoded points in the data's units by operations of tensors alone: `decode`, but for names.

        Names of columns and of levels are no numbers: `legend` says what columns stand for, and a level is its place
        among those of its column.
        """

    def legend(self) -> dict[str, Any]:
        """Return what must be said beside `units`, as plain values; nothing, unless stated."""
        return {}

    @abstractmethod
    def read(self, path: str | Path, notes: list[str] | None = None) -> Batch:
        """Read every row of another source of the same kind; labels where each is a known class, else None.

        Args:
            path: of the source.
            notes: takes the sentences about what was chosen while reading.

        Raises:
            Refused: if it cannot be read, or is not of the same kind.
        """

    @abstractmethod
    def log_det(self, batch: Batch) -> Float[Tensor, " n"]:
        """Return log |du/dv| of encoding v as u at each point: log p(v) = log p(u) + this, v in the data's own unit."""

    @property
    def grain(self) -> float:
        """The step between two values of a coordinate, in encoded units, where values are whole numbers; else 0."""
        return 0.0

    def as_given(self) -> "Codec":
        """Return the codec that judges read by: every coordinate in the units and precision of the data.

        Itself, unless stated: pictures are encoded alike for networks and for judges.
        """
        return self

    def without_index(self) -> "Codec":
        """Return the codec that writes no row numbers and no names of rows; itself, unless stated."""
        return self

    def doubt(self, obj: Any) -> None:  # noqa: B027
        """Refuse points in the form of the data that are probably a mistake; none, unless stated.

        Args:
            obj: all points of another source, as `encode` takes them; one batch of them says too little.
        """

    @abstractmethod
    def named(self, path: str | Path) -> Path:
        """Return the path, if this kind of data has a form that its ending names.

        Raises:
            Refused: if it has none.
        """

    @abstractmethod
    def write(self, batch: Batch, path: str | Path, escape_formulas: bool = False) -> None:
        """Write a batch in the form that the ending of `path` says.

        Args:
            batch: encoded points.
            path: whose ending says the form.
            escape_formulas: in a .csv file, put an apostrophe before names and texts that a spreadsheet would run.

        Raises:
            Refused: for an ending that this kind of data has no form for.
        """

    @property
    def foreign(self) -> tuple[str, ...]:
        """The dotted paths of classes from elsewhere that it is made of; none, unless stated."""
        return ()

    def remarks(self, labelled: bool) -> tuple[str, ...]:
        """Return what a reader of written samples must know of them, in sentences; nothing, unless stated.

        Args:
            labelled: whether the samples have classes.
        """
        return ()

    @abstractmethod
    def show(self, batch: Batch) -> np.ndarray:
        """Return points for the eye: images as uint8 (n, h, w, c), others as float rows (n, d) in the data's units."""

    def differing(self, source: Source) -> tuple[str, ...]:
        """Say in sentences what another source is like where the data are not; nothing, unless stated."""
        return ()

    def rows(self, path: Path) -> Source | None:
        """Return another source as `encoded` takes it; None, unless stated, where it is read as a whole."""
        return None

    def encoded(self, x: np.ndarray, size: int) -> Iterator[Tensor]:
        """Yield the points of an array that may lie on disk, `size` at a time, as one `encode` gives them."""
        for start in range(0, len(x), size):
            yield self.encode(np.asarray(x[start : start + size])).x
            release_pages(x)

    def classes_of(self, batch: Batch) -> np.ndarray | None:
        """Return the labels of a batch in the type they came in; None where there are none."""
        return None if batch.label is None or self.labels is None else self.labels.decode(batch.label)

    @property
    def label_array(self) -> str | None:
        """The name that the labels have in files of arrays, where that is an unusual one."""
        return None if self.labels is None else self.labels.column

    def known_labels(self, labels: np.ndarray | None) -> np.ndarray | None:
        """Return labels of another source if each is one of our classes, else None: they may mean something else."""
        return labels if self.labels is not None and labels is not None and self.labels.known(labels) else None

    def to_json(self) -> dict[str, Any]:
        """Return plain lists, numbers and words that `from_json` reads."""
        return {"kind": self.kind} | asdict(self)  # type: ignore[call-overload]

    @staticmethod
    def from_json(stored: Any, whose: str = "a codec", tried: bool = True) -> "Codec":
        """Return the codec that `to_json` wrote.

        Args:
            stored: read from a file.
            whose: the file, in sentences.
            tried: whether points are decoded on trial, for which libraries must be there.

        Raises:
            Refused: for a kind that no imported class has, fields of other types, what no data can be like, and code
                that is not trusted.
        """
        known = {member.kind: member for member in Codec.__subclasses__()}
        kind = stored.get("kind") if isinstance(stored, Mapping) else None
        if not isinstance(kind, str) or kind not in known:
            raise Refused(f"kind of {whose} must be one of {', '.join(sorted(known))}, got {shown(kind)}.")
        fields = {name: value for name, value in stored.items() if name != "kind"}
        codec = known[kind](**arguments(fields, known[kind], whose))
        for path in codec.foreign if tried else ():
            demand_call(path, whose)
        return validated(codec, whose, tried)
