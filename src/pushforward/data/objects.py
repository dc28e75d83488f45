"""The reading of objects: the one place where one becomes a table, an array or pictures, or is refused by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset, IterableDataset

from pushforward.data.base import Data
from pushforward.data.build import from_source
from pushforward.data.build_table import from_frame
from pushforward.data.hub import from_hub, is_hub, rows_of_split
from pushforward.data.raw.options import Options
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import Album
from pushforward.data.readers.array_objects import as_array, is_array, type_name
from pushforward.data.readers.arrays import LABELS, POINTS
from pushforward.data.readers.image_stack import load_pictures
from pushforward.data.readers.sequences import Like, RawData, join_pieces
from pushforward.data.readers.table_objects import as_table
from pushforward.data.readers.tables import Table
from pushforward.data.toy_data import toy
from pushforward.data.toys.base import Law
from pushforward.errors import Refused
from pushforward.notes import left_out

TAKEN = (
    "an array, a tensor, (points, labels), a DataFrame or anything with named columns, a list of rows or pictures, an "
    "iterator of batches"
)


def raw_data_of(obj: Any, whose: str, axes: int | None = None) -> RawData:
    """Return the table, the array or the pictures that an object is.

    Args:
        obj: an array of NumPy or another library (masked arrays with nothing masked, structured ones as tables), a
            tensor, a sparse matrix; (points, labels) of such; a frame or series of pandas or polars, whatever gives a
            table of Arrow or speaks `__dataframe__`, a mapping of columns; a data set of the Hugging Face hub in any
            format; a list of numbers, rows, records or Pillow's pictures; a data set or loader of torch, or any other
            iterable of batches.
        whose: what it is, for sentences.
        axes: of one row of the data that it is like; None where there are no such data.

    Raises:
        Refused: by name of its type for anything else.
    Example:
        >>> raw_data_of([[1, 2], [3, 4], [5, 6]], "data").x.shape
        (3, 2)
    """
    again = partial(raw_data_of, whose=whose, axes=axes)
    if isinstance(obj, Source | Table | Album):
        return obj
    if isinstance(obj, Image.Image | str | bytes | set | frozenset):
        raise Refused(_unknown(obj, whose))
    if (described := _self_describing(obj, whose, axes)) is not None:
        return described
    if isinstance(obj, Sequence):
        return join_pieces(obj, Like(whose, axes, True, again))
    if is_array(obj):
        return Source(whose, as_array(obj, whose), tensor=isinstance(obj, Tensor))
    if isinstance(obj, Dataset) and not isinstance(obj, IterableDataset):
        return join_pieces((obj[i] for i in range(len(obj))), Like(whose, axes, True, again))  # type: ignore[arg-type]
    if isinstance(obj, Iterable):
        return join_pieces(obj, Like(whose, axes, False, again))
    raise Refused(_unknown(obj, whose))


def _self_describing(obj: Any, whose: str, axes: int | None) -> RawData | None:
    """Read what says itself what its parts are: points with labels, a data set of the hub, columns by name."""
    if isinstance(obj, tuple) and _is_pair(obj):
        return _pair(obj, whose, axes)
    if is_hub(obj):
        rows = rows_of_split(obj, whose)
        return rows if isinstance(rows, Source | Table | Album) else raw_data_of(rows, whose, axes)
    if isinstance(obj, Mapping):
        return _of_mapping(obj, whose, axes)
    return as_table(obj, whose)


def from_object(obj: Any, options: Options, spec: Mapping[str, Any] | None) -> Data:
    """Return the data set of an object.

    Args:
        obj: a law, or what `raw_data_of` takes.
        options: what was asked for.
        spec: of the dotted path that led to the object; None if it cannot be loaded again.
    """
    if isinstance(obj, Law):
        return toy(obj, options, spec or {"object": repr(obj)})
    if is_hub(obj):
        return from_hub(obj, options, spec or {"object": type_name(obj)})
    raw = raw_data_of(obj, "data")
    if isinstance(raw, Table):
        table = replace(raw, name="table")
        options.no_text("a table in memory")
        return from_frame(table, options, spec or {"object": f"DataFrame {table.frame.shape}"})
    if isinstance(raw, Album):
        pictures = replace(raw, name="pictures")
        options.no_labels("a list of pictures")
        options.no_named_split("pictures")
        return from_source(
            load_pictures(pictures, options), options, spec or {"object": f"pictures {len(raw.pictures)}"}
        )
    name = "tensor" if raw.tensor else "array"
    options.no_labels(f"an {name}" if name == "array" else f"a {name}")
    options.no_named_split(name)
    return from_source(replace(raw, name=name), options, spec or {"object": f"{name} {raw.x.shape}"})


def _is_pair(pair: tuple[Any, ...]) -> bool:
    """Tell whether a tuple is (points, labels), and not one of rows.

    Raises:
        Refused: where points come with more or fewer entries than labels alone.
    """
    has_points = bool(pair) and (_deep(pair[0]) or as_table(pair[0], "points") is not None)
    if has_points and len(pair) != 2:
        raise Refused(f"a tuple must be (points, labels), got {len(pair)} entries; pass the points alone.")
    return len(pair) == 2


def _pair(pair: tuple[Any, ...], whose: str, axes: int | None) -> RawData:
    points, labels = pair
    raw = raw_data_of(points, whose, axes)
    if labels is None:
        return raw
    classes = as_array(labels if is_array(labels) else np.asarray(labels), f"labels of {whose}")
    if not isinstance(raw, Table):
        return replace(raw, labels=classes)
    name = str(getattr(labels, "name", None) or "label")
    if name in raw.frame or len(classes) != len(raw):
        raise Refused(
            f"labels of {whose} must be one a row under a name of their own, got {len(classes)} called {name!r} beside "
            f"{len(raw)} rows of {', '.join(map(str, raw.frame))}."
        )
    return replace(raw, frame=raw.frame.assign(**{name: classes}), labels=name)


def _of_mapping(mapping: Mapping[Any, Any], whose: str, axes: int | None) -> RawData:
    """Read points under a usual name, or under the only one that has rows of numbers or pictures; or named columns."""
    values = {str(key): mapping[key] for key in mapping}
    deep = [key for key, value in values.items() if _deep(value)]
    names = [key for key in POINTS if key in deep] or deep
    if len(names) > 1:
        raise Refused(
            f"{whose} as a mapping must have one entry of rows or pictures, got {', '.join(names)}; call it samples."
        )
    if not names:
        return as_table(_columns(values, whose), whose) or Source(whose, np.empty((0, 0)))
    label = next((key for key in (*LABELS, "label") if key in values), None)
    unused = [key for key in values if key not in (names[0], label)]
    raw = _pair((values[names[0]], None if label is None else values[label]), whose, axes)
    notes = (left_out(f"entries of {whose} beside its points are left out: {', '.join(unused)}."),) if unused else ()
    return replace(raw, notes=(*raw.notes, *notes))


def _columns(values: Mapping[str, Any], whose: str) -> pd.DataFrame:
    columns = {
        key: as_array(value, f"column {key!r} of {whose}") if is_array(value) else value
        for key, value in values.items()
    }
    lengths = {
        len(column) if hasattr(column, "__len__") and not isinstance(column, str) else 1 for column in columns.values()
    }
    if len(lengths) != 1:
        raise Refused(
            f"{whose} as a mapping must hold columns of one length, got entries {', '.join(values) or 'none'}."
        )
    return pd.DataFrame(columns)


def _deep(value: Any) -> bool:
    """Tell whether a value holds rows or pictures, not numbers."""
    if isinstance(value, list | tuple):
        return (
            bool(value)
            and not isinstance(value[0], str)
            and (isinstance(value[0], list | tuple) or is_array(value[0]) and not np.isscalar(value[0]))
        )
    return is_array(value) and len(getattr(value, "shape", ())) > 1


def _unknown(obj: Any, whose: str) -> str:
    first = {"data": "a name, a path, ", "samples": "a path, a callable, "}.get(whose, "")
    hint = "; pass its method sample" if callable(getattr(obj, "sample", None)) else ""
    hint = "; give a list of them" if isinstance(obj, Image.Image) else hint
    return f"{whose} must be {first}{TAKEN}, got {type_name(obj)}{hint}."
