"""The columns of numbers of a table: what one must be to be modelled, and the sentence when it is not."""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_complex_dtype, is_numeric_dtype, pandas_dtype

from pushforward.data.codecs.dates import Dates
from pushforward.data.codecs.dtypes import to_dtype
from pushforward.data.raw.checks import WHOLE, fault_of_integer, fault_of_size
from pushforward.data.readers.csv_headers import ABSENT
from pushforward.errors import Refused

# Float32 has about seven digits; more decimals would be invented.
FINEST = 6
# Of cells, at most, that may have more decimals than the others.
ODD = 1e-3
DATES = "write a date as a number, such as days since the first"
POINTS = "write decimals with a point, not with a comma, or say --decimal ,"
UNITS = "write numbers without units"
WORDS = "correct it or drop the row, or say in --columns that it holds levels"
TRUTH = "true|false|yes|no|[tyfn]"
PYTHON: Mapping[str, Callable[[float, int | None], Any]] = MappingProxyType(
    {
        "Decimal": lambda x, places: Decimal(repr(float(x)) if places is None else f"{x:.{places}f}"),
        "int": lambda x, places: int(x),
    }
)
"""How numbers become Python's objects, which stand in a column of the type `object`, by the name of their type."""
# What a text that is nearly a number has too much, and what to write instead.
REMEDIES = (
    (r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", "write numbers without commas between thousands"),
    (r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?|[+-]?\d*,\d+", POINTS),
    (r".*\d\s*%", "write numbers without the sign of percent"),
    (r"[+-]?\s*[$€£¥₹]\s*[\d.,]+|[+-]?[\d.,]+\s*[$€£¥₹]", "write numbers without a currency"),
    (r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T].*)?", DATES),
    (r"[+-]?\d[\d.,]*\s*[^\W\d_°].*", UNITS),
    (TRUTH, "write 1 and 0"),
    (r"|[?.*-]+|-?n\.?/?a\.?n?|none|null|nil|missing|unknown|#.*[!?/].*",
     "if it stands for a missing value, --missing says so of a text; or fill it or drop the row"),
)  # fmt: skip


def numeric(frame: pd.DataFrame, name: str, gaps: Collection[Any] = ()) -> np.ndarray:
    """Return (n, d) float64, one coordinate a column.

    Args:
        frame: the columns.
        name: of the table, for sentences.
        gaps: columns whose cells may be missing, which are NaN.

    Raises:
        Refused: naming the first column that is not numeric, or holds missing, infinite or immense values, and any
            others; a cell that is no number among others that are is quoted.
    """
    faults = {c: fault for c in frame.columns if (fault := _fault(frame[c], f"of {name}", c in gaps))}
    if faults:
        (first, fault), *others = faults.items()
        also = f" (also unfit: {', '.join(map(str, dict(others)))})" if others else ""
        raise Refused(f"column {first!r} {fault}{also}.")
    columns = [_floats(frame[column]) for column in frame.columns]
    return np.stack(columns, axis=1) if columns else np.empty((len(frame), 0))


def decimals(values: np.ndarray) -> int | None:
    """Return how many decimals, at most 6, suffice to write all values, but for one in a thousand; None for more.

    The few that do not fit are means that somebody filled in, say. Were they to count, no sample would ever be one of
    the round values that all other rows have, since points are in float32.

    Example:
        >>> decimals(np.array([0.5, 12.25])), decimals(np.array([1 / 3])), decimals(np.array([1 / 3, *range(2000)]))
        (2, None, 0)
    """
    held = values[~np.isnan(values)]
    others = len(held) * ODD
    return next((p for p in range(FINEST + 1) if (np.round(held, p) != held).sum() <= others), None)


def typed_column(values: np.ndarray, dtype: str, places: int | None) -> pd.Series:
    """Return floats as a column of the type it had: integers rounded, booleans true above ½, prices to the cent."""
    values = values if places is None else np.round(values, places)
    if dtype in PYTHON:
        there = ~np.isnan(values)
        cells = (PYTHON[dtype](x, places) if here else None for x, here in zip(values, there, strict=True))
        return pd.Series(list(cells), dtype=object)
    kind = pandas_dtype(dtype)
    if isinstance(kind, np.dtype) and kind.kind == "O":
        return pd.Series(values)
    plain = kind if isinstance(kind, np.dtype) else kind.numpy_dtype
    return pd.Series(to_dtype(values, str(plain))).astype(dtype)


def type_of(column: pd.Series) -> str:
    """Return pandas' name of the type of a column; that of Python's numbers where all its cells are such objects."""
    if column.dtype == object:
        kinds = {type(cell).__name__ for cell in column[column.notna()]}
        return next((name for name in PYTHON if kinds == {name}), "object")
    return str(column.dtype)


def missing(column: pd.Series, of: str) -> str | None:
    """Return what is said of a column with missing cells after its name; None where there are none."""
    absent = np.flatnonzero(column.isna())
    if not len(absent):
        return None
    text = column.attrs.get(ABSENT, {}).get(column.name)
    written = f", written {text!r}" if text else ""
    return (
        f"{of} holds {len(absent)} missing values, the first in row {absent[0]} (counted from 0){written}; fill them "
        "or drop the rows"
    )


def count_of_number_like(counts: pd.Series) -> int:
    """Return how many cells are numbers as text, nearly so, or stand for a missing one.

    Args:
        counts: how often each text is there.
    """
    nearly = lambda cell: _remedy(cell) is not None and not re.fullmatch(TRUTH, cell.strip(), re.IGNORECASE)
    return sum(count for cell, count in counts.items() if _is_number(cell) or nearly(cell))


def are_names(texts: pd.Series) -> bool:
    """Return whether different texts are names such as UUIDs: neither nearly numbers nor dates, nor with few units.

    Example:
        >>> are_names(pd.Series(["7f3a", "90bc", "c1d2"])), are_names(pd.Series(["1 kg", "2 kg", "3 kg"]))
        (True, False)
    """
    remedies = ["" if _is_number(cell) else _remedy(cell) for cell in texts]
    others = sum(remedy is not None and remedy != UNITS for remedy in remedies)
    tails = texts.astype(str).str.replace(r"^[+-]?\d[\d.,]*\s*", "", regex=True)
    return 2 * others < len(texts) and (2 * remedies.count(UNITS) < len(texts) or 2 * tails.nunique() > len(texts))


def _fault(column: pd.Series, of: str, gaps: bool = False) -> str | None:
    """Return what is said of a column after its name; None where all is well."""
    if not (is_numeric_dtype(column) or is_bool_dtype(column)) and (fault := _no_numbers(column, of)):
        return fault
    if not gaps and (fault := missing(column, of)):
        return fault
    if is_complex_dtype(column):
        return f"{of} must be numeric, got {column.dtype} such as {column.iloc[0].item()!r}; leave it out"
    infinite = np.isinf(_floats(column))
    if infinite.any():
        first = int(np.flatnonzero(infinite)[0])
        count = int(infinite.sum())
        return f"{of} holds {count} infinite values, the first in row {first} (counted from 0); drop the rows"
    large = fault_of_size(_exact(column.dropna()))
    return large and f"{of} {large}"


def _floats(column: pd.Series) -> np.ndarray:
    """Return cells as float64, NaN where one is missing."""
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _no_numbers(column: pd.Series, of: str) -> str | None:
    """Return what is said of cells that are no numbers; None if all are, as Python's objects, or missing."""
    cells, empty = column.astype(object).tolist(), column.isna().tolist()
    bad = [i for i, cell in enumerate(cells) if not empty[i] and not _is_number(cell)]
    if not bad:
        return _written([cell for cell in cells if isinstance(cell, str)], of)
    first, remedy = cells[bad[0]], _remedy(cells[bad[0]])
    if 2 * len(bad) > len(cells) - sum(empty):
        kind = type(first).__name__ if column.dtype == object else column.dtype
        last = remedy or "leave it out, or name it as the class with --labels"
        if remedy == DATES:
            last = f"{_of_another_form(cells, empty)}if all are dates, write them in one form, such as 2024-01-31"
        numbers = [i for i, cell in enumerate(cells) if not empty[i] and not isinstance(cell, str)]
        if isinstance(first, str) and numbers:
            odd = f"{len(numbers)} cells are none, such as {cells[numbers[0]]!r} in row {numbers[0]}"
            last = f"{odd}: make all texts; or {last}"
        return f"{of} must be numeric, got {'text' if isinstance(first, str) else kind} such as {first!r}; {last}"
    one = len(bad) == 1
    count = f"{len(bad)} of {len(cells)} cells {'is' if one else 'are'} no number"
    where = f"row {bad[0]} ({count}) {of}, {'counted' if one else 'the first of them, counted'} from 0"
    return f"holds {first!r} in {where}; {remedy or WORDS}"


def _of_another_form(cells: list[Any], empty: list[bool]) -> str:
    """Return where the first cell stands that is no date in the form of the first of all; nothing where none is."""
    words = [None if gap else str(cell) for cell, gap in zip(cells, empty, strict=True)]
    texts = pd.Series(words, name="date").dropna()
    held = Dates.of(texts.iloc[:1])
    if held is None or not held.form:
        return ""
    other = texts[pd.to_datetime(texts, format=held.form, errors="coerce").isna()]
    return f"row {other.index[0]}, counted from 0, has {other.iloc[0]!r}: " if len(other) else ""


def _written(texts: list[str], of: str) -> str | None:
    """Return what is said of numbers that are texts, which pandas also makes of integers beyond its types."""
    if not texts:
        return None
    largest = max(texts, key=lambda text: abs(float(text)))
    if abs(float(largest)) > WHOLE:
        return f"{of} {fault_of_integer(largest)}"
    return (
        f"{of} holds numbers as text, such as {texts[0]!r}; convert them, in pandas by astype(float); "
        "of a text, --decimal says what stands before decimals"
    )


def _is_number(cell: Any) -> bool:
    if not isinstance(cell, str):
        return isinstance(cell, Real | Decimal)
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _remedy(cell: Any) -> str | None:
    """Return what to write instead of a text that is nearly a number, or stands for a missing one."""
    text = str(cell).strip()
    return next((remedy for form, remedy in REMEDIES if re.fullmatch(form, text, re.IGNORECASE)), None)


def _exact(column: pd.Series) -> np.ndarray:
    """Return values without a missing one in NumPy's type; Python's integers as such beyond float64's."""
    if column.dtype == object:
        whole = [cell for cell in column if isinstance(cell, int) and abs(cell) > WHOLE]
        return np.array(whole[:1], dtype=object) if whole else column.to_numpy(dtype=np.float64)
    return column.to_numpy(getattr(column.dtype, "numpy_dtype", None))
