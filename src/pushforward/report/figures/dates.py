"""The dates that the numbers of a column stand for, as the ticks of an axis and the cells of a table have them."""

from dataclasses import dataclass

import numpy as np

DAY = 86_400 * 10**9
"""Nanoseconds of a day."""


@dataclass(frozen=True)
class Scale:
    """A scale of time: t = first + step · v.

    Args:
        first: the time of 0, in nanoseconds since 1970.
        step: in nanoseconds.
    Example:
        >>> Scale.read("2024-02-28T00:00:00", str(DAY)).text(2.0)
        '2024-03-01'
    """

    first: int
    step: int

    @classmethod
    def read(cls, first: str, step: str) -> "Scale | None":
        """Return the scale that two texts stand for; None where they are no time and no number.

        Args:
            first: a time in ISO's form.
            step: nanoseconds.
        """
        try:
            return cls(int(np.datetime64(first, "ns").astype(np.int64)), int(step))
        except ValueError:
            return None

    def text(self, value: float) -> str:
        """Return the time of a number, without what all times of this step lack."""
        if not np.isfinite(value) or abs(value * self.step) > 2.0**62:
            return "–"
        time = np.datetime64(self.first + round(value) * self.step, "ns")
        whole_days = self.step % DAY == 0 and self.first % DAY == 0
        return str(time.astype("datetime64[D]" if whole_days else "datetime64[s]")).replace("T", " ")
