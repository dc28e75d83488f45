"""The columns of a table that hold dates and times: whole steps since the first, and back in the form they came in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from pushforward.data.codecs.as_numbers import AsNumbers
from pushforward.data.codecs.gaps import plain
from pushforward.errors import Refused

FORMS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y",
    "%H:%M:%S",
    "%H:%M",
)
"""The forms of texts that are dates, the first that gives every cell back counts; of two that do, that is said."""

DAY = "day"
"""The form of Python's dates without a time."""


@dataclass(frozen=True)
class Dates(AsNumbers):
    """u = (t − first) / step, a whole number: step is the largest of which all times are whole multiples apart.

    Args:
        column: name of the column.
        first: the earliest time, in ISO's form.
        step: in nanoseconds.
        dtype: pandas' name of the type of the column, which knows its zone and resolution.
        form: how texts write it, as for strftime; `day` for Python's dates; empty for a type of times.
    Example:
        >>> when = Dates.of(pd.Series(["2024-01-01", "2024-01-08", "2024-01-22"], name="when"))
        >>> when.numbers(pd.Series(["2024-01-15"])).tolist(), when.decode(np.array([2.0])).tolist()
        ([2.0], ['2024-01-15'])
    """

    column: str | int
    first: str
    step: int
    dtype: str
    form: str = ""

    @classmethod
    def of(cls, column: pd.Series) -> "Dates | None":
        """Return what a column's times are; None if it holds anything else, or nothing."""
        held = column.dropna()
        if not len(held) or (form := _form(held)) is None:
            return None
        times = np.sort(_times(held, form))
        gaps = np.diff(times)
        step = int(np.gcd.reduce(gaps)) if gaps.any() else 1
        return cls(plain(column.name), pd.Timestamp(int(times[0])).isoformat(), step, str(column.dtype), form)

    @property
    def holds(self) -> str:
        return "dates"

    @property
    def written(self) -> str:
        return "2024-01-31"

    @property
    def scale(self) -> str:
        return "time"

    def numbers(self, column: pd.Series) -> pd.Series:
        there = column.notna().to_numpy()
        values = np.full(len(column), np.nan)
        try:
            values[there] = (
                _times(column[there], self.form) - pd.Timestamp(self.first).as_unit("ns").value
            ) / self.step
        except (ValueError, TypeError) as error:
            raise Refused(
                f"column {self.column!r} holds dates {f'such as {self.form}' if self.form else 'and times'}, got "
                f"{column[there].iloc[0]!r}: {error}; write all in one form."
            ) from error
        return pd.Series(values, index=column.index, name=column.name)

    def decode(self, values: np.ndarray) -> pd.Series:
        """Return steps since the first as the dates that they are, in the form they had; missing ones stay so."""
        there = ~np.isnan(values)
        whole = np.rint(values[there]).astype(np.int64) * self.step + pd.Timestamp(self.first).as_unit("ns").value
        times = pd.Series(pd.NaT, index=range(len(values)), dtype="datetime64[ns]")
        times[there] = pd.to_datetime(whole)
        if self.form == DAY:
            return pd.Series([None if pd.isna(t) else t.date() for t in times], dtype=object)
        if self.form:
            return times.dt.strftime(self.form).astype(self.dtype)
        zoned = getattr(pd.api.types.pandas_dtype(self.dtype), "tz", None)
        return (times if zoned is None else times.dt.tz_localize("UTC")).astype(self.dtype)

    def comparable(self, numbers: Any) -> Any:
        """Return steps since the first, one number or an array of them, as seconds since 1970."""
        return (numbers * self.step + pd.Timestamp(self.first).as_unit("ns").value) / 1e9

    def number(self, value: Any) -> float:
        """Return one date as steps since the first."""
        time = pd.Timestamp(value)
        plain = time.tz_convert("UTC").tz_localize(None) if time.tz else time
        return float(plain.as_unit("ns").value - pd.Timestamp(self.first).as_unit("ns").value) / self.step


def _form(held: pd.Series) -> str | None:
    """Return the form of cells that are all there; None where they are no dates."""
    if is_datetime64_any_dtype(held.dtype):
        return ""
    if not (held.dtype == object or isinstance(held.dtype, pd.StringDtype)):
        return None
    kinds = {type(cell) for cell in held.head(1000)}
    if kinds == {date}:
        return DAY
    if kinds != {str}:
        return None
    texts = pd.Series(held.unique()).astype(str)
    return next((form for form in FORMS if _is_form(texts, form)), None)


def _is_form(texts: pd.Series, form: str) -> bool:
    """Tell whether all texts are dates of a form, and would be written so."""
    few = texts.head(20)
    if len(few) < len(texts) and not _is_form(few, form):
        return False
    times = pd.to_datetime(texts, format=form, errors="coerce")
    return bool(times.notna().all() and (times.dt.strftime(form) == texts).all())


def _times(held: pd.Series, form: str) -> np.ndarray:
    """Return cells as nanoseconds since 1970, in UTC where they have a zone."""
    if not form and not is_datetime64_any_dtype(held.dtype):
        held = pd.to_datetime(held)
    elif form == DAY:
        held = pd.to_datetime(pd.Series(list(held)))
    elif form and not is_datetime64_any_dtype(held.dtype):
        held = pd.to_datetime(held.astype(str), format=form)
    plain = held.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(held.dt, "tz", None) is not None else held
    return plain.to_numpy().astype("datetime64[ns]").astype(np.int64)
