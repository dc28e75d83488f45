"""The joining of many pieces: lists of rows or pictures, records, generators, loaders, data sets of items."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

import numpy as np
import pandas as pd
from PIL import Image
from torch import Tensor

from pushforward.data.raw.source import Source
from pushforward.data.raw.spool import spool
from pushforward.data.readers import tables as frames
from pushforward.data.readers.albums import Album
from pushforward.data.readers.array_objects import as_array, is_array, type_name
from pushforward.data.readers.arrays import LABELS
from pushforward.data.readers.image_file import Picture
from pushforward.data.readers.tables import Table
from pushforward.errors import Refused
from pushforward.notes import left_out

RawData = Source | Table | Album


@dataclass(frozen=True)
class Like:
    """The description of what the pieces belong to, by which an array is told to be one row or several.

    Args:
        whose: what they are, for sentences.
        axes: of one row of the data that they are like; None where there are no such data.
        alone: every piece is one row, where its number of axes does not say so.
        read: reads one object, where a piece is an object of its own.
    """

    whose: str
    axes: int | None
    alone: bool
    read: Callable[[Any], RawData]

    def is_row(self, x: np.ndarray) -> bool:
        """Tell whether an array is one row; if not, it is several, along its first axis.

        Raises:
            Refused: where it may be either.
        """
        if self.axes is not None and x.ndim in (self.axes, self.axes + 1):
            return x.ndim == self.axes
        if x.ndim == 1 and not self.alone and self.axes is None:
            raise Refused(
                f"{self.whose} must come as batches with rows along the first axis, got an array of shape {x.shape}, "
                "which may be one row or many; give each an axis more, or stack them."
            )
        return x.ndim == 0 or (self.alone and x.ndim < 4)


@dataclass(frozen=True)
class Piece:
    """A row or a batch, with its labels, and what beside them is not used."""

    value: Any
    label: Any = None
    unused: tuple[str, ...] = ()


def join_pieces(items: Iterable[Any], like: Like) -> RawData:
    """Put all pieces, in their order, into one array, table or album.

    Raises:
        Refused: for none, for pieces that differ in kind or shape, and by name of its type for what is no piece.
    """
    pieces = (_piece(item, like) for item in items)
    first = next(pieces, None)
    if first is None:
        what = (
            "a list must have entries"
            if isinstance(items, Sequence)
            else "an iterator of batches must give at least one"
        )
        raise Refused(f"{what}, got none as {like.whose}; an iterator that was used before has no more.")
    all_pieces = chain([first], pieces)
    if isinstance(first.value, Image.Image | Album):
        return _pictures(all_pieces, like)
    if isinstance(first.value, Mapping):
        return Table(like.whose, pd.DataFrame([_of_kind(p, Mapping, like).value for p in all_pieces]))
    if isinstance(first.value, Table):
        return frames.join_tables([_of_kind(p, Table, like).value for p in all_pieces])
    return _arrays(all_pieces, like, isinstance(items, Sequence), first.unused)


def _arrays(pieces: Iterator[Piece], like: Like, listed: bool, unused: tuple[str, ...]) -> Source:
    """Make one array of pieces of one shape: of a list with the type that holds all, of an iterator of one type."""
    labels: list[Any] = []
    batches = (_batch(_of_kind(piece, np.ndarray, like), like, labels) for piece in pieces)
    if listed:
        rows = list(batches)
        try:
            x = np.concatenate(rows)
        except ValueError as error:
            raise Refused(f"{like.whose} must be of one shape, to be rows of one array: {error}.") from error
    else:
        x = spool(batches, like.whose)
    notes = tuple(left_out(f"{what} of {like.whose} are left out.") for what in unused)
    return Source(like.whose, x, _labels(labels, like), notes=notes)


def _batch(piece: Piece, like: Like, labels: list[Any]) -> np.ndarray:
    labels.append(piece.label)
    x = cast("np.ndarray", piece.value)
    return x[None] if like.is_row(x) else x


def _pictures(pieces: Iterator[Piece], like: Like) -> Album:
    pictures: list[Picture] = []
    labels: list[Any] = []
    for piece in pieces:
        picture = _of_kind(piece, Image.Image | Album, like).value
        labels.append(piece.label if isinstance(picture, Image.Image) else picture.labels)
        if isinstance(picture, Album):
            pictures += picture.pictures
        else:
            pictures.append(Picture(f"picture {len(pictures)} of {like.whose}", picture))
    return Album(like.whose, tuple(pictures), labels=_labels(labels, like))


def _labels(labels: list[Any], like: Like) -> np.ndarray | None:
    if all(label is None for label in labels):
        return None
    if any(label is None for label in labels):
        raise Refused(f"{like.whose} must have labels for all pieces or for none, got some without.")
    return np.concatenate([np.atleast_1d(as_array(label, f"labels of {like.whose}")) for label in labels])


def _of_kind(piece: Piece, kind: Any, like: Like) -> Piece:
    if not isinstance(piece.value, kind):
        raise Refused(f"{like.whose} must be of one kind throughout, got a piece that is {type_name(piece.value)}.")
    return piece


def _piece(item: Any, like: Like) -> Piece:
    if isinstance(item, Image.Image):
        return Piece(item)
    if isinstance(item, Tensor) or (isinstance(item, np.ndarray) and item.dtype.names is None):
        return Piece(as_array(item, like.whose))
    if isinstance(item, Mapping):
        return _of_mapping(item, like)
    if isinstance(item, tuple | list) and len(item) > 1 and _several(item):
        value, label, *others = item
        unused = ("entries of a batch after points and labels",) if others else ()
        return Piece(_piece(value, like).value, label, unused)
    if isinstance(item, tuple | list) and len(item) == 1 and _rich(item[0]):
        return _piece(item[0], like)  # as data sets of torch give points without labels
    if isinstance(item, list | tuple) and item and not (_plain(item[0]) or isinstance(item[0], list | tuple)):
        return _piece_of(like.read(item))  # such as a batch that is a list of pictures
    if isinstance(item, list | tuple) or np.isscalar(item):
        return Piece(_numbers(item, like))
    return _piece_of(like.read(item))


def _of_mapping(item: Mapping[Any, Any], like: Like) -> Piece:
    """Return a record of plain values as it is; a picture or row with its label; or a batch that is its own object."""
    plain = {key: value.item() if _zero(value) else value for key, value in item.items()}
    if all(_plain(value) or value is None for value in plain.values()):
        return Piece(plain)
    rich = [key for key, value in plain.items() if not (_plain(value) or value is None)]
    label = next((plain[key] for key in LABELS + ("label",) if key in plain and key not in rich), None)
    if len(rich) == 1 and (label is not None or isinstance(plain[rich[0]], Image.Image) or len(plain) == 1):
        others = [str(key) for key in plain if key not in (rich[0], *LABELS, "label")]
        unused = (f"entries {', '.join(others)}",) if others else ()
        return Piece(_piece(plain[rich[0]], like).value, label, unused)
    return _piece_of(like.read(item))


def _piece_of(raw: RawData) -> Piece:
    return Piece(raw.x, raw.labels) if isinstance(raw, Source) else Piece(raw)


def _several(item: Sequence[Any]) -> bool:
    """Whether it is points and labels, not one row, nor rows of one shape."""
    if not _rich(item[0]):
        return False
    same = is_array(item[1]) and getattr(item[0], "shape", None) == getattr(item[1], "shape", ())
    return not isinstance(item[1], Image.Image) and (isinstance(item, tuple) or len(item) == 2 or not same)


def _rich(value: Any) -> bool:
    """Whether it is a picture, or an array with an axis."""
    return isinstance(value, Image.Image) or (is_array(value) and not _zero(value))


def _numbers(item: Any, like: Like) -> np.ndarray:
    try:
        x = np.asarray(item)
    except ValueError as error:
        raise Refused(f"{like.whose} must be rows of one length, got one that is ragged.") from error
    if x.dtype.kind not in "biuf":
        odd = x.flat[0].item() if x.size and x.dtype != object else item
        raise Refused(f"{like.whose} must hold numbers, got {type_name(odd)} such as {odd!r}.")
    return x


def _plain(value: Any) -> bool:
    return isinstance(value, str | bytes) or np.isscalar(value)


def _zero(value: Any) -> bool:
    return is_array(value) and getattr(value, "ndim", None) == 0
