"""The dates of a table that are modelled as the time since another date of the row, so that none comes before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pushforward.data.codecs.dates import Dates
from pushforward.errors import Refused

WORD = "after "
"""Before the name of a column, says that another one is modelled as the time since it."""


@dataclass(frozen=True)
class After:
    """u = t − (ratio·s + shift), the steps of a date t since that of another column; at least as many as were seen.

    Args:
        column: name of the column of t.
        start: name of the column of s.
        ratio: steps of t in one of s.
        shift: steps of t from its first date to that of s.
        least: the fewest steps that were seen from s to t.
        last: the latest t that was seen; none is later.
    Example:
        >>> sent = After("sent", "placed", 1.0, 0.0, 0.0, 9.0)
        >>> sent.time(np.array([-1.0, 2.0, 5.0]), np.array([3.0, 3.0, 7.0])).tolist()
        [3.0, 5.0, 9.0]
    """

    column: str | int
    start: str | int
    ratio: float
    shift: float
    least: float
    last: float

    @classmethod
    def of(cls, end: Dates, start: Dates, frame: pd.DataFrame, whose: str) -> "After":
        """Return how the dates of one column follow those of another.

        Args:
            end: the later ones.
            start: the others.
            frame: that holds both.
            whose: the table's name, for sentences.

        Raises:
            Refused: where they do not, a start is missing, or times are of other steps.
        """
        said = f"--columns says that {end.column!r} of {whose} comes after {start.column!r}, and"
        s, t = (dates.numbers(frame[dates.column]).to_numpy() for dates in (start, end))
        ratio, shift = start.step / end.step, float(end.number(start.first))
        gap = t - (ratio * s + shift)
        there = ~np.isnan(gap)
        if np.isnan(s).any() or not there.any() or not len(np.unique(s)) > 1:
            raise Refused(f"{said} that holds missing dates, or one alone; write date instead.")
        if (gap[there] != np.rint(gap[there])).any():
            raise Refused(f"{said} both are of other steps, such as days and hours; write date instead.")
        if (gap[there] < 0).any():
            row = int(np.flatnonzero(gap < 0)[0])
            raise Refused(f"{said} in row {row} (counted from 0) it does not; correct that, or write date instead.")
        return cls(end.column, start.column, ratio, shift, float(gap[there].min()), float(t[there].max()))

    def gap(self, times: Any, starts: Any) -> Any:
        """Return steps since the start, of times and starts in steps of their own."""
        return times - (self.ratio * starts + self.shift)

    def time(self, gaps: Any, starts: Any) -> Any:
        """Return times of so many steps since the start, arrays or tensors."""
        return (gaps.round().clip(self.least, None) + self.ratio * starts.round() + self.shift).clip(None, self.last)


def gaps_since(after: Sequence[After], frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of numbers with times since the start in place of times."""
    found = {str(a.column): a.gap(frame[a.column], frame[a.start]) for a in after if a.column in frame}
    return frame.assign(**found)


def times_of(after: Sequence[After], columns: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return the columns of times, from columns of numbers that hold times since the start."""
    found = dict(columns)
    for a in after:  # starts come before those that follow them
        found[a.column] = a.time(found[a.column], found[a.start])
    return {a.column: found[a.column] for a in after}


def after_of(said: Mapping[Any, str], dates: Sequence[Dates], frame: pd.DataFrame, whose: str) -> tuple[After, ...]:
    """Return how columns of dates follow others, those that others follow first.

    Args:
        said: the name of the other column, by the column.
        dates: the columns of dates.
        frame: of the table.
        whose: its name, for sentences.

    Raises:
        Refused: for columns that hold no dates, and rings.
    """
    known, left, found = {str(d.column): d for d in dates}, dict(said), list[After]()
    for column, start in said.items():
        if start not in known:
            raise Refused(f"--columns says that {str(column)!r} comes after {start!r}, which is no column of dates of "
                          f"{whose}; those are {', '.join(known) or 'none'}.")  # fmt: skip
    while left:
        ready = [column for column, start in left.items() if start not in map(str, left)]
        if not ready:
            raise Refused(f"--columns says that {', '.join(map(str, left))} come after each other; leave one out.")
        found += [After.of(known[str(column)], known[left.pop(column)], frame, whose) for column in ready]
    return tuple(found)


def refuse_without_start(after: Sequence[After], there: pd.DataFrame) -> None:
    """Refuse rows in which a date is given without the one that it is modelled after.

    Args:
        after: of the table.
        there: which cells of the given columns are.
    """
    for a in after:
        starts = there[a.start] if a.start in there else pd.Series(False, index=there.index)
        if a.column in there and (there[a.column] & ~starts).any():
            raise Refused(f"--given has {a.column!r} of rows without {a.start!r}, after which it is modelled; give "
                          f"both, or fit with {a.column}: date in --columns.")  # fmt: skip
