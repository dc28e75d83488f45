"""Which values stand for black and white, read off the values themselves; what is ambiguous is refused."""

import numpy as np

from pushforward.data.checks import bounds
from pushforward.errors import Refused

# Rounding in whoever wrote the file may leave values this far outside of their range.
SLACK = 1e-3


def value_range(x: np.ndarray, name: str) -> tuple[float, float]:
    """Black and white: [0, 1], [-1, 1] or [0, 255]; [0, 65535] for integers of 16 bits.

    Raises:
        Refused: for values that fit none of them, such as 0 to 16.
    Example:
        >>> value_range(np.array([[0.0, 0.5], [1.0, 0.2]]), "x")
        (0.0, 1.0)
    """
    if x.dtype.kind == "b":
        return 0.0, 1.0
    low, high = bounds(x)
    if x.dtype.kind in "iu":
        tops = [top for top in (1, 255, 65535) if low >= 0 and high <= top]
        found = (0.0, float(tops[0])) if tops else None
    else:
        found = _of_floats(low, high)
    if found is None:
        raise Refused(
            f"images of {name} must have values in [0, 1], [-1, 1] or [0, 255], got {low:g} to {high:g}; rescale them, "
            "or give rows (n, d) if these are no images."
        )
    return found


def _of_floats(low: float, high: float) -> tuple[float, float] | None:
    if low >= -SLACK and high <= 1 + SLACK:
        return 0.0, 1.0
    if low >= -1 - SLACK and high <= 1 + SLACK:
        return -1.0, 1.0
    # below one half of 255 nothing is white, and the values may be of another scale
    return (0.0, 255.0) if low >= -SLACK and 127.5 < high <= 255 + SLACK else None
