"""A correction of many p-values that keeps the chance of any false rejection."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """max_{j ≤ i} (K − j + 1)·p_(j), at most 1, in the given order: reject where it is below the level.

    The chance of one or more false rejections stays below the level, however the tests depend on each other.

    Args:
        p_values: of K tests.

    Source: Holm (1979), Scandinavian Journal of Statistics 6.
    Example:
        >>> holm([0.04, 0.01, 0.03])
        [0.06, 0.03, 0.06]
    """
    corrected, largest, K = [0.0] * len(p_values), 0.0, len(p_values)
    for place, i in enumerate(sorted(range(K), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, (K - place) * p_values[i]))
        corrected[i] = largest
    return corrected
