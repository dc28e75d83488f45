"""The forms that numbers and lists take in a sentence."""

from collections.abc import Sequence


def of_all(found: int, total: int) -> str:
    """Return how many of how many, as "3 of 5" or "all 5"."""
    return f"all {total}" if found == total else f"{found} of {total}"


def percent(share: float) -> str:
    """A share in per cent; what is neither none nor all is not said to be."""
    rounded = f"{100 * share:.0f} %"
    if rounded == "0 %" and share > 0:
        return "less than 1 %"
    return "more than 99 %" if rounded == "100 %" and share < 1 else rounded


def listed(parts: Sequence[str]) -> str:
    """The parts with commas between them and "and" before the last; at least one."""
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]


PARTS = {0.05: "a twentieth", 0.1: "a tenth", 0.2: "a fifth", 0.25: "a quarter", 0.33: "a third", 0.4: "two fifths",
         0.5: "half", 0.6: "three fifths", 0.67: "two thirds", 0.75: "three quarters", 0.8: "four fifths",
         0.9: "nine tenths"}  # fmt: skip


def about(share: float) -> str:
    """A share in the words that a person would use, the nearest of some simple fractions.

    Example:
        >>> about(0.24), about(0.48), about(0.03), about(0.99)
        ('about a quarter', 'about half', 'about 3 %', 'nearly all')
    """
    if share > 0.95:
        return "nearly all"
    if share < 0.045:
        return f"about {percent(share)}" if share >= 0.005 else percent(share)
    return f"about {PARTS[min(PARTS, key=lambda part: abs(part - share))]}"


def times(ratio: float) -> str:
    """Return a ratio with two digits and without powers of ten."""
    return f"{ratio:.0f}" if ratio >= 99.5 else f"{ratio:.2g}"
