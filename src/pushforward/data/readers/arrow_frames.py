"""The tables of Arrow and polars as pandas' frames, whole numbers with missing ones among them, and back."""

from typing import Any

import pandas as pd

LIBRARIES = ("polars", "pyarrow")
"""The libraries in whose tables samples are given back, where the data came in one."""


def library_of(obj: Any) -> str:
    """Return the library that a table is of: one of LIBRARIES, else pandas."""
    name = type(obj).__module__.partition(".")[0]
    return name if name in LIBRARIES else "pandas"


def of_arrow(table: Any) -> pd.DataFrame:
    """Return a frame of a table of Arrow; integers stay such where some are missing, which NumPy's types do not allow.

    Example:
        >>> import pyarrow as pa
        >>> of_arrow(pa.table({"a": [1, None]}))["a"].dtype
        Int64Dtype()
    """
    import pyarrow as pa

    frame, kinds = table.to_pandas(), {pa.int8(): "Int8", pa.int16(): "Int16", pa.int32(): "Int32", pa.int64(): "Int64",
             pa.uint8(): "UInt8", pa.uint16(): "UInt16", pa.uint32(): "UInt32", pa.uint64(): "UInt64"}  # fmt: skip
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.type in kinds and column.null_count and field.name in frame:
            nullable = pd.array([None], dtype=kinds[field.type]).dtype
            frame[field.name] = column.to_pandas(types_mapper=lambda _, nullable=nullable: nullable).to_numpy(
                dtype=object
            )
            frame[field.name] = frame[field.name].astype(nullable)
    return frame


def in_library(frame: pd.DataFrame, library: str) -> Any:
    """Return a frame as a table of a library.

    Args:
        frame: with a fresh index.
        library: one of LIBRARIES, or pandas.
    """
    if library == "polars":
        import polars

        return polars.from_pandas(frame.rename(columns=str))
    if library == "pyarrow":
        import pyarrow as pa

        return pa.Table.from_pandas(frame.rename(columns=str), preserve_index=False)
    return frame
