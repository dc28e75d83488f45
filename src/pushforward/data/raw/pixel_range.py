"""The values that stand for black and white, read off the values themselves; what is ambiguous is refused."""

import numpy as np

from pushforward.data.raw.checks import bounds
from pushforward.errors import Refused

# Rounding in whoever wrote the file may leave values this far outside of their range.
SLACK = 1e-3


DEPTHS = (255, 1023, 4095, 16383, 65535)
"""White of whole numbers of 8, 10, 12, 14 and 16 bits, the depths that cameras and scanners have."""


class TooDeep(Refused):
    """A refusal of samples that have more bits than the data."""


def white_of(high: float | int) -> int:
    """Return the white of the least depth that holds a value.

    Example:
        >>> white_of(200), white_of(3000)
        (255, 4095)
    """
    return next(white for white in DEPTHS if high <= white)


def bits(white: float | int) -> int:
    """Return the number of bits whose largest value is that white, log2(white + 1)."""
    return int(white).bit_length()


def too_deep(name: str, high: float | int, white: float | int) -> TooDeep:
    """Return the refusal of samples that have more bits than the data.

    Args:
        name: of the samples, or of one of them.
        high: their largest value.
        white: of the data.
    """
    need = f"{bits(white_of(high))} bits" if high <= DEPTHS[-1] else "more than 16 bits"
    return TooDeep(f"{name}: its values need {need} (one is {high:g}), and the data have {bits(white)} bits (white is "
                   f"{white:g}); bring both to one depth.")  # fmt: skip


def value_range(x: np.ndarray, name: str) -> tuple[float, float]:
    """Return black and white: [0, 1], [-1, 1], [0, 255]; of whole numbers the least of 8, 10, 12, 14, 16 bits.

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
        whites = [white for white in (1, *DEPTHS) if low >= 0 and high <= white]
        ends = (0.0, float(whites[0])) if whites else None
    else:
        ends = _of_floats(low, high)
    if ends is None:
        raise Refused(
            f"images of {name} must have values in [0, 1], [-1, 1] or [0, 255], got {low:g} to {high:g}; rescale them, "
            "or give rows (n, d) if these are no images."
        )
    return ends


def _of_floats(low: float, high: float) -> tuple[float, float] | None:
    if low >= -SLACK and high <= 1 + SLACK:
        return 0.0, 1.0
    if low >= -1 - SLACK and high <= 1 + SLACK:
        return -1.0, 1.0
    # below one half of 255 nothing is white, and the values may be of another scale
    return (0.0, 255.0) if low >= -SLACK and 127.5 < high <= 255 + SLACK else None


def refuse_outside(seen: tuple[float, float], known: tuple[float, float], name: str) -> None:
    """Refuse floats that lie outside of the data's range.

    Args:
        seen: lowest and highest value.
        known: black and white of the data.
        name: for the sentence.

    Raises:
        Refused: with the likely mistake.
    """
    (low, high), (black, white) = seen, known
    if low < black - SLACK or high > white + SLACK:
        raise Refused(f"{_wanted(seen, known, name)}; {_scaled(seen, known)}.")


def refuse_doubtful(seen: tuple[float, float], known: tuple[float, float], name: str) -> None:
    """Refuse pictures that, all together, are of another usual range; all black is no mistake of scale.

    Args:
        seen: lowest and highest value of all of them.
        known: black and white of the data.
        name: for the sentence.

    Raises:
        Refused: if nothing is darker than the middle between -1 and 1, or brighter than a hundredth of white.
    """
    (low, high), (black, white) = seen, known
    if black == -1 and low >= -SLACK and high > SLACK:
        raise Refused(
            f"{_wanted(seen, known, name)}, never below mid-gray: they look like images in [0, 1]; map them by "
            "2x - 1, or save them with 8 bits if they are so bright."
        )
    if black < high < black + (white - black) / 100:
        likely = "they look like images in [0, 1] where white is 255" if white > 1 else "were they divided by 255 twice"
        raise Refused(
            f"{name} are all nearly black: values up to {high:.3g} where white is {white:g}; {likely}? Rescale them."
        )


def _wanted(seen: tuple[float, float], known: tuple[float, float], name: str) -> str:
    (low, high), (black, white) = seen, known
    return f"{name} must have values from {black:g} to {white:g} as the data have, got {low:g} to {high:g}"


def _scaled(seen: tuple[float, float], known: tuple[float, float]) -> str:
    """What floats outside of the data's range probably are."""
    low, high = seen
    if high > 127.5 and high <= 255 + SLACK and low >= -SLACK:
        return "they look like 8-bit values in floats; divide them by 255, or save them as uint8"
    if known == (0.0, 1.0) and low >= -1 - SLACK and high <= 1 + SLACK:
        return "they look like images in [-1, 1]; map them by (x + 1)/2"
    return "clip or rescale them"
