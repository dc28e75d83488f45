"""A table of whatever has named columns: frames of every library, Arrow, structured arrays."""

from typing import Any

import numpy as np
import pandas as pd

from pushforward.data.raw.source import Source
from pushforward.data.readers.array_objects import as_array, type_name
from pushforward.data.readers.arrays import LABELS
from pushforward.data.readers.arrow_frames import library_of, of_arrow
from pushforward.data.readers.tables import Table, flat_table
from pushforward.errors import Refused
from pushforward.notes import left_out

ARROW = ("__arrow_c_stream__", "__arrow_c_array__")


def as_table(obj: Any, whose: str) -> Table | Source | None:
    """Return the table of an object with named columns; rows of arrays where one column holds those; None of others.

    Args:
        obj: a frame or series of pandas or polars, a table or record batch of Arrow or of whatever gives one by its C
            interface or by `__dataframe__`, a structured array.
        whose: what it is, for sentences.

    Raises:
        Refused: by name of its type, if it has columns that cannot be read.
    """
    frame = _frame(obj, whose)
    if frame is None:
        return None
    return (
        rows_of_arrays(flat_table(Table(whose, frame, library=library_of(obj))))
        if isinstance(frame, pd.DataFrame)
        else Source(whose, frame)
    )


def rows_of_arrays(table: Table) -> Table | Source:
    """Return the rows of the one column that holds arrays, with the labels beside them; else the table as it is.

    Raises:
        Refused: for several of them, and for arrays of unequal shapes.
    """
    frame, whose = table.frame, table.name
    nested = [name for name in frame if len(frame) and isinstance(frame[name].iloc[0], list | np.ndarray)]
    if not nested:
        return table
    if len(nested) > 1:
        raise Refused(f"{whose} must have one column of arrays, got {', '.join(map(str, nested))}; leave others out.")
    try:
        x = np.array([np.stack(cell) if _deep(cell) else np.asarray(cell) for cell in frame[nested[0]]])
    except ValueError:
        raise Refused(f"column {nested[0]!r} of {whose} must hold arrays of one shape, got unequal ones.") from None
    label = next((name for name in LABELS + ("label",) if name in frame), None)
    labels = None if label is None else frame[label].to_numpy()
    unused = [str(name) for name in frame if name not in (nested[0], label)]
    notes: tuple[str, ...] = (f"the rows of {whose} are the arrays of its column {nested[0]!r}.",)
    notes += (left_out(f"columns of {whose} beside the arrays are left out: {', '.join(unused)}."),) if unused else ()
    return Source(whose, x, labels, notes=(*table.notes, *notes))


def _frame(obj: Any, whose: str) -> pd.DataFrame | np.ndarray | None:
    if isinstance(obj, pd.DataFrame):
        return obj
    if isinstance(obj, pd.Series):
        return obj.to_frame() if obj.name is not None else obj.to_frame("x")
    if isinstance(obj, np.ndarray):
        return None if obj.dtype.names is None else _of_fields(obj, whose)
    if any(hasattr(obj, name) for name in ARROW):
        return _of_arrow(obj, whose)
    if hasattr(obj, "__dataframe__"):
        return _of_interchange(obj, whose)
    if hasattr(type(obj), "columns"):  # of the type: some compute theirs when they are asked
        raise Refused(
            f"{whose} of type {type_name(obj)} with columns must be one that can be read; make it a DataFrame of "
            "pandas, as its to_pandas(), collect() or compute() may do."
        )
    return None


def _of_arrow(obj: Any, whose: str) -> pd.DataFrame:
    """Read by the C interface of Arrow; a column that has no name, such as an array of Arrow, is called x."""
    import pyarrow as pa

    try:
        try:
            return of_arrow(pa.table(obj))
        except pa.ArrowInvalid:  # no table but one column
            return pd.DataFrame({getattr(obj, "name", None) or "x": pa.chunked_array(obj).to_pandas()})
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise Refused(f"{whose} of type {type_name(obj)} cannot be read through Arrow: {error}.") from error


def _of_interchange(obj: Any, whose: str) -> pd.DataFrame:
    """Read by the protocol of the dataframe consortium."""
    import pyarrow as pa
    from pyarrow.interchange import from_dataframe

    try:
        return from_dataframe(obj).to_pandas()
    except (TypeError, ValueError, RuntimeError, NotImplementedError, pa.ArrowException) as error:
        raise Refused(f"{whose} of type {type_name(obj)} cannot be read through __dataframe__: {error}.") from error


def _of_fields(x: np.ndarray, whose: str) -> pd.DataFrame:
    """Return one column a field of a structured array of one axis."""
    names = x.dtype.names or ()
    if x.ndim != 1:
        raise Refused(f"{whose} as a structured array must have one axis, the rows, got shape {x.shape}; flatten it.")
    columns = {name: as_array(x[name], f"field {name!r} of {whose}") for name in names}
    return pd.DataFrame(
        {name: list(c) if c.ndim > 1 else c.astype(c.dtype.newbyteorder("=")) for name, c in columns.items()}
    )


def _deep(cell: Any) -> bool:
    """Tell whether a cell is an array of arrays, as Arrow gives lists of lists."""
    return isinstance(cell, np.ndarray) and cell.dtype == object
