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
