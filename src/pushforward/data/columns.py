"""What a column of a table must be to be modelled as a number, and the sentence when it is not."""

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_complex_dtype, is_numeric_dtype, pandas_dtype

from pushforward.data.numbers import restored
from pushforward.errors import Refused

# Float32 has about seven digits; more decimals would be invented.
FINEST = 6


def numeric(frame: pd.DataFrame, name: str) -> np.ndarray:
    """(n, d) float64, one coordinate a column.

    Raises:
        Refused: naming the first column that is not numeric, or holds missing or infinite values, and any others.
    """
    faults = {column: fault for column in frame.columns if (fault := _fault(frame[column]))}
    if faults:
        (first, fault), *others = faults.items()
        also = f" (also unfit: {', '.join(map(str, dict(others)))})" if others else ""
        raise Refused(f"column {first!r} of {name} {fault}{also}.")
    columns = [frame[column].to_numpy(dtype=np.float64) for column in frame.columns]
    return np.stack(columns, axis=1) if columns else np.empty((len(frame), 0))


def decimals(values: np.ndarray) -> int | None:
    """How many decimals, at most 6, suffice to write every value; None if more are needed.

    Example:
        >>> decimals(np.array([0.5, 12.25])), decimals(np.array([1 / 3]))
        (2, None)
    """
    return next((p for p in range(FINEST + 1) if (np.round(values, p) == values).all()), None)


def typed(values: np.ndarray, dtype: str, places: int | None) -> pd.Series:
    """Floats as a column of the type it had: integers rounded, booleans true above one half, prices to the cent."""
    values = values if places is None else np.round(values, places)
    kind = pandas_dtype(dtype)
    plain = kind if isinstance(kind, np.dtype) else kind.numpy_dtype
    return pd.Series(restored(values, str(plain))).astype(dtype)


def _fault(column: pd.Series) -> str | None:
    if missing := int(column.isna().sum()):
        first = int(np.flatnonzero(column.isna())[0])
        return f"holds {missing} missing values, the first in row {first} (counted from 0); fill them or drop the rows"
    if is_complex_dtype(column) or not (is_numeric_dtype(column) or is_bool_dtype(column)):
        what = "text" if isinstance(column.iloc[0], str) else f"{column.dtype}"
        return (
            f"must be numeric, got {what} such as {column.iloc[0]!r}; leave it out, or name it as the class with labels"
        )
    infinite = ~np.isfinite(column.to_numpy(dtype=np.float64))
    if infinite.any():
        first = int(np.flatnonzero(infinite)[0])
        return f"holds {int(infinite.sum())} infinite values, the first in row {first} (counted from 0); drop the rows"
    return None
